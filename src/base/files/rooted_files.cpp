#include "base/files/rooted_files.hpp"

#include "base/files/file_error.hpp"
#include "base/text/printable.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace flowship {

namespace {

constexpr const char* kIsLink = "it is a symbolic link, which flowship does not follow";

/// Takes the next name off `rest`.
std::string take_name(std::string_view& rest, std::string_view doing, std::string_view path) {
  const std::size_t slash = rest.find('/');
  std::string name(rest.substr(0, slash));
  const bool ends_in_slash = slash != std::string_view::npos && slash + 1 == rest.size();
  if (ends_in_slash || name.empty() || name == "." || name == ".." || name.find('\0') != std::string::npos) {
    throw file_error(doing, path, "not a path inside the repository");
  }
  rest = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
  return name;
}

/// Refuses a path that leaves the root, before anything is opened or created.
void expect_inside(std::string_view doing, std::string_view path) {
  std::string_view rest = path;
  do {
    take_name(rest, doing, path);
  } while (!rest.empty());
}

/// Opening a pipe or device must not block.
constexpr int kOpenFile = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_CLOEXEC;

/// Opens `path` in one call that follows no symbolic link (Linux 5.6); negative if the kernel lacks it or the path
/// can't be opened.
int open_at_once(const Descriptor& root, const std::string& path) {
  open_how how{};
  how.flags = kOpenFile;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  return static_cast<int>(::syscall(SYS_openat2, root.number(), path.c_str(), &how, sizeof how));
}

/// One call of `change_files`.
class Change {
 public:
  explicit Change(const std::filesystem::path& root) : root_(root) {}
  Change(const Change&) = delete;
  Change& operator=(const Change&) = delete;
  ~Change() {
    for (const Prepared& file : prepared_) {
      if (!file.temporary.empty()) ::unlinkat(file.folder.number(), file.temporary.c_str(), 0);
    }
  }

  void prepare(const std::string& path, const std::optional<std::string>& text) {
    expect_inside("write", path);
    std::optional<Place> place = find(path, text.has_value());
    if (!place) return;
    Prepared& file = prepared_.emplace_back(Prepared{std::move(place->folder), place->name, {}, path});
    struct stat facts {};
    const bool exists = ::fstatat(file.folder.number(), file.name.c_str(), &facts, AT_SYMLINK_NOFOLLOW) == 0;
    if (exists && S_ISLNK(facts.st_mode)) throw file_error("write", path, kIsLink);
    if (exists && !S_ISREG(facts.st_mode)) throw file_error("write", path, "it is not a regular file");
    if (text) write_beside(file, *text, exists ? std::optional(facts.st_mode & 07777U) : std::nullopt);
  }

  void carry_out() {
    for (Prepared& file : prepared_) {
      const int folder = file.folder.number();
      const bool done = file.temporary.empty()
                            ? ::unlinkat(folder, file.name.c_str(), 0) == 0 || errno == ENOENT
                            : ::renameat(folder, file.temporary.c_str(), folder, file.name.c_str()) == 0;
      if (!done) throw file_error("write", file.path, std::strerror(errno));
      file.temporary.clear();
    }
  }

 private:
  struct Place {
    Descriptor folder;
    std::string name;
  };
  struct Prepared {
    Descriptor folder;
    std::string name;
    /// Beside it, with the new content; empty if the file is to be removed.
    std::string temporary;
    std::string path;
  };

  /// The folder of a file. If it is missing: created with `make`, else nothing.
  std::optional<Place> find(const std::string& path, bool make) const {
    Descriptor at(::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (at.number() < 0) throw file_error("write", path, std::strerror(errno));
    std::string_view rest = path;
    while (true) {
      std::string name = take_name(rest, "write", path);
      if (rest.empty()) return Place{std::move(at), std::move(name)};
      if (make && ::mkdirat(at.number(), name.c_str(), 0777) != 0 && errno != EEXIST) {
        throw file_error("write", path, std::strerror(errno));
      }
      at = Descriptor(::openat(at.number(), name.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
      if (at.number() < 0 && errno == ENOENT && !make) return std::nullopt;
      struct stat facts {};
      if (at.number() < 0 || ::fstat(at.number(), &facts) != 0) throw file_error("write", path, std::strerror(errno));
      if (S_ISLNK(facts.st_mode)) throw file_error("write", path, "`" + printable(name) + "` is a symbolic link");
      if (!S_ISDIR(facts.st_mode)) throw file_error("write", path, "`" + printable(name) + "` is not a folder");
    }
  }

  void write_beside(Prepared& file, const std::string& text, std::optional<mode_t> mode) {
    Descriptor beside(-1);
    while (beside.number() < 0) {
      const std::string name = ".flowship-" + std::to_string(::getpid()) + "-" + std::to_string(++number_);
      beside = Descriptor(::openat(file.folder.number(), name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
      if (beside.number() >= 0) {
        file.temporary = name;
      } else if (errno != EEXIST) {
        throw file_error("write", file.path, std::strerror(errno));
      }
    }
    if (mode && ::fchmod(beside.number(), *mode) != 0) throw file_error("write", file.path, std::strerror(errno));
    if (const int error = beside.write_all(text); error != 0)
      throw file_error("write", file.path, std::strerror(error));
    if (::fsync(beside.number()) != 0) throw file_error("write", file.path, std::strerror(errno));
  }

  const std::filesystem::path& root_;
  std::vector<Prepared> prepared_;
  int number_ = 0;
};

}  // namespace

std::optional<Descriptor> open_below(const Descriptor& root, std::string_view path) {
  expect_inside("read", path);
  if (Descriptor file(open_at_once(root, std::string(path))); file.number() >= 0) return file;
  // Name by name: works on every kernel, and finds out what is in the way.
  std::string_view rest = path;
  Descriptor at(-1);
  while (true) {
    const std::string name = take_name(rest, "read", path);
    const int flags = rest.empty() ? kOpenFile : O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    at = Descriptor(::openat(at.number() < 0 ? root.number() : at.number(), name.c_str(), flags));
    if (at.number() < 0) {
      if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
      throw file_error("read", path, errno == ELOOP ? kIsLink : std::strerror(errno));
    }
    if (rest.empty()) return at;
  }
}

void change_files(const std::filesystem::path& root, const std::map<std::string, std::optional<std::string>>& changes) {
  Change change(root);
  for (const auto& [path, text] : changes) change.prepare(path, text);
  change.carry_out();
}

}  // namespace flowship
