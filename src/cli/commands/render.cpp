#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/glob.hpp"
#include "base/text/printable.hpp"
#include "cli/run.hpp"
#include "cli/workspace.hpp"
#include "deploy/config/config.hpp"
#include "flow/graph/graph.hpp"
#include "flow/layouts/reading.hpp"
#include "report/masking.hpp"

#include <algorithm>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace flowship::cli {

namespace {

/// The flows of an environment; without a name those of all.
flow::Reading read_all(const git::Revision& revision, const deploy::Config& config, const std::string& environment) {
  const flow::Scope scope{
      .sources = environment.empty() ? config.all_sources() : config.sources_of(config.environment(environment)),
      .known = {}};
  return flow::read_flows(revision, scope);
}

struct Chosen {
  flow::Reading reading;
  std::string flow_id;
};

/// The id of the flow that is named, by itself or by a glob.
std::string chosen_id(const flow::Reading& reading, const git::Revision& revision, const std::string& named) {
  std::vector<std::string> ids;
  for (const flow::Flow& flow : reading.flows) ids.push_back(flow.id);
  const std::vector<std::string> matching = with_globs_resolved({named}, ids);
  if (matching.size() > 1) {
    std::string list;
    for (const std::string& id : matching) list += (list.empty() ? "" : ", ") + printable(id);
    throw usage_error("`" + printable(named) + "` matches more than one flow: " + list, "name one of them");
  }
  if (std::find(ids.begin(), ids.end(), matching.front()) != ids.end()) return matching.front();
  const std::string guess = did_you_mean(named, ids);
  throw usage_error(
      "no flow `" + printable(named) + "` in " + revision.name(),
      guess.empty() ? "name a flow by its id; --worktree, --staged or --rev choose where to look" : guess);
}

/// The flows of the chosen revision, and the named one among them.
Chosen read_chosen(const Options& options) {
  const git::Repository repository = open_repository(options);
  const git::Revision revision = chosen_revision(repository, options);
  flow::Reading reading = read_all(revision, deploy::load_config(revision, options.config_file), options.environment);
  std::string id = chosen_id(reading, revision, options.arguments.front());
  return {std::move(reading), std::move(id)};
}

/// Without tasks that are on none of the paths.
flow::Graph on_paths(flow::Graph graph, const flow::SimplePaths& paths) {
  std::set<std::string> ids;
  for (const flow::SimplePath& path : paths.paths) {
    for (const flow::PathStep& step : path.path) {
      if (step.flow_id == graph.flow_id) ids.insert(step.task_id);
    }
  }
  std::vector<std::optional<std::size_t>> places(graph.tasks.size());
  flow::Graph shown{.flow_id = graph.flow_id, .title = graph.title, .tasks = {}, .edges = {}, .start = {}};
  for (std::size_t index = 0; index < graph.tasks.size(); ++index) {
    const flow::Task& task = graph.tasks[index];
    if (!ids.contains(task.id) && !ids.contains(task.second_id)) continue;
    places[index] = shown.tasks.size();
    shown.tasks.push_back(task);
  }
  for (flow::Edge edge : graph.edges) {
    if (!places[edge.from] || !places[edge.to]) continue;
    edge.from = *places[edge.from];
    edge.to = *places[edge.to];
    shown.edges.push_back(std::move(edge));
  }
  if (graph.start) shown.start = places[*graph.start];
  return shown;
}

}  // namespace

ExitCode run_render(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::graph);
  const auto [reading, flow_id] = read_chosen(options);
  const flow::Flow* flow = flow::find_flow(reading, flow_id);
  const flow::Graph graph =
      flow::graph_of(*flow, [&flows = reading](const std::string& id) { return flow::find_flow(flows, id); });
  invocation.out << write(report::with_secrets_masked(graph), invocation.style);
  return ExitCode::done;
}

ExitCode run_paths(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::paths);
  const auto [reading, flow_id] = read_chosen(options);
  const flow::FlowsById flows = flow::by_id(reading.flows);
  const flow::FindFlow find = flow::finder(flows);
  flow::Sessions sessions(find);
  report::PathList list;
  list.flow_id = flow_id;
  list.found = flow::simple_paths(sessions.graphs(), list.flow_id, static_cast<std::size_t>(options.limit));
  list.assurance = sessions.assurance(list.flow_id);
  list.guarantees = sessions.guarantees(list.flow_id);
  for (const flow::SimplePath& path : list.found.paths) {
    for (const flow::PathStep& step : path.path) {
      if (list.graphs.contains(step.flow_id)) continue;
      list.graphs.emplace(step.flow_id, flow::graph_of(*find(step.flow_id), find));
    }
  }
  list.graph = report::with_secrets_masked(on_paths(flow::graph_of(*find(list.flow_id), find), list.found));
  invocation.out << write(list, invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
