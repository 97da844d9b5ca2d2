#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/hooks/hook.hpp"
#include "git/remote/user_git.hpp"

#include <cstdlib>
#include <sstream>
#include <unistd.h>

namespace flowship::cli {

namespace {

constexpr const char* kSetting = "flowship.bin";

bool is_in_path(const std::string& program) {
  const char* const path = std::getenv("PATH");
  std::istringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');) {
    if (::access((std::filesystem::path(folder) / program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

std::string own_path() { return std::filesystem::read_symlink("/proc/self/exe").string(); }

}  // namespace

std::string let_hooks_find_program(const git::Repository& repository) {
  const bool is_server = repository.is_bare();
  if ((!is_server && is_in_path("flowship")) || repository.config(kSetting)) return {};
  const std::string own = own_path();
  const ProcessResult done = git::run_git(repository, {"config", kSetting, own});
  if (done.status != 0) throw Error(std::string("setting ") + kSetting + " for the hooks: " + git::complaint(done));
  const std::string why =
      is_server ? "so that whoever pushes does not choose the program" : "because flowship is not in PATH";
  return "set " + std::string(kSetting) + " in git's configuration, " + why + ": " + printable(own) + "\n";
}

std::string forget_program(const git::Repository& repository) {
  if (repository.config(kSetting) != own_path()) return {};
  const ProcessResult done = git::run_git(repository, {"config", "--unset", kSetting});
  if (done.status != 0) throw Error(std::string("removing ") + kSetting + ": " + git::complaint(done));
  return std::string("removed ") + kSetting + " from git's configuration\n";
}

}  // namespace flowship::cli
