#pragma once

#include <string>

namespace flowship::git {

/// Throws an `Error` unless `url` is what git fetches over https, ssh or from a folder of this machine: no option, no
/// other transport (`ext::` runs programs), nothing that others on the way could change, and no password in it.
void require_safe_url(const std::string& url);

}  // namespace flowship::git
