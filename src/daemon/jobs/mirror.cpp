#include "daemon/jobs/mirror.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "git/remote/remote_url.hpp"
#include "git/repository.hpp"

#include <mutex>
#include <system_error>
#include <utility>

namespace flowship::daemon {

namespace {

constexpr std::chrono::minutes kFetchLimit{2};
/// The first fetch transfers everything.
constexpr std::chrono::minutes kFirstFetchLimit{20};

/// Besides the user's own configuration: never prompt, and allow only these transports.
const std::map<std::string, std::optional<std::string>> kFetchEnvironment{
    {"GIT_ALLOW_PROTOCOL", "file:http:https:ssh"}, {"GIT_ASKPASS", "true"}, {"SSH_ASKPASS_REQUIRE", "never"}};

void expect_success(const ProcessResult& result, const std::string& doing) {
  if (result.status != 0) throw Error(doing + ": " + git::complaint(result));
}

}  // namespace

Mirror::Mirror(std::filesystem::path folder, std::string url, const StopSignal& stop)
    : folder_(std::move(folder)), url_(std::move(url)), stop_(stop) {
  git::require_safe_url(url_);
}

ProcessResult Mirror::git(const std::vector<std::string>& arguments) const {
  return git::run_git_in(folder_, arguments, {.time_limit = kFirstFetchLimit, .stop = &stop_});
}

void Mirror::clear_locks() const {
  std::error_code ignored;
  if (!std::filesystem::exists(folder_, ignored)) return;
  std::vector<std::filesystem::path> locks;
  auto entry = std::filesystem::recursive_directory_iterator(folder_, ignored);
  for (; entry != std::filesystem::recursive_directory_iterator(); entry.increment(ignored)) {
    if (ignored) break;
    if (entry.depth() == 0 && entry->path().filename() == "objects") entry.disable_recursion_pending();
    if (entry->path().extension() == ".lock") locks.push_back(entry->path());
  }
  for (const std::filesystem::path& lock : locks) std::filesystem::remove(lock, ignored);
}

bool Mirror::is_repository() const {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(folder_ / "HEAD", ignored)) return false;
  return git({"rev-parse", "--is-bare-repository"}).output == "true\n";
}

void Mirror::create() const {
  std::filesystem::create_directories(folder_);
  expect_success(git({"init", "--quiet", "--bare", "--template=", "--initial-branch=main"}), "creating the mirror");
}

void Mirror::prepare() {
  if (prepared_ && std::filesystem::exists(folder_ / "HEAD")) return;
  // Restores what is missing and keeps what is there.
  if (!is_repository()) create();
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"remote.origin.url", url_},
                                          {"remote.origin.fetch", "+refs/heads/*:refs/heads/*"},
                                          {"protocol.ext.allow", "never"},
                                          {"gc.autoDetach", "false"},
                                          {"core.hooksPath", "/dev/null"}}) {
    expect_success(git({"config", "--replace-all", name, value}), "configuring the mirror");
  }
  prepared_ = true;
}

bool Mirror::is_damaged() const {
  if (stop_.requested()) return false;
  const ProcessResult result = git({"fsck", "--connectivity-only", "--no-dangling", "--no-progress"});
  return result.status != 0 && !result.timed_out;
}

std::string Mirror::recreate() {
  const std::unique_lock alone(folder_mutex_);
  const std::filesystem::path aside = folder_.string() + ".damaged";
  std::filesystem::remove_all(aside);
  std::filesystem::rename(folder_, aside);
  prepared_ = false;
  prepare();
  const ProcessResult rescued = git({"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
                                     "--", aside.string(), "+refs/flowship/*:refs/flowship/*"});
  return "the mirror was damaged and has been recreated; the old one is kept as " + printable(aside.string()) +
         (rescued.status == 0 ? std::string()
                              : "; its ledgers could not be read (" + git::complaint(rescued) +
                                    "), so the live state is checked before anything is sent");
}

ProcessResult Mirror::fetch_once() const {
  const bool is_first =
      std::filesystem::is_empty(folder_ / "objects" / "pack") && !std::filesystem::exists(folder_ / "packed-refs");
  return git::run_git_in(
      folder_,
      {"fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
       "--no-auto-maintenance", "--", "origin", "+refs/heads/*:refs/heads/*"},
      {.time_limit = is_first ? kFirstFetchLimit : kFetchLimit, .stop = &stop_, .environment = kFetchEnvironment});
}

std::vector<std::string> Mirror::fetch() {
  std::vector<std::string> notes;
  if (suspected_.exchange(false) && is_repository() && is_damaged()) notes.push_back(recreate());
  try {
    prepare();
  } catch (const Error&) {
    // Not even git can use the folder.
    if (!std::filesystem::exists(folder_)) throw;
    notes.push_back(recreate());
  }
  ProcessResult result = fetch_once();
  if (result.status != 0 && !result.timed_out && !std::exchange(failing_, true) && is_damaged()) {
    notes.push_back(recreate());
    result = fetch_once();
  }
  if (result.status != 0) {
    throw Error(result.timed_out ? "git fetch timed out" : git::complaint(result),
                "check `url` in flowshipd.json, and that the user running the daemon has access");
  }
  failing_ = false;
  return notes;
}

void Mirror::tidy() {
  constexpr int kFetchesBetween = 100;
  if (++fetches_since_tidy_ < kFetchesBetween) return;
  const std::unique_lock alone(folder_mutex_, std::try_to_lock);
  if (!alone) return;
  fetches_since_tidy_ = 0;
  // If it fails, nothing is lost.
  git({"gc", "--auto", "--quiet"});
}

std::map<std::string, git::ObjectId> Mirror::heads() const {
  constexpr std::string_view kHeads = "refs/heads/";
  const git::Repository repository = git::Repository::open(folder_);
  std::map<std::string, git::ObjectId> heads;
  for (const std::string& name : repository.refs(std::string(kHeads))) {
    if (const auto commit = repository.ref(name)) heads.emplace(name.substr(kHeads.size()), *commit);
  }
  return heads;
}

}  // namespace flowship::daemon
