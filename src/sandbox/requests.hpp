#pragma once

#include "net/server.hpp"

#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace flowship::sandbox {

/// `text` as valid UTF-8, with the key of the request, if it has one, masked.
std::string without_key(const net::IncomingRequest& request, const std::string& text);

/// The requests of the service, for tests and demonstrations. Keys are masked before anything is stored. Keeps the
/// newest 100,000 requests and 128 MiB of bodies. Thread-safe.
class RequestLog {
 public:
  /// Adds an incoming request, and returns its number, from 1.
  std::int64_t add(const net::IncomingRequest& request);
  /// Sets the flow that a request is about.
  void set_flow(std::int64_t number, const std::string& flow_id);
  /// Sets the status of the response; without a response there is none.
  void set_status(std::int64_t number, int status);
  void clear();
  /// A JSON array of `{"number", "method", "path", "authorization", "headers", "flowId", "status", "body"}`, oldest
  /// first; `status` and `flowId` may be null, and so is a `body` that is no longer kept.
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

  mutable std::mutex mutex_;
  std::int64_t last_ = 0;
  std::size_t body_bytes_ = 0;
  std::deque<Entry> entries_;
};

}  // namespace flowship::sandbox
