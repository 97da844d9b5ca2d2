#include "base/files/file_lock.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <utility>

namespace flowship {

namespace {

Error failure(const std::filesystem::path& path, int code) {
  return Error("cannot lock " + printable(path.string()) + ": " + std::strerror(code));
}

int open_lock(const std::filesystem::path& path) {
  constexpr mode_t kOwnerAlone = 0600;
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kOwnerAlone);
  if (descriptor < 0) throw failure(path, errno);
  return descriptor;
}

}  // namespace

std::optional<FileLock> FileLock::try_lock(const std::filesystem::path& path) {
  FileLock lock(open_lock(path));
  if (::flock(lock.descriptor_, LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return std::nullopt;
  throw failure(path, errno);
}

FileLock FileLock::wait_for(const std::filesystem::path& path) {
  FileLock lock(open_lock(path));
  while (::flock(lock.descriptor_, LOCK_EX) != 0) {
    if (errno != EINTR) throw failure(path, errno);
  }
  return lock;
}

FileLock::FileLock(FileLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

FileLock::~FileLock() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace flowship
