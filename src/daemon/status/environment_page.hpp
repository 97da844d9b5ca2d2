#pragma once

#include "base/clock.hpp"
#include "daemon/status/html.hpp"
#include "daemon/status/status.hpp"

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace flowship::daemon {

inline constexpr std::size_t kFlowsOfPage = 200;

/// A deployed flow, and the deployment that changed it last, as far as that is recent.
struct FlowLine {
  std::string flow_id;
  std::optional<Time> changed = {};
  CommitLine commit = {};
};

/// The deployed flows by the ledger in the mirror, by id. Looks at the newest deployments only.
std::vector<FlowLine> deployed_flow_lines(const std::filesystem::path& mirror, const EnvironmentStatus& environment);

/// What became of one flow of an environment.
struct FlowLook {
  /// As of `html::badge`.
  std::string_view kind = "good";
  std::string_view word = "deployed";
  /// Why, where it is not as it should be.
  std::string why = {};
  /// What was edited in the console, as sentences.
  std::vector<std::string> edits = {};

  /// The repository no longer has it.
  bool is_left_behind = false;

  /// Whether it was edited or deleted in the console.
  bool is_drift() const { return word == "drifted" || word == "missing"; }
};

/// Links to the pages that ask whether to adopt or restore the flow; nothing where it has not drifted, or the
/// repository no longer has it.
html::Markup flow_buttons(Buttons buttons, const EnvironmentStatus& environment, const std::string& flow_id,
                          const FlowLook& look);

/// Why a flow that was left behind can be neither restored nor adopted, and what to do about a console edit.
std::string removed_text(const EnvironmentStatus& environment, const std::string& flow_id);

/// By the last drift check, and by the last job that had the flow.
FlowLook look_of_flow(const EnvironmentStatus& environment, const std::string& flow_id);

/// The guarantees that the last job that had the flow, or changed what it runs, took from it.
std::vector<std::pair<std::string, std::string>> losses_of_flow(const EnvironmentStatus& environment,
                                                                const std::string& flow_id);

/// The page of an environment: its flows, those that need attention first. `page` is from 1.
std::string environment_page(const EnvironmentStatus& environment, std::vector<FlowLine> flows, std::size_t page,
                             Buttons buttons = Buttons::none);

}  // namespace flowship::daemon
