#pragma once

#include "api/credentials.hpp"
#include "net/message.hpp"

#include <string>

namespace flowship::api {

/// A request without body, with the headers that all have.
net::Request request_with(const Credentials& credentials, const std::string& method, const std::string& target);

}  // namespace flowship::api
