#pragma once

#include "net/message.hpp"

#include <string>
#include <string_view>

namespace flowship::net {

enum class After { keep_alive, close };

/// The bytes of `response` to a request with `method`. A response that can't be sent as it is (a line break in a
/// header) becomes a 500.
std::string answer_bytes(const Response& response, std::string_view method, After after);

/// A short answer of the server's own, after which the connection closes.
std::string refusal_bytes(int status);

}  // namespace flowship::net
