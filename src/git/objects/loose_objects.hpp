#pragma once

#include "git/objects/object_id.hpp"

#include <filesystem>
#include <optional>

struct git_repository;

namespace flowship::git {

/// The first damaged loose object in a folder of objects: a file that is cut off, or does not hold what its header
/// says. Reads all loose objects, none in packs.
std::optional<ObjectId> damaged_loose_object(const std::filesystem::path& objects);

/// Reads the loose objects of an open repository for libgit2 and makes it report damaged ones: version 1.5 reads one
/// that is cut off for ever. `from_environment`: where they lie is as git's variables say.
void refuse_damaged_objects(git_repository* repository, bool from_environment);

}  // namespace flowship::git
