#include "base/text/printable.hpp"
#include "git/handle.hpp"
#include "git/library.hpp"
#include "git/objects/loose_objects.hpp"
#include "git/remote/user_git.hpp"
#include "git/repository.hpp"

#include <cstdlib>
#include <fcntl.h>

namespace flowship::git {

namespace {

/// Removes a variable that libgit2 does not support from the environment for a while.
class WithoutVariable {
 public:
  explicit WithoutVariable(const char* name) : name_(name) {
    if (const char* value = std::getenv(name)) value_ = value;
    ::unsetenv(name);
  }
  WithoutVariable(const WithoutVariable&) = delete;
  WithoutVariable& operator=(const WithoutVariable&) = delete;
  ~WithoutVariable() {
    if (value_) ::setenv(name_, value_->c_str(), 1);
  }
  const std::optional<std::string>& value() const { return value_; }

 private:
  const char* name_;
  std::optional<std::string> value_;
};

/// Asks git about a repository that libgit2 does not trust: git knows `safe.directory=*` and GIT_CONFIG_GLOBAL.
ProcessResult ask_git(const std::filesystem::path& directory, bool from_environment) {
  Command command{.arguments = {"git", "-C", directory.string(), "rev-parse", "--git-dir"}};
  if (!from_environment) {
    for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR"}) command.environment[name] = std::nullopt;
  }
  return run(command);
}

/// Suggests the very command that git suggests, if it does, because it names the directory as git expects it.
Error distrust(const std::filesystem::path& directory, const ProcessResult& git) {
  const std::string command = "git config --global --add safe.directory ";
  const std::size_t start = git.errors.find(command);
  const std::string proposed = start == std::string::npos
                                   ? command + std::filesystem::absolute(directory).lexically_normal().string()
                                   : git.errors.substr(start, git.errors.find('\n', start) - start);
  return Error("the repository at " + printable(directory.string()) + " belongs to another user",
               "if you trust it: " + printable(proposed));
}

bool is_owner_refusal(int code) {
  const git_error* last = git_error_last();
  return code == GIT_EOWNER || (code == GIT_ENOTFOUND && last != nullptr && last->klass == GIT_ERROR_CONFIG);
}

Error open_failure(int code, const std::filesystem::path& directory) {
  const std::string shown = printable(directory.string());
  const git_error* last = git_error_last();
  const std::string reason = last != nullptr && last->message != nullptr ? last->message : "";
  // libgit2 1.5 names the setting, 1.9 what it says.
  if (reason.find("objectformat") != std::string::npos || reason.find("object format") != std::string::npos) {
    return Error("the repository at " + shown + " uses SHA-256 object names, which flowship cannot read",
                 "use a repository with SHA-1 object names (git init --object-format=sha1)");
  }
  if (reason.find("refstorage") != std::string::npos) {
    return Error("the repository at " + shown + " stores its refs in a format that flowship cannot read",
                 "convert it: git refs migrate --ref-format=files");
  }
  if (code == GIT_ENOTFOUND) {
    return Error(shown + " is not in a git repository",
                 "change to the repository, or name it with --repo; git init creates one");
  }
  return failure("opening the repository at " + shown);
}

git_repository* open_at(const std::filesystem::path& directory, const char* path, unsigned flags) {
  start_library();
  const bool from_environment = path == nullptr;
  git_repository* repository = nullptr;
  int code = git_repository_open_ext(&repository, path, flags, nullptr);
  if (code < 0 && is_owner_refusal(code)) {
    const ProcessResult git = ask_git(directory, from_environment);
    if (git.status != 0) throw distrust(directory, git);
    check(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0), "opening the repository");
    code = git_repository_open_ext(&repository, path, flags, nullptr);
    check(git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 1), "opening the repository");
  }
  if (code < 0) throw open_failure(code, directory);
  try {
    refuse_damaged_objects(repository, from_environment);
  } catch (const Error&) {
    git_repository_free(repository);
    throw;
  }
  return repository;
}

/// A directory as libgit2 returns it, without the trailing slash.
std::filesystem::path directory_path(const char* directory) {
  std::string path = directory == nullptr ? "" : directory;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  return path;
}

/// Whether the environment changes the configuration, which libgit2 ignores.
bool configured_by_environment() {
  for (const char* name :
       {"GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_CONFIG_COUNT", "GIT_CONFIG_PARAMETERS"}) {
    if (std::getenv(name) != nullptr) return true;
  }
  return false;
}

}  // namespace

void Repository::Close::operator()(git_repository* repository) const { git_repository_free(repository); }
Repository::Repository(git_repository* repository)
    : handle_(repository),
      work_tree_(is_bare() ? -1 : ::open(work_directory().c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Repository Repository::open(const std::filesystem::path& directory) {
  const std::filesystem::path place = directory.empty() ? "." : directory;
  return Repository(open_at(place, place.c_str(), 0));
}

Repository Repository::open_from_environment() {
  const WithoutVariable work_tree("GIT_WORK_TREE");
  const WithoutVariable common("GIT_COMMON_DIR");
  Repository repository = [] {
    try {
      return Repository(open_at(".", nullptr, GIT_REPOSITORY_OPEN_FROM_ENV));
    } catch (const Error&) {
      // libgit2 does not open a repository with an index that it can't read.
      if (std::getenv("GIT_INDEX_FILE") == nullptr) throw;
      const WithoutVariable index("GIT_INDEX_FILE");
      Repository without_index(open_at(".", nullptr, GIT_REPOSITORY_OPEN_FROM_ENV));
      without_index.index_by_git_ = true;
      return without_index;
    }
  }();
  repository.from_environment_ = true;
  // Usually it is the repository's own work tree.
  std::error_code ignored;
  if (work_tree.value() && !work_tree.value()->empty() &&
      !std::filesystem::equivalent(*work_tree.value(), repository.work_directory(), ignored)) {
    check(git_repository_set_workdir(repository.handle_.get(), work_tree.value()->c_str(), 0),
          "using the work tree of GIT_WORK_TREE");
  }
  return repository;
}

bool Repository::is_bare() const { return git_repository_is_bare(handle_.get()) != 0; }

std::filesystem::path Repository::work_directory() const {
  return directory_path(git_repository_workdir(handle_.get()));
}

std::filesystem::path Repository::git_directory() const { return directory_path(git_repository_path(handle_.get())); }

std::filesystem::path Repository::common_directory() const {
  return directory_path(git_repository_commondir(handle_.get()));
}

std::optional<std::string> Repository::config(const std::string& name) const {
  if (configured_by_environment()) {
    const ProcessResult result = run_git(*this, {"config", "-z", "--get", name});
    if (result.status == 0) return result.output.substr(0, result.output.find('\0'));
    if (result.status == 1) return std::nullopt;
    throw Error("reading the git configuration " + printable(name) + ": " + complaint(result));
  }
  const auto configuration =
      acquire<ConfigHandle>("reading the git configuration", git_repository_config_snapshot, handle_.get());
  const char* value = nullptr;
  const int code = git_config_get_string(&value, configuration.get(), name.c_str());
  if (code == GIT_ENOTFOUND) return std::nullopt;
  check(code, "reading the git configuration " + printable(name));
  return std::string(value);
}

std::optional<bool> Repository::config_flag(const std::string& name) const {
  const ProcessResult result = run_git(*this, {"config", "--type=bool", "--get", name});
  if (result.status == 0) return result.output == "true\n";
  if (result.status == 1) return std::nullopt;
  throw Error("reading the git configuration " + printable(name) + ": " + complaint(result));
}

}  // namespace flowship::git
