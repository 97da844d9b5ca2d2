#include "daemon/jobs/mirror.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "base/text/split.hpp"
#include "deploy/ledger/pending_result.hpp"
#include "git/branch.hpp"
#include "git/objects/loose_objects.hpp"
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

/// What the mirror's HEAD points to where the remote has no default branch.
constexpr const char* kNoBranch = "refs/none";

/// Whether `url` is plain http, which is for this machine only.
bool is_plain_http(const std::string& url) { return url.starts_with("http:"); }

/// Besides the user's own configuration: never prompt, and allow only these transports. A redirect needs an allowed one
/// too, so https can't lead to http.
std::map<std::string, std::optional<std::string>> fetch_environment(const std::string& url) {
  return {{"GIT_ALLOW_PROTOCOL", is_plain_http(url) ? "file:http:https:ssh" : "file:https:ssh"},
          {"GIT_ASKPASS", "true"},
          {"SSH_ASKPASS_REQUIRE", "never"}};
}

/// The branch in the answer of `git ls-remote --symref origin HEAD`; empty for none.
std::string head_in(const std::string& answer) {
  constexpr std::string_view kBegin = "ref: refs/heads/";
  constexpr std::string_view kEnd = "\tHEAD";
  for (const std::string_view line : split(answer, '\n')) {
    if (line.starts_with(kBegin) && line.ends_with(kEnd)) {
      return std::string(line.substr(kBegin.size(), line.size() - kBegin.size() - kEnd.size()));
    }
  }
  return {};
}

void expect_success(const ProcessResult& result, const std::string& doing) {
  if (result.status != 0) throw Error(doing + ": " + git::complaint(result));
}

}  // namespace

Mirror::Mirror(std::filesystem::path folder, std::string url, const StopSignal& stop)
    : folder_(std::move(folder)), url_(std::move(url)), stop_(stop) {
  git::require_safe_url(url_);
}

git::GitRun Mirror::how(std::chrono::milliseconds limit) const {
  return {.time_limit = limit, .group = Command::Group::own, .stop = &stop_};
}

ProcessResult Mirror::git(const std::vector<std::string>& arguments) const {
  return git::run_git_in(folder_, arguments, how(kFirstFetchLimit));
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
                                          {"protocol.allow", "never"},
                                          {"protocol.file.allow", "always"},
                                          {"protocol.https.allow", "always"},
                                          {"protocol.ssh.allow", "always"},
                                          {"protocol.http.allow", is_plain_http(url_) ? "always" : "never"},
                                          {"http.followRedirects", is_plain_http(url_) ? "false" : "initial"},
                                          {"gc.autoDetach", "false"},
                                          {"core.hooksPath", "/dev/null"}}) {
    expect_success(git({"config", "--replace-all", name, value}), "configuring the mirror");
  }
  prepared_ = true;
}

bool Mirror::is_damaged() const {
  if (stop_.requested()) return false;
  // fsck would not read blobs.
  if (git::damaged_loose_object(folder_ / "objects")) return true;
  const ProcessResult result = git({"fsck", "--connectivity-only", "--no-dangling", "--no-progress"});
  return result.status != 0 && !result.timed_out;
}

std::string Mirror::recreate() {
  // What a stop has ended early says nothing about the mirror.
  if (stop_.requested()) throw Error("the daemon is stopping");
  const std::unique_lock alone(folder_mutex_, std::try_to_lock);
  if (!alone) {
    suspected_ = true;
    throw Error("the mirror is damaged and is recreated once the deployments under way have ended");
  }
  const std::filesystem::path aside = folder_.string() + ".damaged";
  std::filesystem::remove_all(aside);
  std::filesystem::rename(folder_, aside);
  prepared_ = false;
  prepare();
  const ProcessResult rescued =
      git({"fetch", "--quiet", "--update-shallow", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance", "--",
           aside.string(), "+refs/flowship/*:refs/flowship/*", "+refs/flowship-pending/*:refs/flowship-pending/*"});
  if (rescued.status == 0) deploy::copy_pending(aside, folder_);
  return "the mirror was damaged and has been recreated; the old one is kept as " + printable(aside.string()) +
         (rescued.status == 0 ? std::string()
                              : "; its ledgers could not be read (" + git::complaint(rescued) +
                                    "), so the live state is checked before anything is sent");
}

ProcessResult Mirror::fetch_once() const {
  // Where that can't be read, git says what is wrong.
  std::error_code ignored;
  const bool is_first = std::filesystem::is_empty(folder_ / "objects" / "pack", ignored) &&
                        !std::filesystem::exists(folder_ / "packed-refs", ignored);
  git::GitRun how = this->how(is_first ? kFirstFetchLimit : kFetchLimit);
  how.environment = fetch_environment(url_);
  return git::run_git_in(
      folder_,
      {"fetch", "--quiet", "--prune", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules",
       "--no-auto-maintenance", "--", "origin", "+refs/heads/*:refs/heads/*"},
      how);
}

void Mirror::follow_head() {
  constexpr int kFetchesBetween = 60;
  std::map<std::string, git::ObjectId> heads;
  try {
    heads = this->heads();
  } catch (const Error&) {
    // Whoever reads the branches next reports it.
    return;
  }
  if (heads == heads_at_head_ && ++fetches_since_head_ < kFetchesBetween) return;
  git::GitRun how = this->how(kFetchLimit);
  how.environment = fetch_environment(url_);
  const ProcessResult result = git::run_git_in(folder_, {"ls-remote", "--symref", "--", "origin", "HEAD"}, how);
  expect_success(result, "asking for the default branch");
  const std::string branch = head_in(result.output);
  expect_success(git({"symbolic-ref", "HEAD", branch.empty() ? kNoBranch : git::ref_of_branch(branch)}),
                 "noting the default branch");
  heads_at_head_ = std::move(heads);
  fetches_since_head_ = 0;
}

std::vector<std::string> Mirror::fetch() {
  std::vector<std::string> notes;
  if (suspected_.exchange(false) && std::filesystem::exists(folder_) && is_damaged()) notes.push_back(recreate());
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
  follow_head();
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

std::string Mirror::default_branch() const {
  const std::string head = git::Repository::open(folder_).head_branch().value_or("");
  return git::branch_of_ref(head).value_or("");
}

std::map<std::string, git::ObjectId> Mirror::heads() const {
  const git::Repository repository = git::Repository::open(folder_);
  std::map<std::string, git::ObjectId> heads;
  for (const std::string& name : repository.refs(std::string(git::kBranches))) {
    if (const auto commit = repository.ref(name)) heads.emplace(git::branch_of_ref(name).value(), *commit);
  }
  return heads;
}

}  // namespace flowship::daemon
