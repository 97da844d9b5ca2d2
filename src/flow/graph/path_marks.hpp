#pragma once

#include "flow/graph/graph.hpp"
#include "flow/graph/sessions.hpp"

#include <string_view>

namespace flowship::flow {

/// Marks, in a drawing of a flow, the edges of a path and the tasks that it goes around: those that complete that kind
/// of factor (`otp-email`; empty: none).
void mark_path(Graph& graph, const Path& path, std::string_view factor);

}  // namespace flowship::flow
