#pragma once

#include <string>
#include <string_view>

namespace flowship {

/// HMAC-SHA-256 of `bytes` under `key`, as 32 bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);

/// Whether two texts are equal, in time that does not depend on where they differ.
bool same_in_constant_time(std::string_view left, std::string_view right);

}  // namespace flowship
