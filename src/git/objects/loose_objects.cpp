#include "git/objects/loose_objects.hpp"

#include "base/files/descriptor.hpp"
#include "base/text/split.hpp"
#include "git/handle.hpp"

#include <git2/sys/odb_backend.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>
#include <zlib.h>

namespace flowship::git {

namespace {

using Folders = std::vector<std::filesystem::path>;

enum class Extent { header, whole };

/// A stream of zlib's, with its two buffers.
class Inflater {
 public:
  Inflater() { ready_ = inflateInit(&stream_) == Z_OK; }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Whether `file` is a loose object, as far as it is to be read.
  bool accepts(int file, Extent extent) {
    while (ready_) {
      const ssize_t got = ::read(file, in_.data(), in_.size());
      if (got < 0 && errno == EINTR) continue;
      // At its end the stream has not ended.
      if (got <= 0) return false;
      stream_.next_in = in_.data();
      stream_.avail_in = static_cast<uInt>(got);
      while (true) {
        const int code = step();
        if (code == Z_STREAM_END) return size_ == size_in_header();
        if (code == Z_BUF_ERROR) break;
        if (code != Z_OK) return false;
        if (extent == Extent::header && has_header()) return true;
      }
    }
    return true;
  }

 private:
  int step() {
    stream_.next_out = out_.data();
    stream_.avail_out = static_cast<uInt>(out_.size());
    const int code = inflate(&stream_, Z_NO_FLUSH);
    const std::size_t made = out_.size() - stream_.avail_out;
    for (std::size_t at = 0; at < made && !has_header() && header_.size() < kLongestHeader; ++at) {
      header_.push_back(static_cast<char>(out_[at]));
    }
    size_ += made;
    return code;
  }

  bool has_header() const { return header_.ends_with('\0'); }

  /// Of the whole, the header included; nothing if it says none: `blob 12`, and a NUL.
  std::optional<std::uint64_t> size_in_header() const {
    const std::size_t space = header_.find(' ');
    if (!has_header() || space == std::string::npos) return std::nullopt;
    std::uint64_t size = 0;
    const char* const end = header_.data() + header_.size() - 1;
    if (std::from_chars(header_.data() + space + 1, end, size).ptr != end) return std::nullopt;
    return size + header_.size();
  }

  static constexpr std::size_t kLongestHeader = 64;
  std::array<unsigned char, 16 * 1024> in_{};
  std::array<unsigned char, 64 * 1024> out_{};
  z_stream stream_{};
  bool ready_ = false;
  std::string header_;
  std::uint64_t size_ = 0;
};

/// False only for a file that is there and damaged.
bool is_sound(const std::filesystem::path& path, Extent extent) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  // Whoever reads it next says why it can't be opened.
  if (file.number() < 0) return true;
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode)) return false;
  return std::make_unique<Inflater>()->accepts(file.number(), extent);
}

std::filesystem::path loose_file(const std::filesystem::path& objects, const std::string& hex) {
  return objects / hex.substr(0, 2) / hex.substr(2);
}

/// Has no objects of its own: it only looks at the files that libgit2's own backend for loose objects reads next.
struct Guard {
  git_odb_backend backend{};
  Folders folders;
};

int judge(const Guard& guard, const std::string& hex, Extent extent) {
  for (const std::filesystem::path& folder : guard.folders) {
    if (is_sound(loose_file(folder, hex), extent)) continue;
    git_error_set_str(GIT_ERROR_ODB, ("the file of the object " + hex + " is damaged").c_str());
    return GIT_ERROR;
  }
  return GIT_ENOTFOUND;
}

/// No exception passes libgit2.
template <typename Work>
int guarded(git_odb_backend* backend, const Work& work) {
  try {
    return work(*reinterpret_cast<Guard*>(backend));
  } catch (const std::exception& error) {
    git_error_set_str(GIT_ERROR_ODB, error.what());
    return GIT_ERROR;
  }
}

