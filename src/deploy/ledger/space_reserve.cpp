#include "deploy/ledger/space_reserve.hpp"

#include "base/error.hpp"
#include "base/files/descriptor.hpp"
#include "deploy/ledger/seen_tip.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/statvfs.h>
#include <system_error>
#include <unistd.h>

namespace flowship::deploy {

namespace {

/// Whether an errno says that there is no room; anything else is for whoever writes the result to report.
bool is_full(int code) { return code == ENOSPC || code == EDQUOT || code == EFBIG; }

/// Creates a file of that size. Returns the errno, 0 for success.
int create(const std::filesystem::path& file, std::uintmax_t bytes) {
  constexpr mode_t kOwnerAlone = 0600;
  const Descriptor descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, kOwnerAlone));
  if (descriptor.number() < 0) return errno;
  return bytes == 0 ? 0 : ::posix_fallocate(descriptor.number(), 0, static_cast<off_t>(bytes));
}

/// Whether files have to be reserved. A filesystem without a limit on them says that it has none.
bool may_run_out_of_files(const std::filesystem::path& folder, std::size_t files) {
  // More than others create while a deployment lasts.
  constexpr std::size_t kMargin = 100'000;
  struct statvfs facts {};
  return ::statvfs(folder.c_str(), &facts) != 0 || (facts.f_files != 0 && facts.f_favail < files + kMargin);
}

/// Returns the errno, 0 for success.
int fill(const std::filesystem::path& folder, const SpaceReserve::Need& need) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return failed.value();
  if (const int code = create(folder / "space", need.bytes); code != 0) return code;
  if (!may_run_out_of_files(folder, need.files)) return 0;
  for (std::size_t number = 1; number < need.files; ++number) {
    if (const int code = create(folder / std::to_string(number), 0); code != 0) return code;
  }
  return 0;
}

}  // namespace

SpaceReserve::SpaceReserve(const git::Repository& repository, const std::string& ledger_ref, const Need& need)
    : folder_(clone_file(repository, ledger_ref, ".reserve")) {
  try {
    lock_ = FileLock::try_lock(clone_file(repository, ledger_ref, ".reserving"));
  } catch (const Error&) {
    return;
  }
  if (!lock_) return;
  const int code = fill(folder_, need);
  if (!is_full(code)) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
  throw Error("there is no room to record the deployment in " + repository.common_directory().string() + ": " +
                  std::strerror(code) + "; nothing was sent",
              "free " + std::to_string(need.bytes / 1024) + " KiB and " + std::to_string(need.files) + " inodes there");
}

SpaceReserve::~SpaceReserve() {
  if (!lock_) return;
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

}  // namespace flowship::deploy
