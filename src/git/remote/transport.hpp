#pragma once

#include "base/error.hpp"
#include "git/objects/object_id.hpp"
#include "git/repository.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace flowship::git {

/// The default time limit of one fetch or push: a remote that does not answer must not block a deployment for ever.
inline constexpr std::chrono::minutes kGitPatience{5};

/// A remote that answers, and can't send what its ref points to.
class BrokenRemote : public Error {
 public:
  using Error::Error;
};

/// Fetches `ref` from `remote` into the ref `into`, and no other, with the user's own `git`, so that credential
/// helpers, ssh configuration and `http.extraheader` work. Returns the remote's commit, whose objects are here then,
/// and nothing if it has no such ref. `into` moves forward only: where that is impossible, it stays. Throws `Error`
/// with git's message if the remote can't be reached, and `BrokenRemote`.
std::optional<ObjectId> fetch_ref(const Repository& repository, const std::string& remote, const std::string& ref,
                                  const std::string& into, std::chrono::milliseconds limit = kGitPatience);
/// The same, but only the newest `depth` commits of the ref, which makes the repository a shallow clone. With more than
/// before it deepens what is here.
std::optional<ObjectId> fetch_newest(const Repository& repository, const std::string& remote, const std::string& ref,
                                     const std::string& into, int depth,
                                     std::chrono::milliseconds limit = kGitPatience);
/// The same with the whole history of `ref`, where a shallow clone has cut it off.
std::optional<ObjectId> fetch_history(const Repository& repository, const std::string& remote, const std::string& ref,
                                      const std::string& into, std::chrono::milliseconds limit = kGitPatience);

/// Where the remote's `ref` points; nothing if it has none. Throws `Error` if the remote can't be asked.
std::optional<ObjectId> remote_ref(const Repository& repository, const std::string& remote, const std::string& ref,
                                   std::chrono::milliseconds limit = kGitPatience);

/// Pushes `target` to `remote`'s `ref` if that still points to `expected` (nothing: must not exist). False if the ref
/// has moved; throws for any other failure. If the answer is lost, asks the remote whether the push arrived. Ctrl-C
/// does not end it, but `stop` does where it is given.
bool push_ref(const Repository& repository, const std::string& remote, const std::string& ref,
              const std::optional<ObjectId>& expected, const ObjectId& target,
              std::chrono::milliseconds limit = kGitPatience, const StopSignal* stop = nullptr);

}  // namespace flowship::git
