#pragma once

#include "git/objects/object_id.hpp"
#include "git/repository.hpp"

#include <vector>

namespace flowship::git {

/// The commits where a shallow clone has cut histories off: their parents are not here. None in any other clone.
std::vector<ObjectId> shallow_commits(const Repository& repository);

}  // namespace flowship::git
