#pragma once

#include <filesystem>
#include <string>

namespace flowship::deploy {

/// Where a server keeps what its pushes' deployments need besides the ledger: `<git directory>/flowship`.
std::filesystem::path push_folder(const std::filesystem::path& git_directory);

/// A new, empty file for what one deployment of an environment has to say; the newest of an environment are kept.
std::filesystem::path new_push_log(const std::filesystem::path& git_directory, const std::string& environment);

/// The file whose lock a deployment of a push holds while it works.
std::filesystem::path push_lock(const std::filesystem::path& git_directory, const std::string& environment);

}  // namespace flowship::deploy
