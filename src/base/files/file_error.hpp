#pragma once

#include "base/error.hpp"

#include <string_view>

namespace flowship {

/// `cannot write a/b.json: Permission denied`; `doing` is the verb.
Error file_error(std::string_view doing, std::string_view path, std::string_view why);

}  // namespace flowship
