#pragma once

#include "base/secret.hpp"
#include "net/server.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/store.hpp"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace flowship::sandbox {

/// A request to the service that was answered, or dropped.
struct Served {
  std::string method;
  std::string path;
  /// The flows it is about, joined by commas; may be empty.
  std::string flow;
  /// 0 without a response.
  int status = 0;
  std::chrono::milliseconds took{0};
};

struct Options {
  std::string address = "127.0.0.1";
  /// 0 for any free port.
  std::uint16_t port = 0;
  /// PEM files; both enable HTTPS.
  std::string certificate_file = {};
  std::string key_file = {};
  /// Folder of the stored flows; empty for memory.
  std::filesystem::path data = {};
  Faults faults = {};
  ListFormat list_format = ListFormat::full;
  /// The only management key that is accepted; empty: any well-formed one is.
  Secret required_key = {};
  /// Called after each request to the service, from any thread; may be empty.
  std::function<void(const Served&)> on_served = {};
};

/// An emulator of the service's flow endpoints: import, export (both in the shape of `/v2` and in the console's, of
/// `/v1`), list, delete, and license. Starts on construction.
///
/// Besides, it has endpoints for tests, which need no authorization:
///   GET    /_sandbox/requests                       all requests, oldest first, keys masked
///   DELETE /_sandbox/requests                       clears them
///   GET    /_sandbox/flows                          all flows by project, with their versions
///   PUT    /_sandbox/flows/<projectId>/<flowId>     edits a flow like the console; the body is the flow
///   DELETE /_sandbox/flows/<projectId>/<flowId>     deletes a flow like the console
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
  /// Finishes running requests, aborts hanging ones, and accepts no more.
  void stop();

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace flowship::sandbox
