#pragma once

#include "base/files/size_limit.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace flowship {

/// The content of a file; nothing if there is none. Throws `Error`, without waiting for anything, if it can't be read,
/// is a device, a pipe or the like, or is larger than the limit.
std::optional<std::string> read_file(const std::filesystem::path& path, const SizeLimit& limit = kFileLimit);

/// Throws where `read_file` would, for a file that a library reads.
void expect_file(const std::filesystem::path& path, const SizeLimit& limit = kFileLimit);

/// Replaces `path` atomically: writes and syncs a temporary file beside it, then renames. Of a symbolic link the target
/// is replaced. Devices, pipes, and the files behind standard output and error are written in place.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace flowship
