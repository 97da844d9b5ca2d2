#pragma once

#include <cstddef>
#include <mutex>
#include <set>

namespace flowship::net {

/// One limit on the bytes of all bodies together, those that handlers hold included. Where they exceed it, the largest
/// body that is still being read gives way, so that many of usual size outlast a few huge ones. Thread-safe.
class BodyBudget {
 public:
  explicit BodyBudget(std::size_t limit) : left_(limit) {}

  /// The part of one request, until the scope ends.
  class Share {
   public:
    /// `fd`: the socket that the body is read from; reading ends where the share has to give way.
    Share(BodyBudget& budget, int fd);
    ~Share();
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    /// False when the request has to give way.
    bool grow(std::size_t bytes);
    /// The body is complete: it gives way no more. False when it had to before.
    bool complete();

   private:
    friend class BodyBudget;
    BodyBudget& budget_;
    int fd_;
    std::size_t held_ = 0;
    bool has_given_way_ = false;
  };

 private:
  void give_back(Share& share);

  std::mutex mutex_;
  std::size_t left_;
  std::set<Share*> reading_;
};

}  // namespace flowship::net
