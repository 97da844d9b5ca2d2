#pragma once

#include "net/server.hpp"

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace flowship::sandbox {

/// What the service got, for tests and demonstrations to look at. Keys are masked before anything is kept. Holds the
/// newest 100,000 requests and, of the newest among them, 128 MiB of bodies. Thread-safe.
class RequestLog {
 public:
  /// Writes a request down as it comes in, and gives its number, from 1.
  std::int64_t add(const net::IncomingRequest& request);
  /// Names the flow that a request is about.
  void set_flow(std::int64_t number, const std::string& flow_id);
  /// Says how a request ended; one that got no answer has no status.
  void set_status(std::int64_t number, int status);
  void clear();
  /// A JSON array of `{"number", "method", "path", "authorization", "headers", "flowId", "status", "body"}`, oldest
  /// first; `status` and `flowId` are null where there is none, `body` where it is kept no longer.
  std::string to_json() const;

 private:
  struct Entry {
    std::int64_t number = 0;
    std::string method;
    std::string path;
    std::string authorization;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string flow_id;
    int status = 0;
    std::string body;
    bool has_body = true;
  };

  Entry* find(std::int64_t number);
  void trim();
  static std::string to_json(const Entry& entry);

  mutable std::mutex mutex_;
  std::int64_t last_ = 0;
  std::size_t body_bytes_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace flowship::sandbox
