#include "base/process.hpp"

#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/trace.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <set>
#include <spawn.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

extern char** environ;

namespace flowship {

namespace {

/// A pipe that closes its ends.
struct Pipe {
  Pipe() {
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(std::string("cannot create a pipe: ") + std::strerror(errno));
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close(0);
    close(1);
  }
  void close(std::size_t end) {
    if (ends[end] >= 0) ::close(ends[end]);
    ends[end] = -1;
  }
  std::array<int, 2> ends{-1, -1};
};

std::vector<std::string> merged_environment(const Command& command) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const std::string name(text.substr(0, text.find('=')));
    if (command.environment.contains(name) || name == kKeyVariable) continue;
    if (name.size() < text.size() && has_form_of_key(text.substr(name.size() + 1))) continue;
    result.emplace_back(text);
  }
  for (const auto& [name, value] : command.environment) {
    if (value) result.push_back(name + "=" + *value);
  }
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

/// The files and signals of a child process.
struct SpawnSettings {
  explicit SpawnSettings(const Command& command) {
    posix_spawn_file_actions_init(&actions);
    posix_spawnattr_init(&attributes);
    if (!command.directory.empty()) posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
    sigset_t blocked;
    sigemptyset(&blocked);
    if (command.group == Command::Group::shielded) {
      for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&blocked, signal);
    }
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigmask(&attributes, &blocked);
    posix_spawnattr_setsigdefault(&attributes, &defaults);
    set_flags(command.group == Command::Group::own ? POSIX_SPAWN_SETSID : 0);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  void set_flags(int more) {
    posix_spawnattr_setflags(&attributes, static_cast<short>(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | more));
  }
  posix_spawn_file_actions_t actions{};
  posix_spawnattr_t attributes{};
};

pid_t start(const Command& command, const SpawnSettings& settings) {
  std::vector<std::string> arguments = command.arguments;
  std::vector<std::string> environment = merged_environment(command);
  pid_t child = -1;
  const int code = ::posix_spawnp(&child, arguments.at(0).c_str(), &settings.actions, &settings.attributes,
                                  pointers(arguments).data(), pointers(environment).data());
  if (code != 0) throw Error("cannot run " + arguments[0] + ": " + std::strerror(code));
  return child;
}

pid_t start(const Command& command, const Pipe& in, const Pipe& out, const Pipe& err) {
  SpawnSettings settings(command);
  posix_spawn_file_actions_adddup2(&settings.actions, in.ends[0], 0);
  posix_spawn_file_actions_adddup2(&settings.actions, out.ends[1], 1);
  posix_spawn_file_actions_adddup2(&settings.actions, err.ends[1], 2);
  return start(command, settings);
}

bool is_stopped(const Command& command) {
  return std::any_of(command.stops.begin(), command.stops.end(),
                     [](const StopSignal* stop) { return stop->requested(); });
}

using Deadline = std::optional<std::chrono::steady_clock::time_point>;

/// How long to poll, in milliseconds (-1: no limit); nothing once the time is up.
std::optional<int> next_wait(const Command& command, const Deadline& deadline) {
  constexpr std::chrono::milliseconds kPollInterval{50};
  if (is_stopped(command)) return std::nullopt;
  std::optional<std::chrono::milliseconds> wait;
  if (!command.stops.empty()) wait = kPollInterval;
  if (deadline) {
    const auto left =
        std::chrono::duration_cast<std::chrono::milliseconds>(*deadline - std::chrono::steady_clock::now());
    if (left.count() <= 0) return std::nullopt;
    wait = wait ? std::min(*wait, left) : left;
  }
  return wait ? static_cast<int>(wait->count()) + 1 : -1;
}

/// Feeds and drains the child until it has closed both outputs; false if the deadline or a stop came first.
bool exchange(const Command& command, Pipe& in, Pipe& out, Pipe& err, ProcessResult& result) {
  const Deadline deadline =
      command.time_limit ? Deadline(std::chrono::steady_clock::now() + *command.time_limit) : std::nullopt;
  std::size_t written = 0;
  if (command.input.empty()) in.close(1);
  while (out.ends[0] >= 0 || err.ends[0] >= 0) {
    std::array<pollfd, 3> watched{{{in.ends[1], POLLOUT, 0}, {out.ends[0], POLLIN, 0}, {err.ends[0], POLLIN, 0}}};
    const std::optional<int> wait = next_wait(command, deadline);
    if (!wait) return false;
    if (::poll(watched.data(), watched.size(), *wait) < 0 && errno != EINTR) {
      throw Error(std::string("cannot wait for ") + command.arguments[0] + ": " + std::strerror(errno));
    }
    if (watched[0].revents != 0) {
      const ssize_t sent = ::write(in.ends[1], command.input.data() + written, command.input.size() - written);
      if (sent > 0) written += static_cast<std::size_t>(sent);
      if ((sent < 0 && errno != EINTR && errno != EAGAIN) || written == command.input.size()) in.close(1);
    }
    const auto drain = [](Pipe& pipe, short events, std::string& into) {
      if (events == 0) return;
      std::array<char, 65536> buffer;
      const ssize_t got = ::read(pipe.ends[0], buffer.data(), buffer.size());
      if (got > 0) into.append(buffer.data(), static_cast<std::size_t>(got));
      if (got == 0 || (got < 0 && errno != EINTR)) pipe.close(0);
    };
    drain(out, watched[1].revents, result.output);
    drain(err, watched[2].revents, result.errors);
  }
  return true;
}

/// Terminates a child, or all of its own group, and kills what is still running after the grace period. Returns the
/// child's status from waitpid.
int end_child(pid_t child, Command::Group group) {
  constexpr std::chrono::milliseconds kGrace{2000};
  constexpr std::chrono::milliseconds kPollInterval{10};
  const pid_t ended = group == Command::Group::own ? -child : child;
  ::kill(ended, SIGTERM);
  const auto deadline = std::chrono::steady_clock::now() + kGrace;
  std::optional<int> status;
  while (true) {
    // The first process of a container is also the parent of those in the group that have lost theirs.
    int one = 0;
    for (pid_t got = 0; (got = ::waitpid(ended, &one, WNOHANG)) > 0;) {
      if (got == child) status = one;
    }
    // As long as one process is left, the group's number is not given to another.
    if (status && (ended == child || ::kill(ended, 0) != 0)) return *status;
    if (std::chrono::steady_clock::now() >= deadline) break;
    std::this_thread::sleep_for(kPollInterval);
  }
  ::kill(ended, SIGKILL);
  if (status) return *status;
  int last = 0;
  while (::waitpid(child, &last, 0) < 0 && errno == EINTR) {
  }
  return last;
}

/// Blocks SIGPIPE in this thread while a child may close its input early.
class WithoutSigpipe {
 public:
  WithoutSigpipe() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &before_);
  }
  WithoutSigpipe(const WithoutSigpipe&) = delete;
  WithoutSigpipe& operator=(const WithoutSigpipe&) = delete;
  ~WithoutSigpipe() {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    const timespec at_once{0, 0};
    if (sigismember(&before_, SIGPIPE) == 0) {
      while (sigtimedwait(&pipe, nullptr, &at_once) > 0) {
      }
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

 private:
  sigset_t before_{};
};

void trace_run(const TracedEvent& event, const Command& command, const ProcessResult& result) {
  if (!is_tracing()) return;
  std::string what;
  for (const std::string& argument : command.arguments) what += (what.empty() ? "" : " ") + argument;
  event.end(what, result.timed_out ? "ended early" : "exit " + std::to_string(result.status));
}

}  // namespace

