#include "deploy/ledger/lease_holder.hpp"

#include "base/files/files.hpp"

#include <array>
#include <filesystem>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace flowship::deploy {

namespace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string realm_name() {
  std::string boot = read_file("/proc/sys/kernel/random/boot_id").value_or("");
  while (!boot.empty() && boot.back() == '\n') boot.pop_back();
  std::error_code ignored;
  return boot + "/" + std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
}

/// Field 22 of /proc/<pid>/stat (proc(5)). Fields are counted after the program's name, which may contain anything.
std::optional<std::string> start_of(long pid) {
  const std::optional<std::string> stat = read_file("/proc/" + std::to_string(pid) + "/stat");
  if (!stat) return std::nullopt;
  const std::size_t name_end = stat->rfind(')');
  if (name_end == std::string::npos) return std::nullopt;
  std::istringstream fields(stat->substr(name_end + 1));
  std::string field;
  std::string state;
  constexpr int kState = 3;
  constexpr int kStartTime = 22;
  for (int number = kState; number <= kStartTime && fields >> field; ++number) {
    if (number == kState) state = field;
  }
  // A zombie has ended; its parent has not yet collected the status.
  if (state == "Z" || state == "X") return std::nullopt;
  return field;
}

}  // namespace

LeaseHolder this_process() {
  const long pid = ::getpid();
  return {.host = host_name(), .realm = realm_name(), .pid = pid, .started = start_of(pid).value_or("")};
}

Liveness liveness_of(const LeaseHolder& holder) {
  if (holder.host != host_name() || holder.realm != realm_name()) return Liveness::elsewhere;
  return start_of(holder.pid) == holder.started ? Liveness::alive : Liveness::gone;
}

}  // namespace flowship::deploy
