#include "deploy/apply/push_log.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <vector>

namespace flowship::deploy {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kKept = 20;

/// Names start with the time, so the oldest come first.
void remove_oldest(const fs::path& folder) {
  std::vector<fs::path> logs;
  std::error_code ignored;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.path().extension() == ".log") logs.push_back(entry.path());
  }
  std::sort(logs.begin(), logs.end());
  for (std::size_t at = 0; at + kKept < logs.size(); ++at) fs::remove(logs[at], ignored);
}

}  // namespace

fs::path push_folder(const fs::path& git_directory) { return git_directory / "flowship"; }

fs::path new_push_log(const fs::path& git_directory, const std::string& environment, const Clock& clock) {
  const fs::path folder = push_folder(git_directory) / environment;
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) throw Error("cannot make the folder " + printable(folder.string()) + ": " + code.message());
  const std::string time = to_rfc3339(clock.now());
  for (int number = 0;; ++number) {
    const std::string suffix = number == 0 ? "" : "-" + std::to_string(number);
    fs::path log = folder / (time + suffix + ".log");
    constexpr mode_t kOwnerAlone = 0600;
    const int descriptor = ::open(log.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kOwnerAlone);
    if (descriptor >= 0) {
      ::close(descriptor);
      remove_oldest(folder);
      return log;
    }
    if (errno != EEXIST) throw Error("cannot make " + printable(log.string()) + ": " + std::strerror(errno));
  }
}

fs::path push_lock(const fs::path& git_directory, const std::string& environment) {
  return push_folder(git_directory) / (environment + ".lock");
}

}  // namespace flowship::deploy
