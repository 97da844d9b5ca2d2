#pragma once

#include "net/server.hpp"

#include <string>

namespace flowship::daemon {

/// The text of 403 where a signature is demanded.
inline constexpr const char* kUnsigned = "Wrong signature or unknown repository.\n";

/// UTF-8 responses.
net::Answer text_answer(int status, const std::string& text);
net::Answer json_answer(int status, std::string text);
/// A page: scripts, styles and forms of this server only, none inline, and nothing else.
net::Answer page_answer(std::string html);

}  // namespace flowship::daemon
