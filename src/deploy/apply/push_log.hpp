#pragma once

#include "base/clock.hpp"

#include <filesystem>
#include <string>

namespace flowship::deploy {

/// Where a server keeps logs and locks of its pushes' deployments: `<git directory>/flowship`.
std::filesystem::path push_folder(const std::filesystem::path& git_directory);

/// A new, empty log file for one deployment of an environment; only the newest of an environment are kept.
std::filesystem::path new_push_log(const std::filesystem::path& git_directory, const std::string& environment,
                                   const Clock& clock);

/// The file that a push's deployment locks while it runs.
std::filesystem::path push_lock(const std::filesystem::path& git_directory, const std::string& environment);

}  // namespace flowship::deploy
