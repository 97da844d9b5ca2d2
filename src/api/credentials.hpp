#pragma once

#include "base/secret.hpp"

#include <string>

namespace flowship::api {

/// Sent as `Authorization: Bearer <project_id>:<key>`.
struct Credentials {
  std::string project_id;
  Secret key;
};

}  // namespace flowship::api
