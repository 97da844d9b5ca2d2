#pragma once

#include <string_view>

namespace flowship::cli {

// The scripts in hooks/, byte for byte.
extern const std::string_view kPreCommitScript;
extern const std::string_view kPrePushScript;
extern const std::string_view kPreReceiveScript;
extern const std::string_view kPostReceiveScript;

}  // namespace flowship::cli
