#pragma once

#include "git/remote/pushed_refs.hpp"
#include "git/repository.hpp"

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace flowship::deploy {

/// What pushes to a server may do to ledgers: append entries, and nothing at all where the server deploys itself. The
/// repository must outlive it.
class PushedLedgers {
 public:
  /// What the server knows.
  struct Server {
    /// The environments that the server knows, by their ledgers' refs.
    std::function<std::map<std::string, std::string>()> ledgers;
    /// Whether the server itself deploys an environment.
    std::function<bool(const std::string& environment)> deploys_here;
  };

  PushedLedgers(const git::Repository& repository, Server server)
      : repository_(repository), server_(std::move(server)) {}

  /// False if the ref is no ledger, and the push is not about one; throws if the push must be refused: also if the ref
  /// stands in the way of a ledger, since git has no ref below another.
  bool accept(const git::PushedRef& pushed) const;

 private:
  void expect_out_of_the_way(const git::PushedRef& pushed, const std::map<std::string, std::string>& ledgers) const;
  void expect_appended(const git::PushedRef& pushed, const std::string& environment) const;
  /// A ref that was no ledger before: nobody has looked at what lies below its newest entry.
  void expect_entries_only(const git::PushedRef& pushed, const std::string& environment) const;

  const git::Repository& repository_;
  Server server_;
};

}  // namespace flowship::deploy
