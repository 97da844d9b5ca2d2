#include "net/client.hpp"

#include "net/client_fixture.hpp"

#include <gtest/gtest.h>

namespace flowship::net {
namespace {

using test::options_for;
using test::RawConnection;
using test::RawPeer;
using test::send;
using namespace std::chrono_literals;

/// Something that no socket's buffers take whole.
Request large_request() {
  Request request;
  request.method = "POST";
  request.body.assign(64U << 20U, 'x');
  return request;
}

class ClientTest : public test::ClientFixture {};

TEST_F(ClientTest, SendsTheRequestAsItIs) {
  std::string got;
  options_.base_url = peer_.url() + "/base/";
  Client client(options_);
  const auto playing = std::async(std::launch::async, [&] {
    RawConnection connection = peer_.accept();
    got = connection.read_until("{}");
    connection.send("HTTP/1.1 201 Created\r\nX-Id: 7\r\nContent-Length: 2\r\n\r\nok");
  });
  Request request;
  request.method = "POST";
  request.target = "/v2/mgmt/flow/import?x=1";
  request.headers.add("Authorization", "Bearer P:K");
  // The client's own fields are not for a caller to contradict.
  request.headers.add("content-length", "99");
  request.headers.add("Host", "elsewhere");
  request.headers.add("Transfer-Encoding", "chunked");
  request.body = "{}";
  const Response response = client.send(request);
  playing.wait();
  EXPECT_EQ(response.status, 201);
  EXPECT_EQ(response.headers.find("x-id"), "7");
  EXPECT_EQ(response.body, "ok");
  EXPECT_EQ(got, "POST /base/v2/mgmt/flow/import?x=1 HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(peer_.port()) +
                     "\r\nAuthorization: Bearer P:K\r\nAccept-Encoding: identity\r\nContent-Length: 2\r\nConnection: "
                     "keep-alive\r\n\r\n{}");
}

TEST_F(ClientTest, TakesBodiesHoweverTheyAreFramed) {
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc").response->body, "abc");
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\n")
                .response->body,
            "abc");
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\n\r\nabc").response->body, "abc");
  EXPECT_EQ(answered("HTTP/1.0 200\r\n\r\nabc").response->body, "abc");
  EXPECT_EQ(answered("HTTP/1.1 204 No Content\r\n\r\n").response->body, "");
  Request head;
  head.method = "HEAD";
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", head).response->body, "");
}

TEST_F(ClientTest, WaitsForNoAnswerAfterAStop) {
  StopSignal stop;
  Request request;
  request.until = &stop;
  const auto outcome = talk(
      [&](RawConnection& connection) {
        connection.read_until("\r\n\r\n");
        stop.request();
        connection.read_until("never");
      },
      request);
  ASSERT_TRUE(outcome.error);
  EXPECT_NE(outcome.error->message().find("had not answered when flowship stopped"), std::string::npos);
  EXPECT_TRUE(outcome.error->lasting());
}

TEST_F(ClientTest, SkipsInterimAnswers) {
  const auto outcome =
      answered("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\n\r\nabc");
  EXPECT_EQ(outcome.response->status, 200);
  EXPECT_EQ(outcome.response->body, "abc");
}

TEST_F(ClientTest, HandsARedirectBackInsteadOfFollowingIt) {
  RawPeer elsewhere;
  const auto outcome =
      answered("HTTP/1.1 307 Temporary Redirect\r\nLocation: " + elsewhere.url() + "/\r\nContent-Length: 0\r\n\r\n");
  EXPECT_EQ(outcome.response->status, 307);
  pollfd visited{elsewhere.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&visited, 1, 0), 0);
}

TEST_F(ClientTest, NamesACompressedAnswerAsTheCause) {
  const std::string fields = "\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08";
  const auto outcome = answered("HTTP/1.1 200 OK" + fields);
  ASSERT_TRUE(outcome.error);
  EXPECT_NE(outcome.error->message().find("compressed (gzip)"), std::string::npos) << outcome.error->message();
  EXPECT_EQ(outcome.error->delivery(), Delivery::unknown);
  EXPECT_TRUE(outcome.error->lasting());
  // A refusal is one, whatever its page looks like.
  EXPECT_EQ(answered("HTTP/1.1 429 Too Many Requests" + fields).response->status, 429);
  EXPECT_TRUE(answered("HTTP/1.1 200 OK\r\nContent-Encoding: Identity\r\nContent-Length: 0\r\n\r\n").response);
}

TEST_F(ClientTest, NeverTakesACutBodyForAWholeOne) {
  for (const std::string bytes :
       {"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":1}", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "HTTP/1.1 200 OK\r\nTransfer-Enc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n"}) {
    const auto outcome = answered(bytes);
    ASSERT_TRUE(outcome.error) << bytes;
    EXPECT_EQ(outcome.error->delivery(), Delivery::unknown) << bytes;
    EXPECT_FALSE(outcome.error->lasting()) << bytes;
  }
}

TEST_F(ClientTest, TakesAResetForNoEndOfABody) {
  const auto outcome = talk([](RawConnection& connection) {
    connection.read_until("\r\n\r\n");
    connection.send("HTTP/1.1 200 OK\r\n\r\nabc");
    connection.reset();
  });
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->delivery(), Delivery::unknown);
}

