#pragma once

#include "base/stop.hpp"
#include "git/objects/object_id.hpp"
#include "git/remote/user_git.hpp"

#include <atomic>
#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <shared_mutex>
#include <string>
#include <vector>

namespace flowship::daemon {

/// A bare clone of a repository's branches that also keeps its ledgers (`refs/flowship/*`, which fetching does not
/// touch). Fetched with the user's own git, so that credential helpers and ssh configuration work.
class Mirror {
 public:
  /// `url` is from flowshipd.json; `stop` aborts a fetch.
  Mirror(std::filesystem::path folder, std::string url, const StopSignal& stop);

  const std::filesystem::path& folder() const { return folder_; }

  /// Removes lock files that a killed process left behind. Nothing else may use the folder meanwhile.
  void clear_locks() const;

  /// Fetches all branches. Recreates a missing or damaged mirror, with the ledgers that can be read. Returns notes for
  /// the log, usually none. Throws `Error` with git's own message if the remote can't be fetched.
  std::vector<std::string> fetch();

  /// Runs `git gc --auto` now and then, unless the mirror is being read.
  void tidy();

  /// Makes the next fetch check for damage first, since something could not be read.
  void suspect() { suspected_ = true; }

  /// The remote's default branch as of the last fetch; empty if it has none. Thread-safe while holding `in_use`.
  std::string default_branch() const;

  /// Branch to commit. Thread-safe while holding `in_use`.
  std::map<std::string, git::ObjectId> heads() const;

  /// Prevents that the folder is recreated meanwhile.
  std::shared_lock<std::shared_mutex> in_use() const { return std::shared_lock(folder_mutex_); }

 private:
  git::GitRun how(std::chrono::milliseconds limit) const;
  ProcessResult git(const std::vector<std::string>& arguments) const;
  void prepare();
  bool is_repository() const;
  bool is_damaged() const;
  void create() const;
  std::string recreate();
  ProcessResult fetch_once() const;
  /// Takes the remote's HEAD over, if branches have moved or it is long ago.
  void follow_head();

  std::filesystem::path folder_;
  std::string url_;
  const StopSignal& stop_;
  mutable std::shared_mutex folder_mutex_;
  std::atomic<bool> suspected_{false};
  /// The last fetch failed, and the check for damage was done.
  bool failing_ = false;
  bool prepared_ = false;
  int fetches_since_tidy_ = 0;
  int fetches_since_head_ = 0;
  /// When HEAD was taken over last.
  std::optional<std::map<std::string, git::ObjectId>> heads_at_head_;
};

}  // namespace flowship::daemon
