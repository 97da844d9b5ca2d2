#pragma once

#include "deploy/plan/workspace.hpp"

#include <string>
#include <string_view>

namespace flowship::deploy {

/// What the console's version history says of the versions that a deployment makes: the subject and the id of its
/// target, "Reword the title (1a2b…)", with secrets masked. Empty if the target is no commit, or if flowship.json
/// switches it off.
std::string version_note(const Workspace& workspace, const std::string& target);

/// The same of a subject, which may be empty: at most 200 characters, the id always whole.
std::string version_note(std::string_view subject, const std::string& commit);

}  // namespace flowship::deploy
