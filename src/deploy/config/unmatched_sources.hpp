#pragma once

#include "deploy/config/config.hpp"
#include "git/revision.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// A sentence for each of `sources` that the revision does not have, with the closest existing path. Not an error,
/// since a folder may be empty for a while.
std::vector<std::string> unmatched_sources(const git::Revision& revision, const std::vector<std::string>& sources);

}  // namespace flowship::deploy
