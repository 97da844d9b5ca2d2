#include "daemon/http/deliveries.hpp"

#include "base/digest.hpp"

#include <utility>

namespace flowship::daemon {

bool Deliveries::remember(std::string_view repository, std::string_view id) {
  std::string digest = sha256_hex(std::string(repository) + '\n' + std::string(id));
  const std::lock_guard lock(mutex_);
  if (!known_.insert(digest).second) return false;
  order_.push_back(std::move(digest));
  if (order_.size() > most_) {
    known_.erase(order_.front());
    order_.pop_front();
  }
  return true;
}

}  // namespace flowship::daemon
