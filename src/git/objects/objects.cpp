#include "base/text/printable.hpp"
#include "git/handle.hpp"
#include "git/objects/object_bytes.hpp"
#include "git/remote/user_git.hpp"
#include "git/repository.hpp"

#include <git2/sys/commit.h>

#include <charconv>
#include <chrono>
#include <system_error>

namespace flowship::git {

namespace {

/// Who writes the ledger if no identity is configured.
constexpr const char* kFallbackName = "flowship";
constexpr const char* kFallbackEmail = "flowship@localhost";

/// An identity that git would refuse is replaced too.
SignatureHandle signature(const Repository::Author& author, git_time_t seconds) {
  git_signature* raw = nullptr;
  if (git_signature_new(&raw, author.name.c_str(), author.email.c_str(), seconds, 0) < 0) {
    check(git_signature_new(&raw, kFallbackName, kFallbackEmail, seconds, 0), "making a signature");
  }
  return SignatureHandle(raw);
}

/// The changes to one name in a folder.
struct ChangeOf {
  std::optional<std::optional<Repository::TreeItem>> itself;
  std::map<std::string, std::optional<Repository::TreeItem>> below;
};

using Changes = std::map<std::string, std::optional<Repository::TreeItem>>;

std::map<std::string, ChangeOf> by_first_name(const Changes& changes) {
  std::map<std::string, ChangeOf> result;
  for (const auto& [path, item] : changes) {
    const std::size_t slash = path.find('/');
    const std::string name = path.substr(0, slash);
    if (name.empty() || path.back() == '/' || path.find('\0') != std::string::npos) {
      throw Error("\"" + printable(path) + "\" is not a valid path in a tree");
    }
    if (slash == std::string::npos) {
      result[name].itself = item;
    } else {
      result[name].below.emplace(path.substr(slash + 1), item);
    }
  }
  return result;
}

/// Writes trees from the leaves up. A tree without entries is returned as zero, so that it never becomes a subtree.
class TreeWriter {
 public:
  explicit TreeWriter(git_repository* repository) : repository_(repository) {}

  ObjectId write(const ObjectId& base, const Changes& changes) const {
    TreeHandle source;
    if (!base.is_zero() && base != empty_tree_) {
      const git_oid oid = to_oid(base);
      source = acquire<TreeHandle>("reading the tree " + base.hex(), git_tree_lookup, repository_, &oid);
    }
    const auto builder = acquire<TreeBuilderHandle>("writing a tree", git_treebuilder_new, repository_, source.get());
    for (const auto& [name, change] : by_first_name(changes)) apply(*builder, name, change);
    if (git_treebuilder_entrycount(builder.get()) == 0) return ObjectId();
    git_oid oid{};
    check(git_treebuilder_write(&oid, builder.get()), "writing a tree");
    return from_oid(oid);
  }

  ObjectId empty() const {
    const auto builder = acquire<TreeBuilderHandle>("writing a tree", git_treebuilder_new, repository_, nullptr);
    git_oid oid{};
    check(git_treebuilder_write(&oid, builder.get()), "writing a tree");
    return from_oid(oid);
  }

 private:
  void apply(git_treebuilder& builder, const std::string& name, const ChangeOf& change) const {
    const git_tree_entry* present = git_treebuilder_get(&builder, name.c_str());
    std::optional<Repository::TreeItem> item;
    git_filemode_t mode = GIT_FILEMODE_BLOB;
    if (change.itself) {
      item = *change.itself;
    } else if (present != nullptr) {
      mode = git_tree_entry_filemode(present);
      item = Repository::TreeItem{from_oid(*git_tree_entry_id(present)), mode == GIT_FILEMODE_TREE};
    }
    if (!change.below.empty()) {
      const ObjectId subtree = write(item && item->is_tree ? item->id : ObjectId(), change.below);
      // Removing something below a file leaves the file.
      if (!subtree.is_zero() || !item || item->is_tree) item = Repository::TreeItem{subtree, true};
    }
    if (item && (item->id.is_zero() || (item->is_tree && item->id == empty_tree_))) item.reset();
    if (!item) {
      if (present != nullptr) check(git_treebuilder_remove(&builder, name.c_str()), "writing a tree");
      return;
    }
    if (item->is_tree) {
      mode = GIT_FILEMODE_TREE;
    } else if (mode == GIT_FILEMODE_TREE) {
      mode = GIT_FILEMODE_BLOB;
    }
    const git_oid oid = to_oid(item->id);
    check(git_treebuilder_insert(nullptr, &builder, name.c_str(), &oid, mode),
          "writing \"" + printable(name) + "\" into a tree");
  }

