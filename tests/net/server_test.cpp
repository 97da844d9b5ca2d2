#include "net/server.hpp"

#include "net/raw_peer.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <set>
#include <stdexcept>
#include <vector>

namespace flowship::net {
namespace {

using test::RawConnection;
using namespace std::chrono_literals;

Answer echo(const IncomingRequest& request) {
  Answer answer;
  answer.body = request.method + ' ' + request.target + ' ' + request.body;
  return answer;
}

/// What the server sends back to `bytes` until it closes.
std::string talk(const Server& server, const std::string& bytes) {
  auto connection = RawConnection::to(server.port());
  connection.send(bytes);
  return connection.read_all();
}

int status_of(const std::string& answer) {
  return answer.size() > 12 && answer.compare(0, 9, "HTTP/1.1 ") == 0 ? std::stoi(answer.substr(9, 3)) : 0;
}

std::string get(const std::string& fields = "") { return "GET / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; }
std::string post(const std::string& fields, const std::string& rest) {
  return "POST / HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n" + rest;
}

TEST(Server, AnswersOneRequestPerConnection) {
  Server server({}, echo);
  const auto got = talk(server, post("Content-Length: 1\r\n", "x") + "GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_NE(got.find("Connection: Close\r\n"), std::string::npos) << got;
  EXPECT_TRUE(got.ends_with("POST / x")) << got;
}

TEST(Server, TakesChunkedBodiesAndSkipsTrailers) {
  Server server({}, echo);
  const auto got = talk(server, post("Transfer-Encoding: chunked\r\nConnection: close\r\n",
                                     "3;x=y\r\nabc\r\n2\r\nde\r\n0\r\nT: 1\r\n\r\n"));
  EXPECT_NE(got.find("POST / abcde"), std::string::npos) << got;
}

TEST(Server, SendsContinueBeforeTheBody) {
  Server server({}, echo);
  auto connection = RawConnection::to(server.port());
  connection.send(post("Content-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n", ""));
  EXPECT_EQ(connection.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  connection.send("hi");
  EXPECT_NE(connection.read_all().find("POST / hi"), std::string::npos);
}

TEST(Server, AnswersHeadWithoutABody) {
  Server server({}, echo);
  const auto got = talk(server, "HEAD / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_NE(got.find("Content-Length: 7\r\n"), std::string::npos) << got;
  EXPECT_EQ(got.substr(got.size() - 4), "\r\n\r\n");
}

TEST(Server, RefusesWhatIsAmbiguousOrMalformed) {
  std::atomic<int> handled{0};
  ServerOptions options;
  options.largest_header = 1000;
  options.largest_body = 100;
  Server server(options, [&](const IncomingRequest& request) {
    ++handled;
    return echo(request);
  });
  // A connection that is closed without an answer counts as 0.
  const std::vector<std::pair<std::string, std::set<int>>> cases = {
      {post("Content-Length: abc\r\n", "x"), {400}},
      {post("Content-Length: +1\r\n", "x"), {400}},
      {post("Content-Length:\r\n", "x"), {400}},
      {post("Content-Length: 1\r\nContent-Length: 2\r\n", "xy"), {400}},
      {post("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"), {400}},
      {post("Transfer-Encoding: gzip\r\n", ""), {400, 501}},
      {post("Transfer-Encoding: chunked\r\n", "zz\r\n"), {400}},
      {post("Transfer-Encoding: chunked\r\n", "1\r\nabc\r\n"), {0, 400}},
      {post("Transfer-Encoding: chunked\r\n", "3\nabc\r\n"), {0, 400}},
      {post("Transfer-Encoding: chunked\r\n", "65\r\n"), {0, 400, 413}},
      {post("Transfer-Encoding: chunked\r\n", "fffffffffffffffffffff\r\n"), {0, 400, 413}},
      {post("Content-Length: 101\r\n", ""), {413}},
      {post("Content-Length: 99999999999999999999999\r\n", ""), {400, 413}},
      {post("", ""), {411}},
      {post("Content-Length: 1\r\nExpect: tea\r\n", ""), {417}},
      {get("X: a\rb\r\n"), {400}},
      {get(std::string("X: a\0b\r\n", 8)), {400}},
      {get("X : a\r\n"), {400}},
      {get("Host: b\r\n"), {400}},
      {get("X: " + std::string(2000, 'x') + "\r\n"), {400, 431}},
      {"GET / HTTP/1.1\r\n\r\n", {400}},
      {"GET / HTTP/2.0\r\nHost: a\r\n\r\n", {505}},
      {"GET /\r\n\r\n", {0, 400}},
      {std::string("\x16\x03\x01\0\r\n\r\n", 8), {400}},
  };
  for (const auto& [bytes, statuses] : cases) {
    auto connection = RawConnection::to(server.port());
    connection.send(bytes);
    connection.finish();
    EXPECT_TRUE(statuses.contains(status_of(connection.read_all()))) << bytes;
  }
  EXPECT_EQ(handled, 0);
}

TEST(Server, NeverTakesACutBodyForAWholeOne) {
  std::atomic<int> handled{0};
  Server server({}, [&](const IncomingRequest& request) {
    ++handled;
    return echo(request);
  });
  auto connection = RawConnection::to(server.port());
  connection.send(post("Content-Length: 10\r\n", "abc"));
  connection.finish();
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_NE(status_of(connection.read_all()), 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  EXPECT_EQ(handled, 0);
}

TEST(Server, EndsHeadersAndBodiesAtTheirDeadlines) {
  ServerOptions options;
  options.header_limit = 100ms;
  options.body_limit = 100ms;
  Server server(options, echo);
  EXPECT_EQ(status_of(talk(server, "GET / HTTP/1.1\r\n")), 408);
  EXPECT_EQ(status_of(talk(server, post("Content-Length: 10\r\n", "abc"))), 408);
}

TEST(Server, AnswersAtOnceAndStopsWhileHundredsAreIdleOrTrickle) {
  ServerOptions options;
  options.most_connections = options.most_connections_per_address = 512;
  Server server(options, echo);
  std::vector<RawConnection> tricklers;
  const std::vector<std::string> parts{"", "GET / HTTP/1.1\r\nX: ", post("Content-Length: 10\r\n", "abc")};
  for (std::size_t i = 0; i < 500; ++i) {
    tricklers.push_back(RawConnection::to(server.port()));
    tricklers.back().send(parts[i % parts.size()]);
  }
  auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(status_of(talk(server, get("Connection: close\r\n"))), 200);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  begin = std::chrono::steady_clock::now();
  server.stop(60s);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
}

TEST(Server, RefusesByTheHeaderBeforeTheBodyIsSent) {
  std::atomic<int> handled{0};
  ServerOptions options;
  options.refuse_by_header = [](const IncomingRequest& request) -> std::optional<Answer> {
    if (request.target == "/known" && request.headers.find("X-Name") == "me") return std::nullopt;
    Answer refusal;
    refusal.status = 404;
    refusal.headers.add("X-Refused", request.peer);
    return refusal;
  };
  Server server(options, [&](const IncomingRequest& request) {
    ++handled;
    return echo(request);
  });
  const auto rest = [](const std::string& fields) { return " HTTP/1.1\r\nHost: a\r\n" + fields + "\r\n"; };
  auto unknown = RawConnection::to(server.port());
  unknown.send("POST /unknown" + rest("Content-Length: 1000\r\nExpect: 100-continue\r\n"));
  const std::string refused = unknown.read_all();
  EXPECT_EQ(status_of(refused), 404);
  EXPECT_NE(refused.find("X-Refused: 127.0.0.1\r\n"), std::string::npos) << refused;
  EXPECT_EQ(handled, 0);
  EXPECT_EQ(status_of(talk(server, "POST /known" + rest("X-Name: me\r\nContent-Length: 1\r\n") + "x")), 200);
}

TEST(Server, LosesNoAnswerToWhatItDidNotRead) {
  ServerOptions options;
  options.largest_body = 1000;
  Server server(options, echo);
  EXPECT_EQ(status_of(talk(server, post("Content-Length: 1000000\r\n", std::string(1'000'000, 'x')))), 413);
}

TEST(Server, AnswersWhileHandlersBlock) {
  std::promise<void> release;
  auto released = release.get_future().share();
  Server server({}, [&](const IncomingRequest& request) {
    if (request.target == "/block") {
      released.wait();
    }
    return echo(request);
  });
  std::vector<RawConnection> blocked;
  for (int i = 0; i < 40; ++i) {
    blocked.push_back(RawConnection::to(server.port()));
    blocked.back().send("GET /block HTTP/1.1\r\nHost: a\r\n\r\n");
  }
  EXPECT_EQ(status_of(talk(server, get("Connection: close\r\n"))), 200);
  release.set_value();
  for (auto& connection : blocked) {
    EXPECT_EQ(status_of(connection.read_until("/block ")), 200);
  }
}

TEST(Server, TurnsAwayWhatIsOverTheLimit) {
  ServerOptions options;
  options.most_connections_per_address = 2;
  Server server(options, echo);
  auto one = RawConnection::to(server.port());
  auto two = RawConnection::to(server.port());
  one.send("GET ");
  two.send("GET ");
  EXPECT_EQ(status_of(talk(server, "")), 503);
  one.send("/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(status_of(one.read_all()), 200);
}

TEST(Server, TurnsFailuresOfAHandlerIntoA500) {
  Server server({}, [](const IncomingRequest& request) -> Answer {
    if (request.target == "/throw") {
      throw std::runtime_error("no");
    }
    Answer answer;
    answer.headers.add("X", "a\r\nSet-Cookie: b");
    return answer;
  });
  EXPECT_EQ(status_of(talk(server, "GET /throw HTTP/1.1\r\nHost: a\r\n\r\n")), 500);
  const auto split = talk(server, get("Connection: close\r\n"));
  EXPECT_EQ(status_of(split), 500);
  EXPECT_EQ(split.find("Set-Cookie"), std::string::npos);
}

TEST(Server, DropsAConnectionWithoutAnAnswer) {
  Server server({}, [](const IncomingRequest&) {
    Answer answer;
    answer.drop = true;
    return answer;
  });
  EXPECT_EQ(talk(server, get()), "");
}

TEST(Server, LetsRunningHandlersFinishWhenItStops) {
  std::promise<void> entered;
  std::promise<void> release;
  Server server({}, [&](const IncomingRequest& request) {
    entered.set_value();
    release.get_future().wait();
    return echo(request);
  });
  auto trickler = RawConnection::to(server.port());
  trickler.send("GET ");
  auto connection = RawConnection::to(server.port());
  connection.send(get());
  entered.get_future().wait();
  auto stopped = std::async(std::launch::async, [&] { server.stop(10s); });
  EXPECT_EQ(trickler.read_all(), "");
  release.set_value();
  EXPECT_EQ(status_of(connection.read_all()), 200);
  stopped.wait();
  EXPECT_FALSE(RawConnection::to(server.port()).open());
}

}  // namespace
}  // namespace flowship::net