int guard_read(void**, std::size_t*, git_object_t*, git_odb_backend* backend, const git_oid* id) {
  return guarded(backend, [&](const Guard& guard) { return judge(guard, from_oid(*id).hex(), Extent::whole); });
}

int guard_read_header(std::size_t*, git_object_t*, git_odb_backend* backend, const git_oid* id) {
  return guarded(backend, [&](const Guard& guard) { return judge(guard, from_oid(*id).hex(), Extent::header); });
}

int guard_read_prefix(git_oid*, void**, std::size_t*, git_object_t*, git_odb_backend* backend, const git_oid* id,
                      std::size_t length) {
  return guarded(backend, [&](const Guard& guard) {
    const std::string prefix = from_oid(*id).hex().substr(0, length);
    std::error_code ignored;
    for (const std::filesystem::path& folder : guard.folders) {
      for (const auto& entry : std::filesystem::directory_iterator(folder / prefix.substr(0, 2), ignored)) {
        const std::string hex = prefix.substr(0, 2) + entry.path().filename().string();
        if (!hex.starts_with(prefix)) continue;
        if (const int code = judge(guard, hex, Extent::whole); code != GIT_ENOTFOUND) return code;
      }
    }
    return static_cast<int>(GIT_ENOTFOUND);
  });
}

void guard_free(git_odb_backend* backend) { delete reinterpret_cast<Guard*>(backend); }

std::string variable(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

/// A folder of objects, and those that it borrows from.
void add_with_alternates(const std::filesystem::path& objects, Folders& folders) {
  constexpr std::size_t kMostFolders = 32;
  if (folders.size() == kMostFolders || std::find(folders.begin(), folders.end(), objects) != folders.end()) return;
  folders.push_back(objects);
  std::ifstream alternates(objects / "info" / "alternates");
  for (std::string line; std::getline(alternates, line);) {
    if (!line.empty() && line.front() != '#') add_with_alternates((objects / line).lexically_normal(), folders);
  }
}

Folders object_folders(git_repository* repository, bool from_environment) {
  Folders folders;
  std::filesystem::path objects = std::filesystem::path(git_repository_commondir(repository)) / "objects";
  if (const std::string chosen = variable("GIT_OBJECT_DIRECTORY"); from_environment && !chosen.empty())
    objects = chosen;
  add_with_alternates(objects, folders);
  if (!from_environment) return folders;
  const std::string borrowed = variable("GIT_ALTERNATE_OBJECT_DIRECTORIES");
  for (const std::string_view folder : split(borrowed, ':')) {
    if (!folder.empty()) add_with_alternates(folder, folders);
  }
  return folders;
}

}  // namespace

std::optional<ObjectId> damaged_loose_object(const std::filesystem::path& objects) {
  std::error_code ignored;
  for (const auto& folder : std::filesystem::directory_iterator(objects, ignored)) {
    for (const auto& file : std::filesystem::directory_iterator(folder.path(), ignored)) {
      const auto id = ObjectId::from_hex(folder.path().filename().string() + file.path().filename().string());
      if (id && !is_sound(file.path(), Extent::whole)) return id;
    }
  }
  return std::nullopt;
}

void refuse_damaged_objects(git_repository* repository, bool from_environment) {
  // Before libgit2's backend for loose objects, which has 1, and after the one for packs.
  constexpr int kPriority = 2;
  auto guard = std::make_unique<Guard>();
  check(git_odb_init_backend(&guard->backend, GIT_ODB_BACKEND_VERSION), "reading the repository");
  guard->folders = object_folders(repository, from_environment);
  guard->backend.read = guard_read;
  guard->backend.read_header = guard_read_header;
  guard->backend.read_prefix = guard_read_prefix;
  guard->backend.free = guard_free;
  const auto odb = acquire<OdbHandle>("reading the repository", git_repository_odb, repository);
  check(git_odb_add_backend(odb.get(), &guard->backend, kPriority), "reading the repository");
  static_cast<void>(guard.release());
}

}  // namespace flowship::git
