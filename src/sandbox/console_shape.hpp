#pragma once

#include "json/document.hpp"
#include "sandbox/answers.hpp"
#include "sandbox/store.hpp"

#include <optional>
#include <string>

namespace flowship::sandbox {

/// The service's error for the body of an import in the console's shape, `{"flowId", "flow", "screens"}`.
std::optional<Refusal> check_console_import(json::Value body);

/// The flow in such a body, in the shape of an export. It has no references where the body has none.
std::string flow_of_console_import(const json::DocumentPtr& body);

/// A stored flow in the console's shape: `{"flow": {…}, "screens": […]}`.
std::string console_text(const StoredFlow& stored);

}  // namespace flowship::sandbox
