#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

namespace flowship::daemon {

/// The newest `most` accepted webhook deliveries, to recognise repeated ones, also after a restart: they are kept in
/// the file `deliveries` of a folder. Thread-safe.
class Deliveries {
 public:
  /// Reads the file. Throws `Error` if that can't be done, or it is a symbolic link.
  explicit Deliveries(std::filesystem::path folder, std::size_t most = 10'000);

  /// Remembers a delivery to a repository by its id; false if it is known already.
  bool remember(std::string_view repository, std::string_view id);

 private:
  void add(std::string digest);
  void append(const std::string& digest);
  void rewrite();

  std::filesystem::path folder_;
  std::size_t most_;
  std::mutex mutex_;
  /// Digests, since ids may have any length.
  std::unordered_set<std::string> known_;
  std::deque<std::string> order_;
  /// Lines in the file.
  std::size_t lines_ = 0;
};

}  // namespace flowship::daemon
