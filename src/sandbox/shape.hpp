#pragma once

#include "json/document.hpp"
#include "sandbox/answers.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace flowship::sandbox {

/// True if the service accepts this id: 1 to 128 letters, digits, `-` and `_`.
bool is_flow_id(std::string_view text);

/// The service's error for an invalid flow: a missing member, or one of the wrong type. Unknown members are accepted,
/// and so is `null` for an optional one. `pointer` is the flow's place in the request.
std::optional<Refusal> check_flow(json::Value flow, const std::string& pointer);

/// The same for the body of an import.
std::optional<Refusal> check_import(json::Value body);

/// A valid flow as the service stores it: its text, with the service's defaults for missing and null members.
/// `contents`, also of screens, stay byte for byte.
std::string with_defaults(json::Value flow);

}  // namespace flowship::sandbox
