#include "cli/relay.hpp"

#include <array>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <optional>
#include <ostream>
#include <sys/wait.h>
#include <thread>

namespace flowship::cli {

namespace {

constexpr std::chrono::milliseconds kBetweenLooks{20};

void show_rest(std::ifstream& log, std::ostream& out) {
  std::array<char, 4096> buffer;
  while (log.read(buffer.data(), buffer.size()), log.gcount() > 0) out.write(buffer.data(), log.gcount());
  // The end of the file is where it goes on.
  log.clear();
  out << std::flush;
}

/// The exit code of a child that has ended; nothing while it runs.
std::optional<int> end_of(int process) {
  int status = 0;
  const pid_t ended = ::waitpid(process, &status, WNOHANG);
  if (ended == 0 || (ended < 0 && errno == EINTR)) return std::nullopt;
  if (ended < 0) return 1;
  constexpr int kSignalled = 128;
  return WIFEXITED(status) ? WEXITSTATUS(status) : kSignalled + WTERMSIG(status);
}

}  // namespace

int relay(const std::filesystem::path& log, int process, std::ostream& out) {
  std::ifstream file(log, std::ios::binary);
  while (true) {
    // Asked before the last look, so that nothing written in between is missed.
    const std::optional<int> status = end_of(process);
    show_rest(file, out);
    if (status) return *status;
    std::this_thread::sleep_for(kBetweenLooks);
  }
}

}  // namespace flowship::cli
