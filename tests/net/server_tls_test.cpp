#include "base/error.hpp"
#include "net/certificates.hpp"
#include "net/client.hpp"
#include "net/environment.hpp"
#include "net/raw_peer.hpp"
#include "net/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

namespace flowship::net {
namespace {

using test::CertificateAuthority;
using test::RawConnection;
using namespace std::chrono_literals;

class ServerTls : public testing::Test {
 protected:
  static void SetUpTestSuite() { authority_ = std::make_unique<CertificateAuthority>(); }
  static void TearDownTestSuite() { authority_.reset(); }

  ServerTls() {
    const auto files = authority_->issue({"IP:127.0.0.1"});
    options_.certificate_file = files.certificate;
    options_.key_file = files.key;
  }
  static Answer echo(const IncomingRequest& request) {
    Answer answer;
    answer.body = request.body;
    return answer;
  }
  static ClientOptions trusting(const Server& server) {
    ClientOptions options;
    options.base_url = server.url();
    options.ca_file = authority_->file();
    return options;
  }
  static Request post(std::string body) {
    Request request;
    request.method = "POST";
    request.body = std::move(body);
    return request;
  }

  static std::unique_ptr<CertificateAuthority> authority_;
  test::BareEnvironment environment_;
  ServerOptions options_;
};

std::unique_ptr<CertificateAuthority> ServerTls::authority_;

TEST_F(ServerTls, NeedsACertificateWithItsOwnKey) {
  ServerOptions half = options_;
  half.key_file.clear();
  EXPECT_THROW(Server(half, echo), Error);
  ServerOptions mixed = options_;
  mixed.key_file = authority_->issue({"IP:127.0.0.1"}).key;
  EXPECT_THROW(Server(mixed, echo), Error);
  ServerOptions missing = options_;
  missing.certificate_file += ".missing";
  EXPECT_THROW(Server(missing, echo), Error);
}

TEST_F(ServerTls, AnswersOneRequestAfterTheOther) {
  Server server(options_, echo);
  EXPECT_TRUE(server.url().starts_with("https://"));
  Client client(trusting(server));
  for (const std::string body : {"one", "two", "three"}) EXPECT_EQ(client.send(post(body)).body, body);
}

TEST_F(ServerTls, CarriesBigBodiesBothWays) {
  Server server(options_, echo);
  Client client(trusting(server));
  std::string body;
  for (std::size_t i = 0; body.size() < (20U << 20U); ++i) body += std::to_string(i * 7919);
  EXPECT_TRUE(client.send(post(body)).body == body);
  EXPECT_TRUE(client.send(post("small")).body == "small");
  body.resize(options_.largest_body + 1);
  EXPECT_EQ(client.send(post(body)).status, 413);
}

TEST_F(ServerTls, AnswersWhileOthersStallTheirHandshakes) {
  Server server(options_, echo);
  std::vector<RawConnection> stalled;
  for (int i = 0; i < 100; ++i) {
    stalled.push_back(RawConnection::to(server.port()));
    // Half a ClientHello for every second one, silence for the others.
    if (i % 2 == 0) stalled.back().send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
  }
  Client client(trusting(server));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(client.send(post("x")).body, "x");
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(ServerTls, EndsAStalledHandshakeAtItsLimit) {
  options_.header_limit = 100ms;
  Server server(options_, echo);
  auto stalled = RawConnection::to(server.port());
  stalled.send(std::string_view("\x16\x03\x01\x02\x00\x01", 6));
  const auto begin = std::chrono::steady_clock::now();
  stalled.read_all();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST_F(ServerTls, ClosesOnPlainHttp) {
  Server server(options_, echo);
  auto plain = RawConnection::to(server.port());
  plain.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_EQ(plain.read_all().find("HTTP/"), std::string::npos);
}

TEST_F(ServerTls, ServesManyThreadsAtATime) {
  Server server(options_, echo);
  Client client(trusting(server));
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < 16; ++number) {
    threads.emplace_back([&, number] {
      for (int round = 1; round <= 10; ++round) {
        const std::string body(static_cast<std::size_t>(round * 5000), static_cast<char>('a' + number));
        try {
          if (client.send(post(body)).body == body) ++right;
        } catch (const TransportError& error) {
          ADD_FAILURE() << error.message();
        }
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(right, 160);
}

}  // namespace
}  // namespace flowship::net
