#pragma once

#include "net/server.hpp"

#include <string>

namespace flowship::daemon {

/// UTF-8 responses.
net::Answer text_answer(int status, std::string text);
net::Answer json_answer(int status, std::string text);
net::Answer html_answer(std::string text);

}  // namespace flowship::daemon
