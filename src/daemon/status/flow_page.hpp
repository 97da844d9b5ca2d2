#pragma once

#include "daemon/status/status.hpp"
#include "flow/graph/graph.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace flowship::daemon {

/// The graph of a flow as deployed, from the ledger in the mirror; nothing if it is not deployed. Throws `Error` if the
/// mirror can't be read.
std::optional<flow::Graph> deployed_graph(const std::filesystem::path& mirror, const EnvironmentStatus& environment,
                                          const std::string& flow_id);

/// The page with its drawing and its tasks.
std::string flow_page(const EnvironmentStatus& environment, const flow::Graph& graph, Buttons buttons = Buttons::none);

}  // namespace flowship::daemon
