#pragma once

#include "net/server.hpp"
#include "sandbox/faults.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

namespace flowship::sandbox {

struct Options {
  std::string address = "127.0.0.1";
  /// 0 takes a free one.
  std::uint16_t port = 0;
  /// PEM files; with both it speaks HTTPS.
  std::string certificate_file = {};
  std::string key_file = {};
  /// Where flows are kept; empty keeps them in memory.
  std::filesystem::path data = {};
  Faults faults = {};
};

/// An emulator of the service's flow endpoints: import, export, list, delete. Runs from construction on.
///
/// Besides the service's own endpoints it has some for tests, which ask for no authorization:
///   GET    /_sandbox/requests                       what the service got, oldest first, keys masked
///   DELETE /_sandbox/requests                       forgets them
///   GET    /_sandbox/flows                          all flows by project, with their versions
///   PUT    /_sandbox/flows/<projectId>/<flowId>     what an edit in the console does; the body is the flow
///   DELETE /_sandbox/flows/<projectId>/<flowId>     what a deletion in the console does
///   PUT    /_sandbox/faults                         replaces the faults (see `read_faults`)
class Sandbox {
 public:
  /// Throws `Error` when it can't bind or its data can't be read.
  explicit Sandbox(const Options& options);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  std::string url() const;
  std::uint16_t port() const;
  /// Answers what is under way, ends what hangs, and takes no more.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace flowship::sandbox
