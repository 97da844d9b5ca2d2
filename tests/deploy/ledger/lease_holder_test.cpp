#include "deploy/ledger/lease_holder.hpp"

#include <gtest/gtest.h>

#include <sys/wait.h>
#include <unistd.h>

namespace flowship::deploy {
namespace {

TEST(LeaseHolder, ThisProcessIsAlive) { EXPECT_EQ(liveness_of(this_process()), Liveness::alive); }

TEST(LeaseHolder, ALaterProcessWithTheSameIdIsAnother) {
  LeaseHolder earlier = this_process();
  earlier.started = "1";
  EXPECT_EQ(liveness_of(earlier), Liveness::gone);
}

TEST(LeaseHolder, OfAnotherMachineOrBootCanNotBeSeen) {
  LeaseHolder other = this_process();
  other.host += "-other";
  EXPECT_EQ(liveness_of(other), Liveness::elsewhere);
  other = this_process();
  other.realm = "another boot";
  EXPECT_EQ(liveness_of(other), Liveness::elsewhere);
}

TEST(LeaseHolder, AProcessThatHasEndedIsGoneEvenBeforeItsStatusIsAsked) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(0);
  siginfo_t facts{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &facts, WEXITED | WNOWAIT), 0);
  LeaseHolder ended = this_process();
  ended.pid = child;
  EXPECT_EQ(liveness_of(ended), Liveness::gone);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(liveness_of(ended), Liveness::gone);
}

}  // namespace
}  // namespace flowship::deploy