int exit_code_of(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : kSignalled + WTERMSIG(wait_status);
}

ProcessResult run(const Command& command) {
  const TracedEvent event("run");
  if (is_stopped(command)) return {.status = kSignalled + SIGTERM, .output = {}, .errors = {}, .timed_out = true};
  Pipe in;
  Pipe out;
  Pipe err;
  const WithoutSigpipe quiet;
  const pid_t child = start(command, in, out, err);
  in.close(0);
  out.close(1);
  err.close(1);
  if (::fcntl(in.ends[1], F_SETFL, O_NONBLOCK) != 0) throw Error("cannot set up a pipe");
  ProcessResult result;
  int status = 0;
  if (exchange(command, in, out, err, result)) {
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
  } else {
    result.timed_out = true;
    status = end_child(child, command.group);
  }
  result.status = exit_code_of(status);
  trace_run(event, command, result);
  return result;
}

int start_detached(const Command& command, const std::filesystem::path& log) {
  SpawnSettings settings(command);
  constexpr mode_t kOwnerAlone = 0600;
  posix_spawn_file_actions_addopen(&settings.actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&settings.actions, 1, log.c_str(), O_WRONLY | O_APPEND | O_CREAT, kOwnerAlone);
  posix_spawn_file_actions_adddup2(&settings.actions, 1, 2);
  posix_spawn_file_actions_addclosefrom_np(&settings.actions, 3);
  settings.set_flags(POSIX_SPAWN_SETSID);
  return start(command, settings);
}

}  // namespace flowship
