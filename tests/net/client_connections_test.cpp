#include "net/client.hpp"
#include "net/client_fixture.hpp"
#include "net/dial.hpp"
#include "net/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <netinet/tcp.h>
#include <thread>

namespace flowship::net {
namespace {

using test::options_for;
using test::RawConnection;
using test::RawPeer;
using test::send;
using namespace std::chrono_literals;

class ClientConnections : public test::ClientFixture {};

TEST_F(ClientConnections, KnowsThatARequestWasNotSentWhenNobodyListens) {
  std::string url;
  {
    const RawPeer gone;
    url = gone.url();
  }
  Client client(options_for(url));
  const auto outcome = send(client);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->delivery(), Delivery::not_sent);
  EXPECT_FALSE(outcome.error->lasting());
  EXPECT_NE(outcome.error->message().find(url.substr(7)), std::string::npos);
}

TEST_F(ClientConnections, ReusesAConnection) {
  options_.base_url = peer_.url();
  Client client(options_);
  std::string second;
  const auto playing = std::async(std::launch::async, [&] {
    RawConnection connection = peer_.accept();
    connection.read_until("\r\n\r\n");
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\none");
    second = connection.read_until("\r\n\r\n");
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ntwo");
  });
  EXPECT_EQ(client.send({}).body, "one");
  EXPECT_EQ(client.send({}).body, "two");
}

TEST_F(ClientConnections, ReplacesAConnectionThatWentStaleWithoutASecondSend) {
  const auto answer = [](const std::string& body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  options_.base_url = peer_.url();
  for (const std::string unasked : {"", "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"}) {
    Client client(options_);
    std::promise<RawConnection> first;
    const auto playing = std::async(std::launch::async, [&] {
      RawConnection connection = peer_.accept();
      connection.read_until("\r\n\r\n");
      connection.send(answer("one"));
      first.set_value(std::move(connection));
      RawConnection next = peer_.accept();
      next.read_until("\r\n\r\n");
      next.send(answer("two"));
    });
    EXPECT_EQ(client.send({}).body, "one");
    RawConnection stale = first.get_future().get();
    stale.send(unasked);
    stale.finish();
    // Until the client's side has acknowledged the end.
    for (tcp_info info{}; info.tcpi_state != TCP_FIN_WAIT2; std::this_thread::yield()) {
      socklen_t size = sizeof info;
      ASSERT_EQ(::getsockopt(stale.fd(), IPPROTO_TCP, TCP_INFO, &info, &size), 0);
    }
    EXPECT_EQ(client.send({}).body, "two");
    EXPECT_EQ(stale.read_all(), "");
  }
}

TEST_F(ClientConnections, DoesNotReuseWhatTheServerWantsClosed) {
  options_.base_url = peer_.url();
  for (const std::string head :
       {"HTTP/1.1 200 OK\r\nConnection: x, Close\r\nContent-Length: 3\r\n\r\n",
        "HTTP/1.0 200 OK\r\nContent-Length: 3\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcleft over"}) {
    Client client(options_);
    const auto playing = std::async(std::launch::async, [&] {
      RawConnection connection = peer_.accept();
      connection.read_until("\r\n\r\n");
      connection.send(head + "abc");
      RawConnection next = peer_.accept();
      next.read_until("\r\n\r\n");
      next.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ndef");
    });
    EXPECT_EQ(client.send({}).body, "abc");
    EXPECT_EQ(client.send({}).body, "def");
  }
}

TEST_F(ClientConnections, SaysThatANameIsUnknown) {
  Client client(options_for("https://no-such-host.invalid"));
  const auto outcome = send(client);
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->delivery(), Delivery::not_sent);
  EXPECT_NE(outcome.error->message().find("no-such-host.invalid"), std::string::npos);
}

TEST_F(ClientConnections, ServesManyThreadsAtATime) {
  ServerOptions server_options;
  Server server(server_options, [](const IncomingRequest& request) {
    Answer answer;
    answer.body = request.target + request.body;
    return answer;
  });
  Client client(options_for(server.url()));
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < 32; ++number) {
    threads.emplace_back([&, number] {
      for (int round = 0; round < 20; ++round) {
        Request request;
        request.method = "POST";
        request.target = "/" + std::to_string(number);
        request.body.assign(static_cast<std::size_t>(1000 * (round + 1)), static_cast<char>('a' + number % 26));
        const auto outcome = send(client, request);
        if (outcome.response && outcome.response->body == request.target + request.body) ++right;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 32 * 20);
}

TEST_F(ClientConnections, FindsAServerByTheNameLocalhost) {
  Client client(options_for("http://localhost:" + std::to_string(peer_.port())));
  const auto playing = std::async(std::launch::async, [&] {
    RawConnection connection = peer_.accept();
    connection.read_until("\r\n\r\n");
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
  });
  EXPECT_EQ(client.send({}).status, 200);
}

TEST_F(ClientConnections, TriesEveryAddressOfAName) {
  using Poco::Net::SocketAddress;
  const SocketAddress open("127.0.0.1", peer_.port());
  const SocketAddress closed("127.0.0.2", peer_.port());
  const SocketAddress closed6("::1", peer_.port());
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  EXPECT_NO_THROW(dial_any("name", {closed6, closed, open}, deadline));
  EXPECT_NO_THROW(dial_any("name", {open, closed}, deadline));
  try {
    dial_any("name:1", {closed6, closed}, deadline);
    ADD_FAILURE();
  } catch (const TransportError& error) {
    EXPECT_EQ(error.delivery(), Delivery::not_sent);
    EXPECT_NE(error.message().find("name:1"), std::string::npos);
  }
}

TEST_F(ClientConnections, StopsConnectingAfterAStop) {
  ClientOptions options = options_for("https://127.0.0.1:" + std::to_string(peer_.port()));
  options.connect_limit = 1h;
  options.request_limit = 1h;
  Client client(options);
  StopSignal stop;
  const auto playing = std::async(std::launch::async, [&] {
    RawConnection connection = peer_.accept();
    stop.request();
    connection.read_until("never");
  });
  Request request;
  request.until = &stop;
  try {
    client.send(request);
    ADD_FAILURE();
  } catch (const TransportError& error) {
    EXPECT_EQ(error.delivery(), Delivery::not_sent);
    EXPECT_NE(error.message().find("had not answered when flowship stopped"), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace flowship::net
