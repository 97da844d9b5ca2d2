#pragma once

#include <cstddef>
#include <string>

namespace flowship {

/// Bytes that nobody can guess.
std::string random_bytes(std::size_t count);

}  // namespace flowship
