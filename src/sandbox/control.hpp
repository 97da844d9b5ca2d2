#pragma once

#include "net/server.hpp"
#include "sandbox/faults.hpp"
#include "sandbox/requests.hpp"
#include "sandbox/store.hpp"

#include <string_view>

namespace flowship::sandbox {

/// Prefix of the endpoints for tests.
inline constexpr std::string_view kControlPrefix = "/_sandbox/";

/// Handles a request to `path` below `/_sandbox/`. Throws `Error` if the store can't be written.
net::Answer control(std::string_view path, const net::IncomingRequest& request, Store& store, RequestLog& log,
                    FaultPlayer& faults);

}  // namespace flowship::sandbox
