#pragma once

#include "net/server.hpp"

#include <string>

namespace flowship::daemon {

/// Answers of the usual kinds, UTF-8 throughout.
net::Answer text_answer(int status, std::string text);
net::Answer json_answer(int status, std::string text);
net::Answer html_answer(std::string text);

}  // namespace flowship::daemon
