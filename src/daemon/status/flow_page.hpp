#pragma once

#include "daemon/status/status.hpp"
#include "flow/graph/graph.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace flowship::daemon {

/// The graph of a flow as it is deployed, by the ledger's commit `record` in the mirror; nothing where that does not
/// have it. Throws `Error` when the mirror can't be read.
std::optional<flow::Graph> deployed_graph(const std::filesystem::path& mirror, const EnvironmentStatus& environment,
                                          const std::string& flow_id);

/// The page that draws it, and tells it in words as well.
std::string flow_page(const EnvironmentStatus& environment, const flow::Graph& graph);

}  // namespace flowship::daemon
