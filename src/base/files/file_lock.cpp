#include "base/files/file_lock.hpp"

#include "base/files/file_error.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/file.h>

namespace flowship {

namespace {

Descriptor open_lock(const std::filesystem::path& path) {
  constexpr mode_t kOwnerAlone = 0600;
  Descriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, kOwnerAlone));
  if (file.number() < 0) throw file_error("lock", path.native(), std::strerror(errno));
  return file;
}

}  // namespace

std::optional<FileLock> FileLock::try_lock(const std::filesystem::path& path) {
  FileLock lock(open_lock(path));
  if (::flock(lock.file_.number(), LOCK_EX | LOCK_NB) == 0) return lock;
  if (errno == EWOULDBLOCK) return std::nullopt;
  throw file_error("lock", path.native(), std::strerror(errno));
}

FileLock FileLock::wait_for(const std::filesystem::path& path) {
  FileLock lock(open_lock(path));
  while (::flock(lock.file_.number(), LOCK_EX) != 0) {
    if (errno != EINTR) throw file_error("lock", path.native(), std::strerror(errno));
  }
  return lock;
}

}  // namespace flowship
