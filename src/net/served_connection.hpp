#pragma once

#include "net/body_budget.hpp"
#include "net/connections.hpp"
#include "net/server.hpp"

#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequestImpl.h>
#include <Poco/Net/HTTPServerResponseImpl.h>
#include <Poco/Net/HTTPServerSession.h>
#include <Poco/Net/TCPServerConnection.h>

namespace flowship::net {

/// What the connections of a server share.
struct Serving {
  const ServerOptions& options;
  const Server::Handler& handler;
  Connections& connections;
  BodyBudget& budget;
};

/// One connection: Poco reads and writes, and between its steps are the limits.
class ServedConnection : public Poco::Net::TCPServerConnection {
 public:
  ServedConnection(const Poco::Net::StreamSocket& socket, const Serving& serving);
  void run() override;

 private:
  /// Reads a request and answers it; a status to refuse it with, or 0 when all is done.
  int serve(Poco::Net::HTTPServerSession& session);
  int answer(Poco::Net::HTTPServerSession& session, Poco::Net::HTTPServerRequestImpl& request,
             IncomingRequest& incoming, Poco::Net::HTTPServerResponseImpl& response);
  void send(const Answer& answer, Poco::Net::HTTPServerResponseImpl& response);
  void expect_until(std::chrono::milliseconds limit);

  const Serving& serving_;
  Poco::Net::HTTPServerParams::Ptr params_;
};

}  // namespace flowship::net
