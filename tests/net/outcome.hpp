#pragma once

#include "net/client.hpp"

#include <optional>

namespace flowship::net::test {

/// What came of a request: one or the other.
struct Outcome {
  std::optional<Response> response;
  std::optional<TransportError> error;
};

inline Outcome send(Client& client, const Request& request = {}) {
  try {
    return {client.send(request), std::nullopt};
  } catch (const TransportError& error) {
    return {std::nullopt, error};
  }
}

}  // namespace flowship::net::test