  git_repository* repository_;
  const ObjectId empty_tree_ = *ObjectId::from_hex(kEmptyTree);
};

}  // namespace

bool Repository::is_partial() const {
  return config("extensions.partialclone").has_value() || config("remote.origin.promisor").has_value();
}

ObjectBytes Repository::object(const ObjectId& id, const char* kind) const {
  const auto odb = acquire<OdbHandle>("reading the repository", git_repository_odb, handle_.get());
  const git_oid oid = to_oid(id);
  git_odb_object* raw = nullptr;
  const int code = git_odb_read(&raw, odb.get(), &oid);
  if (code == 0) return ObjectBytes(OdbObjectHandle(raw));
  if (code != GIT_ENOTFOUND) throw failure(std::string("reading the ") + kind + " " + id.hex(), "run git fsck");
  if (!is_partial()) {
    throw Error(std::string("the ") + kind + " " + id.hex() + " is not in the repository",
                "run git fetch (in a shallow clone, git fetch --unshallow), or git fsck if it ought to be there");
  }
  ProcessResult result = run_git(*this, {"cat-file", kind, id.hex()});
  if (result.status == 0) return ObjectBytes(std::move(result.output));
  throw Error(std::string("this partial clone does not have the ") + kind + " " + id.hex() +
                  ", and git could not fetch it: " + complaint(result),
              "make the remote reachable, or clone without --filter");
}

std::string Repository::blob(const ObjectId& id) const {
  const ObjectBytes bytes = object(id, "blob");
  if (!bytes.is(GIT_OBJECT_BLOB)) throw Error("the object " + id.hex() + " is not a blob");
  return std::string(bytes.view());
}

std::uintmax_t Repository::blob_size(const ObjectId& id) const {
  const auto odb = acquire<OdbHandle>("reading the repository", git_repository_odb, handle_.get());
  const git_oid oid = to_oid(id);
  std::size_t size = 0;
  git_object_t type = GIT_OBJECT_INVALID;
  if (git_odb_read_header(&size, &type, odb.get(), &oid) == 0) return size;
  if (is_partial()) {
    const ProcessResult result = run_git(*this, {"cat-file", "-s", id.hex()});
    std::uintmax_t fetched = 0;
    const char* const end = result.output.data() + result.output.size();
    if (result.status == 0 && std::from_chars(result.output.data(), end, fetched).ec == std::errc()) return fetched;
  }
  // Reading it says what is wrong.
  return object(id, "blob").view().size();
}

ObjectId Repository::write_blob(std::string_view bytes) const {
  git_oid oid{};
  check(git_blob_create_from_buffer(&oid, handle_.get(), bytes.data(), bytes.size()), "writing a blob");
  return from_oid(oid);
}

ObjectId Repository::write_tree(const ObjectId& base,
                                const std::map<std::string, std::optional<TreeItem>>& changes) const {
  const TreeWriter writer(handle_.get());
  const ObjectId tree = writer.write(base, changes);
  return tree.is_zero() ? writer.empty() : tree;
}

Repository::Author Repository::author() const {
  const auto name = config("user.name");
  const auto email = name ? config("user.email") : std::nullopt;
  return email ? Author{*name, *email} : Author{kFallbackName, kFallbackEmail};
}

ObjectId Repository::write_commit(const NewCommit& commit) const {
  if (commit.message.find('\0') != std::string::npos) throw Error("a commit message can't contain a NUL byte");
  const auto seconds = std::chrono::floor<std::chrono::seconds>(commit.time.time_since_epoch()).count();
  const SignatureHandle author = signature(commit.author, static_cast<git_time_t>(seconds));
  const git_oid tree = to_oid(commit.tree);
  std::vector<git_oid> parents;
  for (const ObjectId& parent : commit.parents) parents.push_back(to_oid(parent));
  std::vector<const git_oid*> pointers;
  for (const git_oid& parent : parents) pointers.push_back(&parent);
  git_oid oid{};
  check(git_commit_create_from_ids(&oid, handle_.get(), nullptr, author.get(), author.get(), nullptr,
                                   commit.message.c_str(), &tree, pointers.size(), pointers.data()),
        "writing a commit");
  return from_oid(oid);
}

}  // namespace flowship::git
