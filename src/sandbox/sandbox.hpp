#pragma once

#include "net/server.hpp"

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

namespace flowship::sandbox {

/// Faults to play, for tests and demonstrations. Counts go down with each fault that was played.
struct Faults {
  /// Added to every answer of the service.
  std::chrono::milliseconds latency{0};
  /// At most so many requests within so many seconds, then 429 with `Retry-After`; 0 means no limit.
  int rate_limit = 0;
  int rate_seconds = 60;
  /// This status instead of an answer, `fail_count` times (-1: always); 0 means no fault.
  int fail_status = 0;
  int fail_count = -1;
  /// Connections that are closed without an answer.
  int drop_count = 0;
  /// Requests that are never answered (until the client gives up).
  int hang_count = 0;
};

struct Options {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;
  std::string certificate_file;
  std::string key_file;
  /// Where flows are kept; empty keeps them in memory.
  std::filesystem::path data;
  Faults faults;
};

/// An emulator of the service's flow endpoints: import, export, list, delete. Runs from construction on.
class Sandbox {
 public:
  /// Throws `Error` when it can't bind or its data can't be read.
  explicit Sandbox(Options options);
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  std::string url() const;
  std::uint16_t port() const;
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace flowship::sandbox
