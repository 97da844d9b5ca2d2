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
#include <functional>
#include <memory>
#include <new>
#include <optional>
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

/// What the header of a loose object says: `blob 12`, and a NUL.
struct LooseHeader {
  git_object_t type = GIT_OBJECT_INVALID;
  std::size_t size = 0;
};

/// Where the content of an object goes, by its size; null: nowhere.
using Place = std::function<char*(std::size_t)>;

/// Reads one loose object.
class Inflater {
 public:
  explicit Inflater(const Descriptor& file) : file_(file) { ready_ = inflateInit(&stream_) == Z_OK; }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  /// Nothing if the file does not hold what its header says, as far as it is read.
  std::optional<LooseHeader> read(Extent extent, std::uintmax_t file_size, const Place& place) {
    constexpr std::size_t kLongestHeader = 32;
    const std::optional<std::size_t> begun = inflate_into(out_.data(), kLongestHeader);
    if (!begun) return std::nullopt;
    const std::string_view beginning(out_.data(), *begun);
    const std::size_t end = beginning.find('\0');
    const std::optional<LooseHeader> header = parse(beginning.substr(0, end));
    if (end == std::string_view::npos || !header || extent == Extent::header) return header;
    // No stream of zlib's is larger than that.
    constexpr std::uintmax_t kMostPerByte = 1100;
    if (header->size / kMostPerByte > file_size) return std::nullopt;
    const std::string_view content = beginning.substr(end + 1);
    if (content.size() > header->size) return std::nullopt;
    char* const data = place ? place(header->size) : nullptr;
    if (data != nullptr) std::copy(content.begin(), content.end(), data);
    for (std::size_t done = content.size(); done < header->size;) {
      const std::size_t rest = header->size - done;
      const auto got =
          data != nullptr ? inflate_into(data + done, rest) : inflate_into(out_.data(), std::min(rest, out_.size()));
      if (!got || *got == 0) return std::nullopt;
      done += *got;
    }
    return inflate_into(out_.data(), 1) == 0U ? header : std::nullopt;
  }

 private:
  /// Fills the `size` bytes at `to`; how many there were before the stream ended, nothing if the file is damaged.
  std::optional<std::size_t> inflate_into(char* to, std::size_t size) {
    std::size_t done = 0;
    while (ready_ && !ended_ && done < size) {
      // At the file's end zlib may have bytes left; if it has none, that is an error of its own.
      if (stream_.avail_in == 0) fill();
      const auto room = static_cast<uInt>(std::min(size - done, kMostAtOnce));
      stream_.next_out = reinterpret_cast<Bytef*>(to + done);
      stream_.avail_out = room;
      const int code = inflate(&stream_, Z_NO_FLUSH);
      if (code != Z_OK && code != Z_STREAM_END) return std::nullopt;
      ended_ = code == Z_STREAM_END;
      done += room - stream_.avail_out;
    }
    return ready_ ? std::optional(done) : std::nullopt;
  }

  /// Reads nothing at the end of the file.
  void fill() {
    ssize_t got = -1;
    do {
      got = ::read(file_.number(), in_.data(), in_.size());
    } while (got < 0 && errno == EINTR);
    stream_.next_in = in_.data();
    stream_.avail_in = got > 0 ? static_cast<uInt>(got) : 0;
  }

  static std::optional<LooseHeader> parse(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos) return std::nullopt;
    LooseHeader header{.type = git_object_string2type(std::string(text.substr(0, space)).c_str()), .size = 0};
    const char* const end = text.data() + text.size();
    const auto number = std::from_chars(text.data() + space + 1, end, header.size);
    if (number.ec != std::errc() || number.ptr != end || header.type == GIT_OBJECT_INVALID) return std::nullopt;
    return header;
  }

  static constexpr std::size_t kMostAtOnce = 1 << 30;
  const Descriptor& file_;
  std::array<Bytef, 16 * 1024> in_{};
  std::array<char, 64 * 1024> out_{};
  z_stream stream_{};
  bool ready_ = false;
  bool ended_ = false;
};

/// A loose object, as far as it was to be read.
struct LooseObject {
  /// False only for a file that is there and damaged.
  bool is_sound = true;
  /// Empty if there is no file.
  std::optional<LooseHeader> header;
};

