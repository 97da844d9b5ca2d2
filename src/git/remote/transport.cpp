#include "git/remote/transport.hpp"

#include "base/text/printable.hpp"
#include "base/text/split.hpp"
#include "git/remote/user_git.hpp"

namespace flowship::git {

namespace {

const char* const kBrokenHint =
    "its repository may be damaged: run `git fsck --full` there, and mend it from a clone that has what is missing";
const char* const kUnreachableHint = "check the remote with git remote -v, and your access with git ls-remote";

/// Names become arguments and parts of refspecs, where other characters have a meaning.
void require_plain_ref(const std::string& ref) {
  if (!ref.starts_with("refs/") || ref.find_first_of(" :+*?[\\^~\n\t") != std::string::npos ||
      ref.find('\0') != std::string::npos) {
    throw Error("\"" + printable(ref) + "\" is not the full name of a ref");
  }
}

/// A remote of the repository's own configuration; git would take anything else for a URL or a path.
void require_remote(const Repository& repository, const std::string& remote) {
  if (!remote.empty() && remote.find('\0') == std::string::npos && repository.config("remote." + remote + ".url"))
    return;
  throw Error("`" + printable(remote) + "` is not a remote of this repository",
              "`ledger.remote` is a name that git remote lists; add it with git remote add NAME URL");
}

/// Why a run of git failed.
std::string why(const ProcessResult& result, std::chrono::milliseconds limit) {
  if (!result.timed_out) return complaint(result);
  return "no answer within " + std::to_string(limit.count()) + " ms";
}

/// Where the remote's ref points; the outer one is nothing if the remote can't be asked.
std::optional<std::optional<ObjectId>> ask_remote(const Repository& repository, const std::string& remote,
                                                  const std::string& ref, const GitRun& how) {
  const ProcessResult result = run_git(repository, {"ls-remote", "--refs", "--", remote, ref}, how);
  if (result.status != 0) return std::nullopt;
  for (const std::string_view line : split(result.output, '\n')) {
    // ls-remote matches the ends of names, so others may be listed too.
    if (line.size() > 41 && line.substr(41) == ref) return std::optional(ObjectId::from_hex(line.substr(0, 40)));
  }
  return std::optional<std::optional<ObjectId>>(std::in_place, std::nullopt);
}

/// The line of `git push --porcelain` on `ref`: `flag TAB from:to TAB summary`.
struct PushLine {
  char flag = '!';
  std::string summary;
};

std::optional<PushLine> line_on(const std::string& output, const std::string& ref) {
  for (const std::string_view line : split(output, '\n')) {
    const std::size_t tab = line.find('\t', 2);
    if (line.size() > 2 && line[1] == '\t' && tab != std::string::npos && line.substr(0, tab).ends_with(":" + ref)) {
      return PushLine{line[0], std::string(line.substr(tab + 1))};
    }
  }
  return std::nullopt;
}

/// The commit that git has fetched `ref` to. git takes whatever object the remote has there; what leads to no commit is
/// dropped again.
std::optional<ObjectId> fetched(const Repository& repository, const std::string& remote, const std::string& ref,
                                const std::string& into, const GitRun& how) {
  try {
    return repository.ref(into);
  } catch (const Error&) {
    const ProcessResult kind = run_git(repository, {"cat-file", "-t", into + "^{}"}, how);
    if (kind.status != 0 || kind.output == "commit\n") throw;
    run_git(repository, {"update-ref", "-d", into}, how);
    throw BrokenRemote(
        "fetching " + printable(ref) + " from " + printable(remote) + ": the remote has a " +
            printable(kind.output.substr(0, kind.output.find('\n'))) + " there, not a commit",
        "find out who pushed it; to put the ref back, in a clone that has it as it was: git push --force " +
            printable(remote) + " " + printable(ref));
  }
}

std::optional<ObjectId> fetch(const Repository& repository, const std::string& remote, const std::string& ref,
                              const std::string& into, const std::vector<std::string>& options,
                              std::chrono::milliseconds limit) {
  require_remote(repository, remote);
  require_plain_ref(ref);
  require_plain_ref(into);
  const std::string doing = "fetching " + printable(ref) + " from " + printable(remote);
  refuse_in_quarantine(doing);
  // git moves the ref too, and would find a stale lock.
  repository.end_dead_move(into);
  // An empty refmap: the refspecs that the remote is configured with could move other refs.
  std::vector<std::string> arguments = {
      "fetch",    "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules", "--no-auto-maintenance",
      "--refmap="};
  arguments.insert(arguments.end(), options.begin(), options.end());
  arguments.insert(arguments.end(), {"--", remote, ref + ":" + into});
  ProcessResult result;
  std::optional<ObjectId> unsent;
  for (int tries = 3; tries > 0; --tries) {
    result = run_git(repository, arguments, {.time_limit = limit});
    if (result.status == 0) return fetched(repository, remote, ref, into, {.time_limit = limit});
    if (result.errors.find("couldn't find remote ref") != std::string::npos) return std::nullopt;
    // git refuses to move `into` backwards, quietly, once it has fetched the objects.
    const auto there = result.timed_out ? std::nullopt : ask_remote(repository, remote, ref, {.time_limit = limit});
    unsent = there.value_or(std::nullopt);
    if (!there) break;
    if (*there && repository.has(**there)) return *there;
    // The ref may have moved in between.
  }
  if (unsent) {
    throw BrokenRemote(
        doing + ": the remote answers, but does not send " + unsent->abbreviated() + ": " + why(result, limit),
        kBrokenHint);
  }
  throw Error(doing + ": " + why(result, limit), kUnreachableHint);
}

}  // namespace

std::optional<ObjectId> fetch_ref(const Repository& repository, const std::string& remote, const std::string& ref,
                                  const std::string& into, std::chrono::milliseconds limit) {
  return fetch(repository, remote, ref, into, {}, limit);
}

std::optional<ObjectId> fetch_newest(const Repository& repository, const std::string& remote, const std::string& ref,
                                     const std::string& into, int depth, std::chrono::milliseconds limit) {
  return fetch(repository, remote, ref, into, {"--depth=" + std::to_string(depth)}, limit);
}

std::optional<ObjectId> fetch_history(const Repository& repository, const std::string& remote, const std::string& ref,
                                      const std::string& into, std::chrono::milliseconds limit) {
  // One more would mean the history of every ref.
  return fetch(repository, remote, ref, into, {"--depth=2147483646"}, limit);
}

std::optional<ObjectId> remote_ref(const Repository& repository, const std::string& remote, const std::string& ref,
                                   std::chrono::milliseconds limit) {
  require_remote(repository, remote);
  require_plain_ref(ref);
  const auto there = ask_remote(repository, remote, ref, {.time_limit = limit});
  if (there) return *there;
  throw Error("asking " + printable(remote) + " for " + printable(ref) + ": no answer", kUnreachableHint);
}

bool push_ref(const Repository& repository, const std::string& remote, const std::string& ref,
              const std::optional<ObjectId>& expected, const ObjectId& target, std::chrono::milliseconds limit,
              const StopSignal* stop) {
  require_remote(repository, remote);
  require_plain_ref(ref);
  const std::string doing = "pushing " + printable(ref) + " to " + printable(remote);
  refuse_in_quarantine(doing);
  const std::string lease = "--force-with-lease=" + ref + ":" + (expected ? expected->hex() : "");
  const GitRun how{.time_limit = limit, .group = Command::Group::shielded, .stop = stop};
  // No pre-push hook: it checks flows, a ledger has no new ones, and the hook may be flowship itself.
  const ProcessResult result = run_git(repository,
                                       {"push", "--porcelain", "--no-verify", "--no-follow-tags",
                                        "--recurse-submodules=no", lease, "--", remote, target.hex() + ":" + ref},
                                       how);
  const auto line = line_on(result.output, ref);
  if (line && line->flag == '=') return expected == target;
  if (result.status == 0 && line && line->flag != '!') return true;
  const bool refused =
      line && (line->summary.starts_with("[rejected]") || line->summary.starts_with("[remote rejected]"));
  if (refused && line->summary.find("stale info") != std::string::npos) return false;
  // The push may have arrived though its answer was lost, and others may have moved the ref between git's check and its
  // write: ask the remote.
  if (const auto there = ask_remote(repository, remote, ref, how)) {
    if (*there == target && !refused) return true;
    if (*there != expected) return false;
  }
  if (!line) throw Error(doing + ": " + why(result, limit), kUnreachableHint);
  const bool is_broken = line->summary.find("(unpacker error)") != std::string::npos ||
                         line->summary.find("(missing necessary objects)") != std::string::npos;
  throw Error(
      doing + ": the remote refused: " + printable(line->summary) + "; " + complaint(result),
      is_broken
          ? kBrokenHint
          : "the remote's hooks and permissions must allow it; if only branches may be pushed, set `ledger.ref` in "
            "flowship.json to one (refs/heads/flowship/…)");
}

}  // namespace flowship::git
