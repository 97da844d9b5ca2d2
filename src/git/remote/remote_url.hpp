#pragma once

#include <string>

namespace flowship::git {

/// Throws an `Error` unless git fetches `url` over https, ssh or from a local folder: no option, no other transport
/// (`ext::` runs programs), no plain http except to loopback, and no password in it.
void require_safe_url(const std::string& url);

}  // namespace flowship::git
