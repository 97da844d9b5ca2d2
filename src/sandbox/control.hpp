#pragma once

#include "net/server.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/requests.hpp"
#include "sandbox/store.hpp"

#include <string_view>

namespace flowship::sandbox {

/// What every path of the endpoints for tests begins with.
inline constexpr std::string_view kControlPrefix = "/_sandbox/";

/// Answers a request to `path` below `/_sandbox/`. Throws `Error` when the store can't be written.
net::Answer control(std::string_view path, const net::IncomingRequest& request, Store& store, RequestLog& log,
                    FaultPlayer& faults);

}  // namespace flowship::sandbox
