#pragma once

#include "json/document.hpp"

#include <string>

namespace flowship::sandbox {

/// What the service keeps of a flow that was sent: the text as it came, and the service's default for each member that
/// is missing or `null`. `contents`, also the screens' own, stay byte for byte. The flow has passed `check_flow`.
std::string with_defaults(json::Value flow);

}  // namespace flowship::sandbox
