#include "cli/relay.hpp"

#include "base/process.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <ostream>
#include <sys/wait.h>

namespace flowship::cli {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{20};

void show_rest(std::ifstream& log, std::ostream& out) {
  std::array<char, 4096> buffer;
  while (log.read(buffer.data(), buffer.size()), log.gcount() > 0) out.write(buffer.data(), log.gcount());
  // Reading goes on from here once more is written.
  log.clear();
  out << std::flush;
}

/// The exit code of a child that has ended; nothing while it runs.
std::optional<int> end_of(int process) {
  int status = 0;
  const pid_t ended = ::waitpid(process, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return std::nullopt;
  if (ended < 0) return 1;
  return flowship::exit_code_of(status);
}

}  // namespace

int relay(const std::filesystem::path& log, int process, std::ostream& out, const Clock& clock) {
  std::ifstream file(log, std::ios::binary);
  while (true) {
    // Before the last read, so that nothing written in between is missed.
    const std::optional<int> status = end_of(process);
    show_rest(file, out);
    if (status) return *status;
    clock.sleep_until(clock.ticks() + kBetweenLooks, {});
  }
}

}  // namespace flowship::cli
