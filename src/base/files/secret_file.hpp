#pragma once

#include "base/secret.hpp"

#include <string>
#include <string_view>

namespace flowship {

/// What a file holds that others must not read, without the newlines at its end. `what` is how a message calls it ("key
/// file"). Throws `Error` of `Fault::credentials` when it is not there, or when others can read or change it: anybody
/// but its owner where that is this process's user, else (a file that a service manager hands over) anybody outside its
/// group.
Secret read_secret_file(const std::string& path, std::string_view what);

}  // namespace flowship
