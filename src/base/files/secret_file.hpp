#pragma once

#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace flowship {

/// The secret in a file, without trailing newlines. `what` names it in messages ("key file"). Throws `Error` of
/// `Fault::credentials` if it is missing or others can read or change it: anybody but its owner if that is this
/// process's user, else (a file provided by a service manager) anybody outside its group.
Secret read_secret_file(const std::string& path, std::string_view what);

}  // namespace flowship
