#pragma once

#include <string_view>

namespace flowship::cli {

// The scripts in hooks/, byte for byte.
extern const std::string_view kPreCommitScript;
extern const std::string_view kPrePushScript;
extern const std::string_view kPreReceiveScript;
extern const std::string_view kPostReceiveScript;

// The scripts in completion/ that make shells complete command lines.
extern const std::string_view kBashScript;
extern const std::string_view kZshScript;
extern const std::string_view kFishScript;

}  // namespace flowship::cli
