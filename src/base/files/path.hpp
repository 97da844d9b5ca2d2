#pragma once

#include <string_view>

namespace flowship {

/// The folder of a path in a repository, without the slash: `a/b` of `a/b/c.json`; empty at the root.
std::string_view folder_of(std::string_view path);

/// The last name of a path.
std::string_view name_of(std::string_view path);

}  // namespace flowship
