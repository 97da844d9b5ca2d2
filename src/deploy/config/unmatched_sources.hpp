#pragma once

#include "deploy/config/config.hpp"
#include "git/revision.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// One of `sources` that the revision does not have.
struct UnmatchedSource {
  std::string sentence;
  /// "did you mean `ProjectSnapshot/flows`?", the closest path that exists; empty if nothing is similar.
  std::string guess;
};

/// Not an error, since a folder may be empty for a while.
std::vector<UnmatchedSource> unmatched_sources(const git::Revision& revision, const std::vector<std::string>& sources);

}  // namespace flowship::deploy
