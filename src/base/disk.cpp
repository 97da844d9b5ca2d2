#include "base/disk.hpp"

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "base/printable.hpp"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace flowship {

namespace {

Error failure(std::string_view doing, const std::filesystem::path& path, int code) {
  return Error("cannot " + std::string(doing) + " " + printable(path.string()) + ": " + std::strerror(code));
}

}  // namespace

std::optional<std::string> read_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) {
    if (errno == ENOENT || errno == ENOTDIR) return std::nullopt;
    throw failure("read", path, errno);
  }
  struct stat facts {};
  if (::fstat(file.number(), &facts) != 0) throw failure("read", path, errno);
  if (S_ISDIR(facts.st_mode)) throw failure("read", path, EISDIR);
  std::string bytes;
  if (const int error = file.read_all(bytes, static_cast<std::size_t>(facts.st_size)); error != 0) {
    throw failure("read", path, error);
  }
  return bytes;
}

void write_file_atomically(const std::filesystem::path& path, std::string_view bytes) {
  std::string temporary = path.string() + ".XXXXXX";
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.number() < 0) throw failure("write", path, errno);
  const auto fail = [&](int code) {
    ::unlink(temporary.c_str());
    return failure("write", path, code);
  };
  struct stat facts {};
  const mode_t mode = ::stat(path.c_str(), &facts) == 0 ? (facts.st_mode & 07777U) : 0644U;
  if (::fchmod(file.number(), mode) != 0) throw fail(errno);
  if (const int error = file.write_all(bytes); error != 0) throw fail(error);
  if (::fsync(file.number()) != 0) throw fail(errno);
  if (::rename(temporary.c_str(), path.c_str()) != 0) throw fail(errno);
}

}  // namespace flowship
