#pragma once

#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// The names of the files of a flow's screens in a snapshot, in the order of the screens. Those that `existing` (null:
/// none) has keep theirs; the others are named as the service does it: a slug of the name of the task that shows the
/// screen, with the last four characters of the `screenId` where two would collide.
std::vector<std::string> screen_file_names(const Flow& flow, const Flow* existing);

/// `Verify TOTP (App)` as `verify-totp-app`: ASCII letters and digits in lower case, everything else as one `-`.
std::string slug(std::string_view name);

}  // namespace flowship::flow
