#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace flowship {

/// The whole file; nothing when there is none. Throws `Error` when it is there and can't be read.
std::optional<std::string> read_file(const std::filesystem::path& path);

/// Replaces `path` in one step: a temporary file beside it, written, synchronised and renamed over it. A symbolic link
/// stays, and what it leads to is replaced. A device, a pipe, and what standard output or error goes to are written to
/// as they are.
void write_file_atomically(const std::filesystem::path& path, std::string_view bytes);

}  // namespace flowship
