#include "net/body_budget.hpp"

#include <algorithm>
#include <sys/socket.h>
#include <utility>

namespace flowship::net {

BodyBudget::Share::Share(BodyBudget& budget, int fd) : budget_(budget), fd_(fd) {
  const std::lock_guard lock(budget_.mutex_);
  budget_.reading_.insert(this);
}

BodyBudget::Share::~Share() {
  const std::lock_guard lock(budget_.mutex_);
  budget_.give_back(*this);
}

void BodyBudget::give_back(Share& share) {
  left_ += std::exchange(share.held_, 0);
  reading_.erase(&share);
}

bool BodyBudget::Share::grow(std::size_t bytes) {
  const std::lock_guard lock(budget_.mutex_);
  while (!has_given_way_ && bytes > budget_.left_) {
    Share& largest = **std::max_element(
        budget_.reading_.begin(), budget_.reading_.end(),
        [&](const Share* left, const Share* right) { return left->held_ < right->held_; });
    // Where all that is left is with handlers, the one that asks gives way.
    Share& chosen = largest.held_ > held_ ? largest : *this;
    chosen.has_given_way_ = true;
    ::shutdown(chosen.fd_, SHUT_RD);
    budget_.give_back(chosen);
  }
  if (has_given_way_) return false;
  budget_.left_ -= bytes;
  held_ += bytes;
  return true;
}

bool BodyBudget::Share::complete() {
  const std::lock_guard lock(budget_.mutex_);
  budget_.reading_.erase(this);
  return !has_given_way_;
}

}  // namespace flowship::net
