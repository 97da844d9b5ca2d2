#include "net/client.hpp"
#include "net/environment.hpp"
#include "net/raw_peer.hpp"
#include "net/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <future>
#include <thread>

namespace flowship::net {
namespace {

using test::RawConnection;
using namespace std::chrono_literals;

Answer echo(const IncomingRequest& request) {
  Answer answer;
  answer.body = request.target;
  return answer;
}

std::size_t descriptors() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

std::string talk(const Server& server, const std::string& bytes) {
  auto connection = RawConnection::to(server.port());
  connection.send(bytes);
  return connection.read_all();
}

TEST(ServerLimits, AnswersAnHttp10Request) {
  Server server({}, echo);
  for (const std::string fields : {"", "Connection: keep-alive\r\n"}) {
    const std::string got = talk(server, "GET /old HTTP/1.0\r\n" + fields + "\r\n");
    EXPECT_TRUE(got.starts_with("HTTP/1.1 200 ")) << got;
    EXPECT_NE(got.find("Connection: Close\r\n"), std::string::npos);
    EXPECT_TRUE(got.ends_with("\r\n\r\n/old"));
  }
}

TEST(ServerLimits, TurnsAwayWhatIsOverTheLimitOfAllAddressesTogether) {
  ServerOptions options;
  options.most_connections = 2;
  Server server(options, echo);
  auto one = RawConnection::to(server.port());
  auto two = RawConnection::to(server.port());
  one.send("GET ");
  two.send("GET ");
  // A third gets its answer, and those within the limit lose nothing.
  EXPECT_TRUE(talk(server, "").starts_with("HTTP/1.1 503 "));
  one.send("/one HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_TRUE(one.read_all().ends_with("/one"));
  one.close();
  // The server learns of it in its own time.
  const auto patience = std::chrono::steady_clock::now() + 10s;
  std::string free;
  while (!free.ends_with("/free") && std::chrono::steady_clock::now() < patience) {
    free = talk(server, "GET /free HTTP/1.0\r\n\r\n");
  }
  EXPECT_TRUE(free.ends_with("/free")) << free;
}

TEST(ServerLimits, GivesThePlaceOfASlowRequestToANewOne) {
  ServerOptions options;
  options.most_connections = 1;
  Server server(options, echo);
  auto slow = RawConnection::to(server.port());
  slow.send("GET ");
  // Not at once: a request may take a moment.
  EXPECT_TRUE(talk(server, "").starts_with("HTTP/1.1 503 "));
  const auto patience = std::chrono::steady_clock::now() + 10s;
  std::string got;
  while (!got.ends_with("/new") && std::chrono::steady_clock::now() < patience) {
    got = talk(server, "GET /new HTTP/1.0\r\n\r\n");
  }
  EXPECT_TRUE(got.ends_with("/new")) << got;
  EXPECT_EQ(slow.read_all(), "");
}

TEST(ServerLimits, CountsTheBodiesThatHandlersHold) {
  ServerOptions options;
  options.most_held = 1000;
  std::promise<void> entered;
  std::promise<void> release;
  Server server(options, [&](const IncomingRequest& request) {
    if (request.target == "/hold") {
      entered.set_value();
      release.get_future().wait();
    }
    return echo(request);
  });
  const auto post = [](const std::string& target, std::size_t size) {
    return "POST " + target + " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(size) + "\r\n\r\n" +
           std::string(size, 'x');
  };
  auto holding = RawConnection::to(server.port());
  holding.send(post("/hold", 600));
  entered.get_future().wait();
  EXPECT_TRUE(talk(server, post("/large", 600)).starts_with("HTTP/1.1 503 "));
  EXPECT_TRUE(talk(server, post("/small", 100)).starts_with("HTTP/1.1 200 "));
  release.set_value();
  EXPECT_TRUE(holding.read_all().starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(talk(server, post("/large", 600)).starts_with("HTTP/1.1 200 "));
}

TEST(ServerLimits, GivesUpTheLargestRequestWhereAllTogetherAreTooLarge) {
  ServerOptions options;
  options.most_held = 1U << 20U;
  Server server(options, echo);
  const auto begin_post = [&](std::size_t length, std::size_t sent) {
    auto connection = RawConnection::to(server.port());
    connection.send("POST /body HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + std::to_string(length) +
                    "\r\n\r\n" + std::string(sent, 'x'));
    return connection;
  };
  auto huge = begin_post(2U << 20U, 700'000);
  std::vector<RawConnection> usual;
  for (int number = 0; number < 4; ++number) usual.push_back(begin_post(150'000, 149'999));
  EXPECT_TRUE(huge.read_all().starts_with("HTTP/1.1 503 "));
  for (auto& connection : usual) {
    connection.send("x");
    EXPECT_TRUE(connection.read_all().starts_with("HTTP/1.1 200 "));
  }
  // What was answered is not held any more.
  for (int number = 0; number < 10; ++number) {
    auto whole = begin_post(900'000, 900'000);
    EXPECT_TRUE(whole.read_all().starts_with("HTTP/1.1 200 "));
  }
}

TEST(ServerLimits, AnswersEveryRequestItTookWhenItStopsUnderLoad) {
  const test::BareEnvironment environment;
  std::atomic<int> handled{0};
  std::promise<void> busy;
  auto server = std::make_unique<Server>(ServerOptions(), [&](const IncomingRequest& request) {
    if (++handled == 200) busy.set_value();
    return echo(request);
  });
  ClientOptions options;
  options.base_url = server->url();
  Client client(options);
  std::atomic<int> answered{0};
  std::vector<std::thread> threads;
  for (int number = 0; number < 8; ++number) {
    threads.emplace_back([&] {
      while (true) {
        try {
          answered += client.send({}).status == 200 ? 1 : 0;
        } catch (const TransportError&) {
          return;
        }
      }
    });
  }
  busy.get_future().wait();
  const auto begin = std::chrono::steady_clock::now();
  server->stop(10s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(answered, handled);
}

TEST(ServerLimits, StopsAtItsGraceWhereAHandlerDoesNotEnd) {
  std::promise<void> release;
  std::promise<void> entered;
  auto released = release.get_future().share();
  Server server({}, [&](const IncomingRequest& request) {
    entered.set_value();
    released.wait();
    return echo(request);
  });
  auto connection = RawConnection::to(server.port());
  connection.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  entered.get_future().wait();
  const auto begin = std::chrono::steady_clock::now();
  server.stop(100ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_EQ(connection.read_all(), "");
  release.set_value();
}

TEST(ServerLimits, LeaksNoDescriptor) {
  const test::BareEnvironment environment;
  const auto round = [] {
    Server server({}, echo);
    std::vector<RawConnection> left_open;
    for (int i = 0; i < 20; ++i) {
      left_open.push_back(RawConnection::to(server.port()));
      left_open.back().send(i % 2 == 0 ? "GET " : "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    }
    ClientOptions options;
    options.base_url = server.url();
    Client client(options);
    for (int i = 0; i < 20; ++i) client.send({});
    auto reset = RawConnection::to(server.port());
    reset.send("GET / HTTP/1.1\r\n");
    reset.reset();
  };
  round();
  const std::size_t before = descriptors();
  round();
  EXPECT_EQ(descriptors(), before);
}

}  // namespace
}  // namespace flowship::net
