#include "net/timed_socket.hpp"

#include "net/dial.hpp"
#include "net/raw_peer.hpp"

#include <Poco/Exception.h>
#include <gtest/gtest.h>

#include <array>
#include <future>

namespace flowship::net {
namespace {

using test::RawConnection;
using namespace std::chrono_literals;

Ticks in(std::chrono::milliseconds time) { return std::chrono::steady_clock::now() + time; }

class TimedSockets : public testing::Test {
 protected:
  TimedSocket& timed() { return TimedSocket::of(socket_); }
  std::string receive(int size) {
    std::string got(static_cast<std::size_t>(size), '\0');
    got.resize(static_cast<std::size_t>(socket_.receiveBytes(got.data(), size)));
    return got;
  }

  test::RawPeer peer_;
  Poco::Net::StreamSocket socket_ = dial("127.0.0.1", peer_.port(), in(10s));
  RawConnection other_ = peer_.accept();
};

TEST_F(TimedSockets, EndATrickleAtTheDeadline) {
  timed().deadline = in(200ms);
  auto trickling = std::async(std::launch::async, [&] {
    pollfd gone{other_.fd(), POLLIN, 0};
    while (other_.send("x") && ::poll(&gone, 1, 1) == 0) {
    }
  });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THROW(while (true) receive(10), Poco::TimeoutException);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 100ms);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, 5s);
  socket_.close();
}

TEST_F(TimedSockets, EndAStalledSendAtTheDeadline) {
  timed().deadline = in(200ms);
  const std::string large(64U << 20U, 'x');
  EXPECT_THROW(socket_.sendBytes(large.data(), static_cast<int>(large.size())), Poco::TimeoutException);
}

TEST_F(TimedSockets, ReadNoMoreThanTheyAreAllowed) {
  timed().deadline = in(10s);
  timed().allowance = 3;
  other_.send("abcd");
  EXPECT_EQ(receive(10), "abc");
  EXPECT_THROW(receive(10), Poco::DataException);
}

TEST_F(TimedSockets, TellAnEndFromSilenceWithoutWaiting) {
  timed().deadline = in(10s);
  EXPECT_FALSE(timed().read_ahead());
  EXPECT_FALSE(timed().ended());
  other_.send("ab");
  timed().wait(POLLIN);
  EXPECT_TRUE(timed().read_ahead());
  other_.finish();
  timed().wait(POLLIN);
  EXPECT_TRUE(timed().read_ahead());
  EXPECT_TRUE(timed().ended());
  // What came before the end is there all the same.
  EXPECT_EQ(receive(10), "ab");
  EXPECT_FALSE(timed().ended());
  EXPECT_EQ(receive(10), "");
  EXPECT_TRUE(timed().ended());
}

TEST_F(TimedSockets, StopSendingOnceThePeerHasAnswered) {
  timed().deadline = in(10s);
  timed().is_answer = [](const std::string& got) { return got == "stop"; };
  other_.send("stop");
  const std::string large(64U << 20U, 'x');
  EXPECT_THROW(socket_.sendBytes(large.data(), static_cast<int>(large.size())), Poco::IOException);
  EXPECT_EQ(receive(10), "stop");
}

}  // namespace
}  // namespace flowship::net
