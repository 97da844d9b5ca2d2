#pragma once

#include "flow/merge/file_merge.hpp"
#include "git/merge_sides.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// What git merges, as far as that is known; called where a snapshot or policies need other files.
using FindRevisions = std::function<const std::vector<git::MergedRevisions>&()>;

/// Checks the versions of the file at `path` that git merges as flowship.json of ours demands, with the other files of
/// a snapshot, and the other flows of each side for its policies. Where the sides are unknown, ours has to do for
/// theirs. The repository must outlive it.
flow::FaultsOfRole merge_faults(const git::Repository& repository, const std::string& path,
                                const std::optional<std::string>& config_file, const FindRevisions& find_revisions);

}  // namespace flowship::deploy
