#pragma once

#include "daemon/status/status.hpp"
#include "net/server.hpp"

#include <string>

namespace flowship::daemon {

/// The text of 403 where a signature is demanded.
inline constexpr const char* kUnsigned = "Wrong signature or unknown repository.\n";

/// UTF-8 responses.
net::Answer text_answer(int status, const std::string& text);
net::Answer json_answer(int status, const std::string& text);
/// A page: scripts, styles and forms of this server only, none inline, and nothing else.
net::Answer page_answer(const std::string& html, int status = 200);
/// A page that says why there is nothing else, and leads back to the environment; to all of them for null.
net::Answer problem_answer(int status, std::string title, std::string text, const EnvironmentStatus* environment);
net::Answer unknown_environment();

}  // namespace flowship::daemon
