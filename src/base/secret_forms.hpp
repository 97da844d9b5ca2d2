#pragma once

#include "base/secret.hpp"

#include <string>

namespace flowship {

/// The text with `***` in place of the secret, wherever it stands as it is, in hexadecimal digits, with any of its
/// bytes as %XX, or in base64, there alone or with other text before and behind it.
std::string without_secret(std::string text, const Secret& secret);

}  // namespace flowship