TEST_F(ClientTest, RefusesAnswersThatAreNotHttp) {
  for (const std::string bytes :
       {"SSH-2.0-OpenSSH_9.2\r\n\r\n", "HTTP/2.0 200 OK\r\n\r\n", "HTTP/1.1 20 OK\r\n\r\n", "HTTP/1.1 2000\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : a\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"}) {
    const auto outcome = answered(bytes);
    ASSERT_TRUE(outcome.error) << bytes;
    EXPECT_EQ(outcome.error->delivery(), Delivery::unknown) << bytes;
  }
  EXPECT_TRUE(answered("HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x')).error);
}

TEST_F(ClientTest, TakesNoMoreThanTheLargestAnswer) {
  options_.largest_answer = 3;
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc").response->body, "abc");
  EXPECT_EQ(answered("HTTP/1.1 200 OK\r\n\r\nabc").response->body, "abc");
  EXPECT_TRUE(answered("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd").error);
  EXPECT_TRUE(answered("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabcd\r\n0\r\n\r\n").error);
  EXPECT_TRUE(answered("HTTP/1.1 200 OK\r\n\r\nabcd").error);
}

TEST_F(ClientTest, DoesNotKnowWhetherARequestWithoutAnAnswerArrived) {
  const auto closed = answered("");
  ASSERT_TRUE(closed.error);
  EXPECT_EQ(closed.error->delivery(), Delivery::unknown);
  const auto reset = talk([](RawConnection& connection) {
    connection.read_until("\r\n\r\n");
    connection.reset();
  });
  ASSERT_TRUE(reset.error);
  EXPECT_EQ(reset.error->delivery(), Delivery::unknown);
}

TEST_F(ClientTest, KnowsThatARequestTakenInPartWasNotSent) {
  const auto outcome = talk(
      [](RawConnection& connection) {
        connection.read_until("\r\n\r\n");
        connection.reset();
      },
      large_request());
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->delivery(), Delivery::not_sent);
}

TEST_F(ClientTest, ReturnsAnAnswerThatComesWhileTheBodyIsStillBeingSent) {
  std::promise<void> over;
  const auto hold = [&](RawConnection& connection, const std::string& before) {
    connection.read_until("\r\n\r\n");
    connection.send(before + "HTTP/1.1 413 Content Too Large\r\nContent-Length: 5\r\n\r\nlarge");
    over.get_future().wait_for(10s);
  };
  for (const std::string before : {"", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    over = {};
    options_.base_url = peer_.url();
    Client client(options_);
    const auto playing = std::async(std::launch::async, [&] {
      RawConnection connection = peer_.accept();
      hold(connection, before);
    });
    const auto outcome = send(client, large_request());
    over.set_value();
    ASSERT_TRUE(outcome.response) << outcome.error->message();
    EXPECT_EQ(outcome.response->status, 413);
    EXPECT_EQ(outcome.response->body, "large");
  }
}

TEST_F(ClientTest, EndsATricklingAnswerAtTheRequestLimit) {
  options_.request_limit = 300ms;
  for (const std::string piece : {"x", "HTTP/1.1 100 Continue\r\n\r\n"}) {
    const auto begin = std::chrono::steady_clock::now();
    const auto outcome = talk([&](RawConnection& connection) {
      connection.read_until("\r\n\r\n");
      connection.send(piece == "x" ? "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n" : "");
      pollfd gone{connection.fd(), POLLIN, 0};
      while (connection.send(piece) && ::poll(&gone, 1, 1) == 0) {
      }
    });
    ASSERT_TRUE(outcome.error);
    EXPECT_NE(outcome.error->message().find("in time"), std::string::npos) << outcome.error->message();
    EXPECT_EQ(outcome.error->delivery(), Delivery::unknown);
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 300ms);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  }
}

TEST_F(ClientTest, RefusesAFloodOfInterimAnswers) {
  const auto outcome = talk([](RawConnection& connection) {
    std::string flood;
    for (int i = 0; i < 1000; ++i) flood += "HTTP/1.1 100 Continue\r\n\r\n";
    while (connection.send(flood)) {
    }
  });
  ASSERT_TRUE(outcome.error);
  EXPECT_NE(outcome.error->message().find("does not end"), std::string::npos) << outcome.error->message();
}

TEST_F(ClientTest, EndsARequestThatIsNotTakenAtTheRequestLimit) {
  options_.request_limit = 300ms;
  std::promise<void> over;
  options_.base_url = peer_.url();
  Client client(options_);
  const auto playing = std::async(std::launch::async, [&] {
    const RawConnection connection = peer_.accept();
    over.get_future().wait_for(10s);
  });
  const auto outcome = send(client, large_request());
  over.set_value();
  ASSERT_TRUE(outcome.error);
  EXPECT_EQ(outcome.error->delivery(), Delivery::not_sent);
}

TEST_F(ClientTest, RefusesARequestThatWouldSmuggleHeaders) {
  std::vector<Request> requests(5);
  requests[0].headers.add("Authorization", "Bearer a\r\nX: y");
  requests[1].headers.add("X: y\r\nZ", "a");
  requests[2].target = "/a b";
  requests[3].target = "a";
  requests[4].method = "GET / HTTP/1.1\r\nX:";
  Client client(options_for(peer_.url()));
  for (const Request& request : requests) {
    const auto outcome = send(client, request);
    ASSERT_TRUE(outcome.error);
    EXPECT_EQ(outcome.error->delivery(), Delivery::not_sent);
    EXPECT_TRUE(outcome.error->lasting());
    EXPECT_EQ(outcome.error->message().find("Bearer"), std::string::npos);
  }
  pollfd visited{peer_.fd(), POLLIN, 0};
  EXPECT_EQ(::poll(&visited, 1, 0), 0);
}

TEST_F(ClientTest, RefusesPlainHttpToAnotherMachine) {
  try {
    const Client client(options_for("http://api.example"));
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::usage);
  }
}

}  // namespace
}  // namespace flowship::net
