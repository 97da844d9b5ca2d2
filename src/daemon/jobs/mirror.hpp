#pragma once

#include "base/stop.hpp"
#include "git/objects/object_id.hpp"
#include "git/remote/user_git.hpp"

#include <atomic>
#include <filesystem>
#include <map>
#include <shared_mutex>
#include <string>
#include <vector>

namespace flowship::daemon {

/// A bare copy of the branches of one repository, and the home of its ledgers (`refs/flowship/*`, which fetching leaves
/// alone). Fetched with the user's own git, so that credential helpers and ssh configuration work.
class Mirror {
 public:
  /// `url` is the operator's; `stop` ends a fetch early.
  Mirror(std::filesystem::path folder, std::string url, const StopSignal& stop);

  const std::filesystem::path& folder() const { return folder_; }

  /// Takes away the lock files that a process left behind when it was killed. Nobody else may use the folder then.
  void clear_locks() const;

  /// Makes the branches here those of the other side. One that is missing or damaged is made again, with the ledgers
  /// that can be read. Returns what is worth describe, mostly nothing. Throws `Error` with git's own words when the
  /// other side can't be fetched.
  std::vector<std::string> fetch();

  /// Packs what has piled up, every now and then, unless somebody reads here just now.
  void tidy();

  /// The next fetch looks for damage first: something here could not be read.
  void suspect() { suspected_ = true; }

  /// Branch to commit. For any thread, as long as it holds `in_use`.
  std::map<std::string, git::ObjectId> heads() const;

  /// While it is held the folder is not made again.
  std::shared_lock<std::shared_mutex> in_use() const { return std::shared_lock(folder_mutex_); }

 private:
  ProcessResult git(const std::vector<std::string>& arguments) const;
  void prepare();
  bool is_repository() const;
  bool is_damaged() const;
  void make() const;
  std::string make_again();
  ProcessResult fetch_once() const;

  std::filesystem::path folder_;
  std::string url_;
  const StopSignal& stop_;
  mutable std::shared_mutex folder_mutex_;
  std::atomic<bool> suspected_{false};
  /// The last fetch went wrong, and damage was looked for already.
  bool failing_ = false;
  bool prepared_ = false;
  int fetches_since_tidy_ = 0;
};

}  // namespace flowship::daemon
