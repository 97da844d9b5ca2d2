#include "base/error.hpp"
#include "base/files/file_lock.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "git/branch.hpp"
#include "git/handle.hpp"
#include "git/objects/object_bytes.hpp"
#include "git/remote/user_git.hpp"
#include "git/repository.hpp"
#include "git/shallow.hpp"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <optional>

namespace flowship::git {

namespace {

/// How long to wait for a locked ref: another flowship locks it for milliseconds.
constexpr std::chrono::milliseconds kLockPatience{2000};

std::string short_name(const std::string& ref) {
  for (const std::string_view folder : {kBranches, std::string_view("refs/tags/"), std::string_view("refs/remotes/")}) {
    if (ref.starts_with(folder)) return ref.substr(folder.size());
  }
  return ref;
}

/// The object that the ref of a revision such as `main~2` leads to, where there is that ref.
std::optional<ObjectId> target_of_ref(git_repository* repository, const std::string& revision) {
  const std::string name = revision.substr(0, revision.find_first_of("~^@:"));
  git_reference* raw = nullptr;
  if (git_reference_dwim(&raw, repository, name.c_str()) < 0) return std::nullopt;
  const ReferenceHandle ref(raw);
  git_reference* direct = nullptr;
  if (git_reference_resolve(&direct, ref.get()) < 0) return std::nullopt;
  const ReferenceHandle resolved(direct);
  return from_oid(*git_reference_target(resolved.get()));
}

/// The ref without which `name` could be created: a folder of it, or one below it.
std::optional<std::string> ref_in_the_way(const std::vector<std::string>& refs, const std::string& name) {
  for (const std::string& other : refs) {
    if (name.starts_with(other + "/") || other.starts_with(name + "/")) return other;
  }
  return std::nullopt;
}

bool can_be_read(git_repository* repository, const ObjectId& id) {
  const git_oid oid = to_oid(id);
  git_object* raw = nullptr;
  const bool is_read = git_object_lookup(&raw, repository, &oid, GIT_OBJECT_ANY) == 0;
  const ObjectHandle object(raw);
  return is_read;
}

}  // namespace

ObjectId Repository::commit(std::string_view revision) const {
  const std::string name(revision);
  const std::string shown = printable(name);
  if (name.empty() || name.find('\0') != std::string::npos) throw Error("\"" + shown + "\" is not a revision");
  git_object* raw = nullptr;
  const int code = git_revparse_single(&raw, handle_.get(), name.c_str());
  const ObjectHandle object(raw);
  if (code == GIT_EAMBIGUOUS) {
    throw Error("the revision \"" + shown + "\" is ambiguous",
                "give more digits of the commit id, or the full name of the ref (refs/heads/…)");
  }
  if (code < 0) {
    const git_error* const last = git_error_last();
    if (code == GIT_ERROR && last != nullptr && last->klass == GIT_ERROR_ODB) {
      throw failure("reading the revision \"" + shown + "\"", "run git fsck");
    }
    if (name == "HEAD" && git_repository_head_unborn(handle_.get()) == 1) {
      throw Error("HEAD has no commit yet", "create a commit, or name another revision with --rev");
    }
    const std::optional<ObjectId> target = target_of_ref(handle_.get(), name);
    if (target && !can_be_read(handle_.get(), *target)) {
      throw Error("the object " + target->hex() + " of the revision \"" + shown + "\" is missing or damaged",
                  "run git fsck");
    }
    std::vector<std::string> known;
    for (const std::string& ref : refs("refs/")) known.push_back(short_name(ref));
    std::string hint = did_you_mean(name, known);
    if (is_shallow()) {
      hint += (hint.empty() ? "" : "; ") + std::string("this clone is shallow: git fetch --unshallow fetches the rest");
    }
    if (hint.empty()) hint = "git log --oneline --all lists the commits";
    throw Error("there is no revision \"" + shown + "\"", hint);
  }
  git_object* peeled = nullptr;
  if (git_object_peel(&peeled, object.get(), GIT_OBJECT_COMMIT) < 0) {
    throw Error("\"" + shown + "\" names a " + git_object_type2string(git_object_type(object.get())) +
                    ", which is not a commit",
                "name a commit, a branch or a tag");
  }
  const ObjectHandle commit(peeled);
  return from_oid(*git_object_id(commit.get()));
}

bool Repository::is_shallow() const { return git_repository_is_shallow(handle_.get()) == 1; }

bool Repository::has(const ObjectId& id) const {
  const auto odb = acquire<OdbHandle>("reading the repository", git_repository_odb, handle_.get());
  const git_oid oid = to_oid(id);
  return git_odb_exists(odb.get(), &oid) == 1;
}

std::optional<bool> Repository::descends(const ObjectId& commit, const ObjectId& ancestor) const {
  if (!has(commit)) return std::nullopt;
  if (commit == ancestor) return false;
  if (!is_shallow()) {
    // libgit2 takes what it lacks for unrelated.
    if (!has(ancestor)) return std::nullopt;
    const git_oid later = to_oid(commit);
    const git_oid earlier = to_oid(ancestor);
    const int answer = git_graph_descendant_of(handle_.get(), &later, &earlier);
    return answer < 0 ? std::nullopt : std::optional(answer == 1);
  }
  const ProcessResult answer = run_git(*this, {"merge-base", "--is-ancestor", ancestor.hex(), commit.hex()});
  if (answer.status == 0) return true;
  if (answer.status != 1) return std::nullopt;
  // The clone may have cut off just this history.
  for (const ObjectId& cut : shallow_commits(*this)) {
    if (cut == commit || run_git(*this, {"merge-base", "--is-ancestor", cut.hex(), commit.hex()}).status != 1) {
      return std::nullopt;
    }
  }
  return false;
}

CommitFacts Repository::facts(const ObjectId& commit) const {
  const git_oid oid = to_oid(commit);
  const auto found =
      acquire<CommitHandle>("reading the commit " + commit.hex(), git_commit_lookup, handle_.get(), &oid);
  CommitFacts result;
  result.id = commit;
  result.tree = from_oid(*git_commit_tree_id(found.get()));
  for (unsigned i = 0; i < git_commit_parentcount(found.get()); ++i) {
    result.parents.push_back(from_oid(*git_commit_parent_id(found.get(), i)));
  }
  if (const char* summary = git_commit_summary(found.get())) result.subject = summary;
  if (const char* message = git_commit_message(found.get())) result.message = message;
  if (const git_signature* author = git_commit_author(found.get())) {
    result.author = std::string(author->name) + " <" + author->email + ">";
  }
  result.time = Time(std::chrono::seconds(git_commit_time(found.get())));
  if (const char* header = git_commit_raw_header(found.get())) {
    result.is_signed = std::string_view(header).find("\ngpgsig ") != std::string_view::npos;
  }
  return result;
}

std::optional<std::string> Repository::head_branch() const {
  const auto head = acquire<ReferenceHandle>("reading HEAD", git_reference_lookup, handle_.get(), "HEAD");
  const char* target = git_reference_symbolic_target(head.get());
  if (target == nullptr) return std::nullopt;
  return std::string(target);
}

std::optional<ObjectId> Repository::ref(const std::string& name) const {
  git_reference* raw = nullptr;
  const int code = git_reference_lookup(&raw, handle_.get(), name.c_str());
  if (code == GIT_ENOTFOUND) return std::nullopt;
  check(code, "reading the ref " + printable(name));
  const ReferenceHandle reference(raw);
  git_object* peeled = nullptr;
  const int peeling = git_reference_peel(&peeled, reference.get(), GIT_OBJECT_COMMIT);
  // A symbolic ref whose branch has no commit yet.
  if (peeling == GIT_ENOTFOUND && git_reference_type(raw) == GIT_REFERENCE_SYMBOLIC) return std::nullopt;
  if (peeling < 0) {
    // Reading the object says what is wrong with it.
    if (const git_oid* const target = git_reference_target(raw)) object(from_oid(*target), "commit");
    throw Error(
        "the ref " + printable(name) + " does not lead to a commit",
        "look at it with `git show " + printable(name) + "`; to remove it: git update-ref -d " + printable(name));
  }
  const ObjectHandle commit(peeled);
  return from_oid(*git_object_id(commit.get()));
}

std::vector<std::string> Repository::refs(const std::string& prefix) const {
  const auto iterator = acquire<ReferenceIteratorHandle>("reading the refs", git_reference_iterator_new, handle_.get());
  std::vector<std::string> result;
  const char* name = nullptr;
  int code = 0;
  while ((code = git_reference_next_name(&name, iterator.get())) == 0) {
    if (std::string_view(name).starts_with(prefix)) result.emplace_back(name);
  }
  if (code != GIT_ITEROVER) check(code, "reading the refs");
  std::sort(result.begin(), result.end());
  return result;
}

namespace {

/// A process that dies while moving a ref leaves git's lock file behind for ever. A marker file says which ref of a
/// folder is being moved; whoever has the guard's lock and finds a marker knows that its writer is dead and that the
/// ref's lock file is stale. If the guard can't be written, a stale lock is left for people to remove.
class GuardedMove {
 public:
  GuardedMove(const std::filesystem::path& common, const std::string& name) {
    std::string plain = name.substr(0, name.rfind('/'));
    std::replace(plain.begin(), plain.end(), '/', '-');
    const std::filesystem::path folder = common / "flowship";
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return;
    try {
      lock_.emplace(FileLock::wait_for(folder / (plain + ".guard")));
    } catch (const Error&) {
      return;
    }
    marker_ = folder / (plain + ".moving");
    if (std::string dead; std::getline(std::ifstream(marker_), dead)) {
      std::filesystem::remove(common / (dead + ".lock"), failed);
    }
    std::ofstream(marker_) << name << '\n';
  }
  GuardedMove(const GuardedMove&) = delete;
  GuardedMove& operator=(const GuardedMove&) = delete;
  ~GuardedMove() {
    std::error_code ignored;
    if (lock_) std::filesystem::remove(marker_, ignored);
  }

