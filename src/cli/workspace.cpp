#include "cli/workspace.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "deploy/apply/rollback.hpp"
#include "deploy/config/unmatched_sources.hpp"
#include "deploy/ledger/history.hpp"

#include <filesystem>
#include <ostream>
#include <utility>

namespace flowship::cli {

git::Repository open_repository(const Options& options) { return git::Repository::open(options.repository); }

git::Revision chosen_revision(const git::Repository& repository, const Options& options) {
  const int chosen = (options.revision.empty() ? 0 : 1) + (options.staged ? 1 : 0) + (options.worktree ? 1 : 0);
  if (chosen > 1) throw usage_error("--rev, --staged and --worktree exclude each other");
  if ((options.staged || options.worktree) && repository.is_bare()) {
    throw usage_error("a bare repository has neither an index nor a working tree", "name a commit with --rev");
  }
  if (options.staged) return git::Revision::of_index(repository);
  if (options.worktree) return git::Revision::of_worktree(repository);
  return git::Revision::of_commit(repository, repository.commit(options.revision.empty() ? "HEAD" : options.revision));
}

std::string path_from_root(const git::Repository& repository, const Options& options, const std::string& path) {
  namespace fs = std::filesystem;
  if (path.empty()) throw usage_error("a path is empty", "name a file or a folder; `.` is the current folder");
  if (repository.is_bare()) return path;
  const fs::path root = fs::weakly_canonical(repository.work_directory());
  const fs::path here = fs::weakly_canonical(options.repository);
  // GIT_DIR, say, may lead to a repository somewhere else.
  const bool is_inside = !here.lexically_relative(root).native().starts_with("..");
  std::string result = ((is_inside ? here : root) / path).lexically_normal().lexically_relative(root).string();
  if (result == ".." || result.starts_with("../")) {
    throw usage_error("`" + printable(path) + "` lies outside of the repository");
  }
  return result;
}

void warn_of_unmatched_sources(const Invocation& invocation, const git::Revision& revision,
                               const deploy::Config& config) {
  for (const std::string& sentence : deploy::unmatched_sources(revision, config)) {
    invocation.err << "flowship: warning: " << sentence << "\n";
  }
}

report::Validation with_texts(deploy::Validated validated, const git::Revision& revision) {
  const auto text_of = [&revision](const std::string& path) -> std::optional<std::string> {
    try {
      return revision.read_path(path);
    } catch (const Error&) {
      // A link, say: the finding tells of it, and there is no line to show.
      return std::nullopt;
    }
  };
  return {.flows = validated.flows, .findings = std::move(validated.findings), .text_of = text_of};
}

std::vector<std::string> use_record(deploy::Workspace& workspace, const deploy::PlanRequest& request) {
  if (!request.record.empty() && !request.to_before.empty()) {
    throw usage_error("a record is either deployed again or undone", "leave out one of the two");
  }
  if (!request.record.empty()) {
    workspace.use_deployed(deploy::find_record(workspace.ledger, request.record),
                           deploy::Workspace::Overrides::of_entry);
  }
  if (request.to_before.empty()) return request.flows;
  if (!request.flows.empty()) throw usage_error("--to-before undoes a whole deployment", "leave out the flows");
  return deploy::use_before(workspace, deploy::find_record(workspace.ledger, request.to_before));
}

}  // namespace flowship::cli
