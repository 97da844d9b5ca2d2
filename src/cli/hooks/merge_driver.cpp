#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/hooks/hook.hpp"
#include "git/remote/user_git.hpp"

namespace flowship::cli {

namespace {

constexpr const char* kDriverName = "merge.flowship.name";
constexpr const char* kDriver = "merge.flowship.driver";

/// git runs it in a shell; the program is found as the hooks find it. Without it git would take a driver that fails for
/// a conflict, and leave this side's file without a word of the other's.
constexpr const char* kDriverCommand =
    R"sh(flowship=$(command -v flowship || git config flowship.bin); )sh"
    R"sh([ -x "$flowship" ] && exec "$flowship" merge --marker-size=%L --path=%P %O %A %B; )sh"
    R"sh(echo 'flowship not found, merging line by line: )sh"
    R"sh(add it to PATH, or run: git config flowship.bin /path/to/flowship' >&2; )sh"
    R"sh(git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B)sh";

void set_setting(const git::Repository& repository, const char* name, const char* value) {
  const ProcessResult done = git::run_git(repository, {"config", name, value});
  if (done.status != 0) throw Error(std::string("setting ") + name + ": " + git::complaint(done));
}

}  // namespace

std::string install_merge_driver(const git::Repository& repository) {
  const bool is_there = repository.config(kDriver) == std::string(kDriverCommand);
  if (!is_there) {
    set_setting(repository, kDriverName, "merges flows by tasks, screens and members");
    set_setting(repository, kDriver, kDriverCommand);
  }
  return std::string(is_there ? "already set" : "set") + " " + kDriver +
         " in git's configuration: git merges flows by tasks and screens where .gitattributes has a line such as `" +
         merge_attribute("*.json") + "`\n";
}

std::string uninstall_merge_driver(const git::Repository& repository) {
  if (!repository.config(kDriver) && !repository.config(kDriverName)) return {};
  const ProcessResult done = git::run_git(repository, {"config", "--remove-section", "merge.flowship"});
  if (done.status != 0) throw Error(std::string("removing ") + kDriver + ": " + git::complaint(done));
  return std::string("removed ") + kDriver + " from git's configuration\n";
}

std::string merge_attribute(const std::string& pattern) { return pattern + " merge=flowship"; }

}  // namespace flowship::cli
