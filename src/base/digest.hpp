#pragma once

#include <string>
#include <string_view>

namespace flowship {

/// SHA-256 of `bytes` as 64 lower-case hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// `bytes` as lower-case hexadecimal digits, two a byte.
std::string hex(std::string_view bytes);

}  // namespace flowship