LooseObject read_loose(const std::filesystem::path& path, Extent extent, const Place& place = {}) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  // Whoever reads it next says why it can't be opened.
  if (file.number() < 0) return {};
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {.is_sound = false, .header = {}};
  LooseObject object;
  object.header = std::make_unique<Inflater>(file)->read(extent, static_cast<std::uintmax_t>(facts.st_size), place);
  object.is_sound = object.header.has_value();
  return object;
}

std::filesystem::path loose_file(const std::filesystem::path& objects, const std::string& hex) {
  return objects / hex.substr(0, 2) / hex.substr(2);
}

/// Reads loose objects before libgit2's own backend for them does.
struct Guard : git_odb_backend {
  Folders folders;
};

int refuse(const std::string& hex) {
  git_error_set_str(GIT_ERROR_ODB, ("the file of the object " + hex + " is damaged").c_str());
  return GIT_ERROR;
}

/// Nothing where no folder has it; an error of libgit2's where its file is damaged.
int read_from(const Guard& guard, const std::string& hex, Extent extent, LooseHeader& header, const Place& place = {}) {
  for (const std::filesystem::path& folder : guard.folders) {
    const LooseObject object = read_loose(loose_file(folder, hex), extent, place);
    if (!object.is_sound) return refuse(hex);
    if (!object.header) continue;
    header = *object.header;
    return 0;
  }
  return GIT_ENOTFOUND;
}

/// No exception passes libgit2.
template <typename Work>
int guarded(git_odb_backend* backend, const Work& work) {
  try {
    return work(*static_cast<Guard*>(backend));
  } catch (const std::exception& error) {
    git_error_set_str(GIT_ERROR_ODB, error.what());
    return GIT_ERROR;
  }
}

int guard_read(void** data, std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) {
  void* content = nullptr;
  const Place place = [&](std::size_t length) {
    // As libgit2 does it, a NUL is behind the content.
    content = git_odb_backend_data_alloc(backend, length + 1);
    if (content == nullptr) throw std::bad_alloc();
    auto* const bytes = static_cast<char*>(content);
    bytes[length] = '\0';
    return bytes;
  };
  LooseHeader header;
  const int code = guarded(
      backend, [&](const Guard& guard) { return read_from(guard, from_oid(*id).hex(), Extent::whole, header, place); });
  if (code != 0) {
    git_odb_backend_data_free(backend, content);
    return code;
  }
  *data = content;
  *size = header.size;
  *type = header.type;
  return 0;
}

int guard_read_header(std::size_t* size, git_object_t* type, git_odb_backend* backend, const git_oid* id) {
  LooseHeader header;
  const int code = guarded(
      backend, [&](const Guard& guard) { return read_from(guard, from_oid(*id).hex(), Extent::header, header); });
  if (code != 0) return code;
  *size = header.size;
  *type = header.type;
  return 0;
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
        // Which of them is meant, libgit2 decides.
        if (!read_loose(entry.path(), Extent::whole).is_sound) return refuse(hex);
      }
    }
    return static_cast<int>(GIT_ENOTFOUND);
  });
}

void guard_free(git_odb_backend* backend) { delete static_cast<Guard*>(backend); }

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
      if (id && !read_loose(file.path(), Extent::whole).is_sound) return id;
    }
  }
  return std::nullopt;
}

void refuse_damaged_objects(git_repository* repository, bool from_environment) {
  // Before libgit2's backend for loose objects, which has 1, and after the one for packs.
  constexpr int kPriority = 2;
  auto guard = std::make_unique<Guard>();
  check(git_odb_init_backend(guard.get(), GIT_ODB_BACKEND_VERSION), "reading the repository");
  guard->folders = object_folders(repository, from_environment);
  guard->read = guard_read;
  guard->read_header = guard_read_header;
  guard->read_prefix = guard_read_prefix;
  guard->free = guard_free;
  const auto odb = acquire<OdbHandle>("reading the repository", git_repository_odb, repository);
  check(git_odb_add_backend(odb.get(), guard.get(), kPriority), "reading the repository");
  static_cast<void>(guard.release());
}

}  // namespace flowship::git
