#pragma once

#include "flow/model/flow.hpp"

#include <string>

namespace flowship::flow {

/// The body of an import request, `{"flow": {…}}`, assembled with Poco JSON: every value is the author's own source
/// text. A flow that is not complete, or whose id the service would not take, is an error.
std::string import_payload(const Flow& flow);

/// The object that `import_payload` puts under `flow`, on its own: an exported file's text.
std::string export_text(const Flow& flow);

}  // namespace flowship::flow
