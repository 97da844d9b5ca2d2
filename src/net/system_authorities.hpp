#pragma once

#include <string>
#include <vector>

namespace flowship::net {

/// A PEM file of this system's certificate authorities that OpenSSL does not find by itself; empty where it does, or
/// where SSL_CERT_FILE or SSL_CERT_DIR says where they are. An OpenSSL that is linked statically looks where the
/// distribution that built it has them, and others have them elsewhere.
std::string system_authorities();

/// The first of `known` that exists, unless one of `found_anyway` does.
std::string authorities_among(const std::vector<std::string>& known, const std::vector<std::string>& found_anyway);

}  // namespace flowship::net
