#pragma once

#include "json/document.hpp"
#include "sandbox/answers.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace flowship::sandbox {

/// Whether the service would take this id: letters, digits, `-`, `_`, 1 to 128 of them.
bool is_flow_id(std::string_view text);

/// What the service finds wrong with a flow: a member that is missing, or one of another type than the service's own.
/// Unknown members and `null` for an optional one are taken. `pointer` is where the flow stands in the request.
std::optional<Refusal> check_flow(json::Value flow, const std::string& pointer);

/// The same for the whole body of an import.
std::optional<Refusal> check_import(json::Value body);

}  // namespace flowship::sandbox
