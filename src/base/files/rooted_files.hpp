#pragma once

#include "base/files/descriptor.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace flowship {

/// Opens the file at a relative `path` below the open folder `root` without following symbolic links; nothing if there
/// is no such file.
std::optional<Descriptor> open_below(const Descriptor& root, std::string_view path);

/// Replaces the content of files below `root` (nothing: removes the file), creating folders as needed. All new content
/// is written beside the files before the first rename, so an earlier error changes nothing. A symbolic link on the
/// way, or anything but a regular file at the end, is an error.
void change_files(const std::filesystem::path& root, const std::map<std::string, std::optional<std::string>>& changes);

}  // namespace flowship
