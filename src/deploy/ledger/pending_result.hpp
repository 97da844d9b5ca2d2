#pragma once

#include <filesystem>

namespace flowship::deploy {

/// Copies which results a clone keeps to another one, whose ledgers and objects are those of the first. Both are git
/// directories.
void copy_pending(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace flowship::deploy