 private:
  std::optional<FileLock> lock_;
  std::filesystem::path marker_;
};

/// Asks libgit2 again for up to 2 s while the ref is locked, then throws; else what it answered.
template <typename Ask>
int while_locked(const std::filesystem::path& common, const std::string& name, const std::string& doing,
                 const Clock& clock, const Ask& ask) {
  const StopSignal never;
  const Ticks patience_ends = clock.ticks() + kLockPatience;
  for (std::chrono::milliseconds pause{2};; pause = std::min(pause * 2, std::chrono::milliseconds(100))) {
    const int code = ask();
    if (code != GIT_ELOCKED) return code;
    if (clock.ticks() >= patience_ends) {
      const std::string lock = printable((common / (name + ".lock")).string());
      throw Error(doing + ": it is locked by " + lock,
                  "if no git or flowship is running in this repository, remove that file");
    }
    clock.sleep_until(clock.ticks() + pause, never);
  }
}

}  // namespace

void Repository::end_dead_move(const std::string& name) const { const GuardedMove guard(common_directory(), name); }

bool Repository::compare_and_swap(const std::string& name, const std::optional<ObjectId>& expected,
                                  const ObjectId& target, const std::string& reason, const Clock& clock) const {
  const std::string doing = "moving the ref " + printable(name);
  refuse_in_quarantine(doing);
  const git_oid wanted = to_oid(target);
  // Only an all-zero id with force makes "must not exist" safe against a concurrent creation.
  const git_oid present = to_oid(expected.value_or(ObjectId()));
  const GuardedMove guard(common_directory(), name);
  const int code = while_locked(common_directory(), name, doing, clock, [&] {
    if (const int logged = git_reference_ensure_log(handle_.get(), name.c_str()); logged != 0) return logged;
    git_reference* raw = nullptr;
    const int moved =
        git_reference_create_matching(&raw, handle_.get(), name.c_str(), &wanted, 1, &present, reason.c_str());
    const ReferenceHandle reference(raw);
    return moved;
  });
  if (code == 0) return true;
  if (code == GIT_EMODIFIED || (code == GIT_ENOTFOUND && expected && !ref(name))) return false;
  if (const auto other = ref_in_the_way(refs("refs/"), name)) {
    const std::optional<std::string> branch = branch_of_ref(*other);
    const std::string what = branch ? "the branch `" + printable(*branch) + "`" : "the ref " + printable(*other);
    throw Error(doing + ": " + what + " stands in its way, since git has no ref below another",
                "look at it with `git log " + printable(*other) + "`; if it is needed, choose another name than " +
                    printable(name));
  }
  throw failure(doing);
}

void Repository::remove_ref(const std::string& name, const ObjectId& expected, const Clock& clock) const {
  const std::string doing = "removing the ref " + printable(name);
  refuse_in_quarantine(doing);
  const git_oid wanted = to_oid(expected);
  const GuardedMove guard(common_directory(), name);
  const int code = while_locked(common_directory(), name, doing, clock, [&] {
    git_reference* raw = nullptr;
    if (const int found = git_reference_lookup(&raw, handle_.get(), name.c_str()); found != 0) return found;
    const ReferenceHandle reference(raw);
    const git_oid* const target = git_reference_target(raw);
    return target == nullptr || git_oid_equal(target, &wanted) == 0 ? 0 : git_reference_delete(raw);
  });
  if (code != GIT_ENOTFOUND && code != GIT_EMODIFIED) check(code, doing);
}

}  // namespace flowship::git
