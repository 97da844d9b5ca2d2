#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/config/config.hpp"
#include "flow/graph/graph.hpp"
#include "flow/layouts/reading.hpp"
#include "report/masking.hpp"

#include <algorithm>
#include <ostream>
#include <thread>

namespace flowship::cli {

namespace {

/// The flows of an environment; without a name those of all.
flow::Reading read_all(const git::Revision& revision, const deploy::Config& config, const std::string& environment) {
  const flow::Scope scope{
      .sources = environment.empty() ? config.all_sources() : config.sources_of(config.environment(environment)),
      .known = {}};
  std::vector<git::Entry> entries = revision.files({.prefixes = scope.sources});
  std::erase_if(entries, [](const git::Entry& entry) { return !entry.path.ends_with(".json"); });
  return flow::read_flows(
      entries, scope, [&](const git::Entry& entry) { return revision.read(entry); },
      std::max(1U, std::thread::hardware_concurrency()));
}

const flow::Flow* find_by_id(const flow::Reading& reading, const std::string& id) {
  const auto found =
      std::find_if(reading.flows.begin(), reading.flows.end(), [&](const flow::Flow& flow) { return flow.id == id; });
  return found == reading.flows.end() ? nullptr : &*found;
}

Error no_such_flow(const flow::Reading& reading, const git::Revision& revision, const std::string& id) {
  std::vector<std::string> ids;
  for (const flow::Flow& flow : reading.flows) ids.push_back(flow.id);
  const std::string guess = did_you_mean(id, ids);
  return usage_error(
      "no flow `" + printable(id) + "` in " + revision.name(),
      guess.empty() ? "name a flow by its id; --worktree, --staged or --rev choose where to look" : guess);
}

}  // namespace

ExitCode run_render(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::graph);
  const git::Repository repository = open_repository(options);
  const git::Revision revision = chosen_revision(repository, options);
  const flow::Reading reading =
      read_all(revision, deploy::load_config(revision, options.config_file), options.environment);
  const flow::Flow* flow = find_by_id(reading, options.arguments.front());
  if (flow == nullptr) throw no_such_flow(reading, revision, options.arguments.front());
  const flow::Graph graph = flow::graph_of(*flow, [&](const std::string& id) { return find_by_id(reading, id); });
  invocation.out << write(report::with_secrets_masked(graph), invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
