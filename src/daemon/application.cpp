#include "daemon/application.hpp"

#include "base/error.hpp"
#include "base/files/descriptor.hpp"
#include "base/files/file_error.hpp"
#include "base/process.hpp"
#include "base/text/printable.hpp"
#include "daemon/config/operator_config.hpp"
#include "daemon/daemon.hpp"
#include "daemon/jobs/service_manager.hpp"

#include <Poco/Exception.h>
#include <Poco/Util/ServerApplication.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <fcntl.h>
#include <fstream>
#include <iostream>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace flowship::daemon {

namespace {

constexpr const char* kLogFile = "flowship.log";
constexpr std::string_view kStarted = "started\n";

/// The signals that the daemon waits for, blocked in every thread started afterwards.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }

  /// The next signal; nothing if none arrives in time.
  std::optional<int> wait(std::chrono::milliseconds limit) const {
    const timespec time{limit.count() / 1000, limit.count() % 1000 * 1'000'000};
    const int signal = ::sigtimedwait(&set_, nullptr, &time);
    return signal > 0 ? std::optional(signal) : std::nullopt;
  }

 private:
  sigset_t set_{};
};

/// The file with the id of this process, as long as the daemon runs. Its folder may be one that others may write, such
/// as /tmp, so neither a link nor somebody else's file is written.
class PidFile {
 public:
  explicit PidFile(std::filesystem::path path) : path_(std::move(path)) {
    constexpr mode_t kMode = 0644;
    const Descriptor file(::open(path_.c_str(), O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, kMode));
    if (file.number() < 0) throw file_error("write", path_.native(), std::strerror(errno));
    struct stat facts {};
    const bool is_own = ::fstat(file.number(), &facts) == 0 && S_ISREG(facts.st_mode) && facts.st_uid == ::geteuid() &&
                        facts.st_nlink == 1;
    if (!is_own) throw file_error("write", path_.native(), "it is not a file of the daemon's own");
    if (::ftruncate(file.number(), 0) != 0) throw file_error("write", path_.native(), std::strerror(errno));
    if (const int error = file.write_all(std::to_string(::getpid()) + "\n"); error != 0) {
      throw file_error("write", path_.native(), std::strerror(error));
    }
  }
  ~PidFile() { ::unlink(path_.c_str()); }
  PidFile(const PidFile&) = delete;
  PidFile& operator=(const PidFile&) = delete;

 private:
  std::filesystem::path path_;
};

std::string service_status(const Daemon& daemon) {
  std::size_t environments = 0;
  const auto config = daemon.config();
  for (const auto& [name, repository] : config->repositories) environments += repository.environments.size();
  return "listening on " + daemon.url() + ", repositories: " + std::to_string(config->repositories.size()) +
         ", environments: " + std::to_string(environments);
}

/// Runs the daemon, in the foreground or in the background process.
class Serving {
 public:
  Serving(const ServeOptions& options, OperatorConfig config, std::ostream& err, int started)
      : options_(options), started_(started) {
    if (options.in_background) open_log(config.data);
    Log log(options.in_background ? file_ : err, options.log_format, clock_);
    daemon_ = std::make_unique<Daemon>(std::move(config), std::move(log), clock_);
    if (!options.pid_file.empty()) pid_file_.emplace(options.pid_file);
  }

  int run() {
    const Log& log = daemon_->log();
    log.info("listening", {{"address", daemon_->url()}});
    warn_about_weaknesses();
    manager_.ready(service_status(*daemon_));
    if (started_ >= 0) [[maybe_unused]]
      const auto written = ::write(started_, kStarted.data(), kStarted.size());
    while (true) {
      constexpr std::chrono::seconds kQuiet{60};
      const std::optional<int> signal = signals_.wait(manager_.interval().value_or(kQuiet) / 2);
      if (!daemon_->is_stuck()) manager_.alive(clock_.ticks());
      if (!signal) continue;
      if (*signal != SIGHUP) return stop(*signal);
      reload();
    }
  }

 private:
  void open_log(const std::filesystem::path& data) {
    prepare_data_folder(data);
    const std::filesystem::path path = data / kLogFile;
    // Nobody else can put a link there meanwhile.
    if (std::filesystem::is_symlink(path)) throw file_error("write", path.native(), "it is a symbolic link");
    file_.open(path, std::ios::app);
    if (!file_) throw Error("cannot write " + printable(path.string()));
  }

  void warn_about_weaknesses() {
    for (const std::string& weakness : weaknesses(*daemon_->config())) daemon_->log().warning(weakness);
  }

  void reload() {
    const Log& log = daemon_->log();
    manager_.reloading();
    try {
      daemon_->reload(load_operator_config(options_.config_file));
      log.info("configuration reloaded");
      warn_about_weaknesses();
    } catch (const Error& error) {
      log.error("invalid configuration, keeping the old one", {{"error", error.message()}, {"hint", error.hint()}});
    } catch (const std::exception& error) {
      log.error("the configuration could not be reloaded", {{"error", error.what()}});
    }
    manager_.ready(service_status(*daemon_));
  }

