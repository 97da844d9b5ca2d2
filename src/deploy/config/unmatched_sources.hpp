#pragma once

#include "deploy/config/config.hpp"
#include "git/revision.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// A sentence for each entry of `sources` at which the revision has nothing at all, with what it most likely meant.
/// That is no error, since a folder may be empty for a while.
std::vector<std::string> unmatched_sources(const git::Revision& revision, const Config& config);

}  // namespace flowship::deploy
