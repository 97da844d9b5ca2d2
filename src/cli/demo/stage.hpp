#pragma once

#include "base/files/temporary_folder.hpp"
#include "base/process.hpp"
#include "base/stop.hpp"
#include "cli/command.hpp"
#include "sandbox/sandbox.hpp"

#include <atomic>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace flowship::cli {

/// Where a demonstration takes place: a sandbox, a repository in a temporary folder, and what people see. Neither the
/// user's git configuration nor a real key is used.
class Stage {
 public:
  /// `stop` must outlive it. Throws `Error`.
  Stage(const Invocation& invocation, const StopSignal& stop);

  const std::string& address() const { return address_; }

  /// Announces what comes next. On a terminal it waits for a key first; throws `Error` of `Fault::interrupted` on `q`,
  /// Ctrl-C or a stop.
  void scene(const std::string& text);
  /// Writes a line.
  void say(const std::string& text);
  /// Writes a command as a user would type it, runs it, and writes what it prints. Throws `Error` if it does not exit
  /// with `expected`.
  void show(const std::vector<std::string>& command, int expected = 0);
  /// The same without writing anything.
  void run_silently(const std::vector<std::string>& command);
  /// Writes a file of the repository.
  void write(const std::string& path, std::string_view text);
  /// Replaces the only `from` in a file of the repository.
  void replace(const std::string& path, const std::string& from, const std::string& to);
  /// Replaces the only `from` in a flow of the sandbox, as somebody in the console would.
  void edit_in_console(const std::string& flow_id, const std::string& from, const std::string& to);
  /// Says how many flows the sandbox has received, and throws `Error` if it is not that many.
  void expect_imports(int expected);

 private:
  ProcessResult run_in_repository(const std::vector<std::string>& command) const;

  const Invocation& invocation_;
  const StopSignal& stop_;
  bool is_watched_;
  std::atomic<int> imports_{0};
  sandbox::Sandbox sandbox_;
  std::string address_;
  TemporaryFolder folder_;
  std::filesystem::path own_;
  std::filesystem::path repository_;
  std::string project_id_;
  std::map<std::string, std::optional<std::string>> environment_;
};

}  // namespace flowship::cli
