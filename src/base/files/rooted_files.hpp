#pragma once

#include "base/files/descriptor.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace flowship {

/// Opens the file at `path`, which is relative, with `/`, so that no symbolic link below the open folder `root` is
/// followed; nothing when there is no such file.
std::optional<Descriptor> open_below(const Descriptor& root, std::string_view path);

/// Gives files below `root` new texts (nothing: removes them), making folders as needed. All texts are written beside
/// their files before the first one takes its place, so an error before that leaves everything as it was. A symbolic
/// link on the way, or anything but a regular file in a file's place, is an error.
void change_files(const std::filesystem::path& root, const std::map<std::string, std::optional<std::string>>& changes);

}  // namespace flowship