  int stop(int signal) {
    const Log log = daemon_->log();
    log.info("stopping: waiting for imports in flight", {{"signal", std::to_string(signal)}});
    manager_.stopping();
    std::optional<int> again;
    const bool in_time = daemon_->stop([&] {
      manager_.alive(clock_.ticks());
      again = signals_.wait(std::chrono::milliseconds(0));
      return !again || *again == SIGHUP;
    });
    if (!in_time) {
      if (again && *again != SIGHUP) end_at_once(kSignalled + *again);
      log.error("deployments did not end within `shutdown`; the next start finds out what became of them");
      end_at_once(1);
    }
    log.info("stopped");
    return 0;
  }

  /// Exits without destructors, since threads still run.
  [[noreturn]] void end_at_once(int code) {
    pid_file_.reset();
    std::cout << std::flush;
    std::_Exit(code);
  }

  const ServeOptions& options_;
  const Clock& clock_ = system_clock();
  Signals signals_;
  ServiceManager manager_;
  /// Write end of a pipe that receives `kStarted`; -1 for none.
  int started_;
  std::ofstream file_;
  std::unique_ptr<Daemon> daemon_;
  std::optional<PidFile> pid_file_;
};

/// Uses Poco to go into the background.
class Application final : public Poco::Util::ServerApplication {
 public:
  Application(const ServeOptions& options, OperatorConfig config, std::ostream& err, int started)
      : options_(options), config_(std::move(config)), err_(err), started_(started) {}

  /// Like `serve`; rethrows what ended it.
  int run_it() {
    std::vector<std::string> words{"flowship"};
    if (options_.in_background) words.emplace_back("--daemon");
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    try {
      const int code = run(static_cast<int>(arguments.size()), arguments.data());
      if (failure_) std::rethrow_exception(failure_);
      if (!served_) throw Error("cannot start");
      return code;
    } catch (const Poco::Exception& error) {
      throw Error("cannot start: " + error.displayText());
    }
  }

 private:
  int main(const std::vector<std::string>&) override {
    served_ = true;
    try {
      return Serving(options_, std::move(config_), err_, started_).run();
    } catch (...) {
      failure_ = std::current_exception();
      return EXIT_SOFTWARE;
    }
  }

  const ServeOptions& options_;
  OperatorConfig config_;
  std::ostream& err_;
  int started_;
  bool served_ = false;
  std::exception_ptr failure_;
};

/// An error on its way through a pipe: its fault, a message and a hint.
std::string packed(const Error& error) {
  return std::to_string(static_cast<int>(error.fault())) + '\0' + error.message() + '\0' + error.hint();
}

Error unpacked(const std::string& text) {
  const std::size_t message = text.find('\0') + 1;
  const std::size_t hint = text.find('\0', message) + 1;
  if (message == 0 || hint == 0) return Error("the daemon exited while starting");
  return Error(text.substr(message, hint - 1 - message), text.substr(hint),
               static_cast<Fault>(std::strtol(text.c_str(), nullptr, 10)));
}

/// Writes to `started` why the daemon did not start.
[[noreturn]] void serve_in_child(const ServeOptions& options, OperatorConfig config, std::ostream& err, int started) {
  int code = 1;
  std::string why;
  try {
    code = Application(options, std::move(config), err, started).run_it();
  } catch (const Error& error) {
    why = packed(error);
  } catch (const std::exception& error) {
    why = packed(Error(error.what()));
  }
  if (!why.empty()) [[maybe_unused]]
    const auto written = ::write(started, why.data(), why.size());
  std::exit(code);
}

int serve_in_background(const ServeOptions& options, OperatorConfig config, std::ostream& err) {
  std::array<int, 2> ends{-1, -1};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw Error(std::string("cannot make a pipe: ") + std::strerror(errno));
  const pid_t child = ::fork();
  if (child < 0) throw Error(std::string("cannot start a process: ") + std::strerror(errno));
  if (child == 0) {
    ::close(ends[0]);
    serve_in_child(options, std::move(config), err, ends[1]);
  }
  ::close(ends[1]);
  std::string message;
  std::array<char, 4096> buffer;
  ssize_t got = 0;
  while (!message.starts_with(kStarted) && (got = ::read(ends[0], buffer.data(), buffer.size())) != 0) {
    if (got > 0) message.append(buffer.data(), static_cast<std::size_t>(got));
  }
  ::close(ends[0]);
  // The child exits once it has started the background process.
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  if (message.starts_with(kStarted)) return 0;
  throw unpacked(message);
}

}  // namespace

int serve(const ServeOptions& options, std::ostream& err) {
  OperatorConfig config = load_operator_config(options.config_file);
  if (options.in_background) return serve_in_background(options, std::move(config), err);
  return Application(options, std::move(config), err, -1).run_it();
}

}  // namespace flowship::daemon
