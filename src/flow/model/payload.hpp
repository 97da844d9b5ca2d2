#pragma once

#include "flow/model/flow.hpp"

#include <string>

namespace flowship::flow {

/// Throws an `Error` if the flow is incomplete or its id is not valid.
void require_sendable(const Flow& flow);

/// The body of an import request, `{"flow": {…}}`, assembled with Poco JSON: every value is the author's own source
/// text. The flow must be sendable.
std::string import_payload(const Flow& flow);

/// Just the object under `flow`: the text of an exported file.
std::string export_text(const Flow& flow);

}  // namespace flowship::flow
