#include "deploy/ledger/lease_holder.hpp"

#include "base/boot_clock.hpp"
#include "base/files/files.hpp"
#include "check/rules/secrets.hpp"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <sstream>
#include <unistd.h>

namespace flowship::deploy {

namespace {

/// deployment.json has to stay small.
constexpr std::size_t kLongestAddress = 300;

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::string realm_name() {
  std::error_code ignored;
  return boot_id() + "/" + std::filesystem::read_symlink("/proc/self/ns/pid", ignored).string();
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : value;
}

/// As both hosts set it for their jobs.
std::string run_address() {
  std::string job = variable("CI_JOB_URL");
  const std::string server = variable("GITHUB_SERVER_URL");
  const std::string repository = variable("GITHUB_REPOSITORY");
  const std::string run = variable("GITHUB_RUN_ID");
  if (!server.empty() && !repository.empty() && !run.empty()) {
    job = server + "/" + repository + "/actions/runs/" + run;
  }
  const bool is_address = job.starts_with("https://") || job.starts_with("http://");
  return is_address && job.size() <= kLongestAddress ? job : std::string();
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
  return {.host = host_name(),
          .realm = realm_name(),
          .pid = pid,
          .started = start_of(pid).value_or(""),
          .run = check::with_message_masked(run_address())};
}

Liveness liveness_of(const LeaseHolder& holder) {
  if (holder.host != host_name() || holder.realm != realm_name()) return Liveness::elsewhere;
  return start_of(holder.pid) == holder.started ? Liveness::alive : Liveness::gone;
}

}  // namespace flowship::deploy
