#include "base/files/files.hpp"

#include "base/files/descriptor.hpp"
#include "base/files/file_error.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace flowship {

namespace {

/// The target of symbolic links, whether or not it exists.
std::filesystem::path target_of(std::filesystem::path path) {
  constexpr int kMostLinks = 40;
  std::error_code ignored;
  for (int links = 0; links < kMostLinks && std::filesystem::is_symlink(path, ignored); ++links) {
    path = path.parent_path() / std::filesystem::read_symlink(path);
  }
  return path;
}

/// Which of standard output and standard error goes to that file, or -1. If such a file were replaced, later output
/// would be lost.
int standard_output(const struct stat& file) {
  for (const int number : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat facts {};
    if (::fstat(number, &facts) == 0 && facts.st_dev == file.st_dev && facts.st_ino == file.st_ino) return number;
  }
  return -1;
}

struct OpenFile {
  Descriptor descriptor;
  /// Zero where the kernel makes the content up.
  std::size_t size;
};

/// A regular file within the limit; nothing if there is none.
std::optional<OpenFile> open_file(const std::filesystem::path& path, const SizeLimit& limit) {
  // A pipe that nobody writes to must not block.
  Descriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (file.number() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw file_error("read", path.native(), std::strerror(errno));
  }
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) throw file_error("read", path.native(), std::strerror(errno));
  if (S_ISDIR(facts.st_mode)) throw file_error("read", path.native(), std::strerror(EISDIR));
  if (!S_ISREG(facts.st_mode)) throw file_error("read", path.native(), "it is not a regular file");
  limit.expect(path.native(), static_cast<std::uintmax_t>(facts.st_size));
  return OpenFile{std::move(file), static_cast<std::size_t>(facts.st_size)};
}

/// For devices, pipes and the like, which can't be replaced.
void write_through(const std::filesystem::path& path, std::string_view bytes) {
  // Opening and closing a pipe would signal the end to its reader.
  if (bytes.empty() && ::access(path.c_str(), W_OK) == 0) return;
  const Descriptor file(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (file.number() < 0) throw file_error("write", path.native(), std::strerror(errno));
  if (const int error = file.write_all(bytes); error != 0)
    throw file_error("write", path.native(), std::strerror(error));
}

void replace(const std::filesystem::path& path, std::string_view bytes, mode_t mode) {
  std::string temporary = path.string() + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.number() < 0) throw file_error("write", path.native(), std::strerror(errno));
  const auto fail = [&](int code) {
    ::unlink(temporary.c_str());
    return file_error("write", path.native(), std::strerror(code));
  };
  if (::fchmod(file.number(), mode) != 0) throw fail(errno);
  if (const int error = file.write_all(bytes); error != 0) throw fail(error);
  if (::fsync(file.number()) != 0) throw fail(errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) throw fail(errno);
}

}  // namespace

std::optional<std::string> read_file(const std::filesystem::path& path, const SizeLimit& limit) {
  const std::optional<OpenFile> file = open_file(path, limit);
  if (!file) return std::nullopt;
  std::string bytes;
  if (const int error = file->descriptor.read_all(bytes, file->size, limit.bytes); error != 0) {
    throw file_error("read", path.native(), std::strerror(error));
  }
  return bytes;
}

void expect_file(const std::filesystem::path& path, const SizeLimit& limit) { open_file(path, limit); }

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  struct stat facts {};
  const bool is_there = ::stat(path.c_str(), &facts) == 0;
  if (is_there && S_ISDIR(facts.st_mode)) throw file_error("write", path.native(), std::strerror(EISDIR));
  if (is_there && !S_ISREG(facts.st_mode)) {
    write_through(path, bytes);
  } else if (const int open = is_there ? standard_output(facts) : -1; open >= 0) {
    const Descriptor file(::fcntl(open, F_DUPFD_CLOEXEC, 0));
    if (const int error = file.write_all(bytes); error != 0)
      throw file_error("write", path.native(), std::strerror(error));
  } else {
    replace(target_of(path), bytes, is_there ? (facts.st_mode & 07777U) : 0644U);
  }
}

}  // namespace flowship
