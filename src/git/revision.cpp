#include "git/revision.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"

namespace flowship::git {

Revision Revision::of_commit(const Repository& repository, const ObjectId& commit) {
  Revision result(repository, Kind::commit);
  result.commit_ = commit;
  result.tree_ = repository.facts(commit).tree;
  return result;
}

Revision Revision::of_tree(const Repository& repository, const ObjectId& tree, const ObjectId& commit) {
  Revision result(repository, Kind::commit);
  result.commit_ = commit;
  result.tree_ = tree;
  return result;
}

Revision Revision::of_index(const Repository& repository) { return Revision(repository, Kind::index); }

Revision Revision::of_worktree(const Repository& repository) { return Revision(repository, Kind::worktree); }

std::string Revision::name() const {
  if (commit_) return commit_->hex();
  return kind_ == Kind::index ? "index" : "worktree";
}

std::vector<Entry> Revision::files(const TreeScope& scope) const {
  if (kind_ == Kind::commit) return repository_->files(*tree_, scope);
  return kind_ == Kind::index ? repository_->index_files(scope) : repository_->worktree_files(scope);
}

std::string Revision::read(const Entry& entry, const SizeLimit& limit) const {
  if (entry.kind != EntryKind::file) {
    throw Error(printable(entry.path) + " is a " + (entry.kind == EntryKind::symlink ? "symbolic link" : "submodule") +
                    ", not a regular file",
                "replace it with the file itself");
  }
  if (kind_ == Kind::worktree) return repository_->worktree_file(entry.path, limit);
  limit.expect(entry.path, repository_->blob_size(entry.id));
  return repository_->blob(entry.id);
}

std::optional<std::string> Revision::read_path(const std::string& path, const SizeLimit& limit) const {
  if (kind_ == Kind::worktree) return repository_->worktree_file_if_there(path, limit);
  const auto entry = kind_ == Kind::commit ? repository_->entry_at(*tree_, path) : repository_->index_entry(path);
  if (!entry) return std::nullopt;
  return read(*entry, limit);
}

}  // namespace flowship::git
