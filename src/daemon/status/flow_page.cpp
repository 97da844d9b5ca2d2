#include "daemon/status/flow_page.hpp"

#include "daemon/status/environment_page.hpp"
#include "daemon/status/html.hpp"
#include "deploy/ledger/ledger.hpp"
#include "flow/layouts/reading.hpp"
#include "git/repository.hpp"
#include "git/revision.hpp"
#include "report/drawings/svg.hpp"
#include "report/drawings/task_order.hpp"
#include "report/masking.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

using html::filled;
using html::Markup;

/// Each task with its transitions, in the flow's order.
Markup task_items(const flow::Graph& graph) {
  Markup items;
  for (const std::size_t index : report::task_order(graph)) {
    Markup transitions;
    for (const flow::Edge& edge : report::edges_from(graph, index)) {
      const Markup label = edge.label.empty() ? Markup() : filled("label", {{"label", edge.label}});
      transitions += filled("transition", {{"target", graph.tasks[edge.to].title()}, {"label", label}});
    }
    const flow::Task& task = graph.tasks[index];
    items += filled("task", {{"title", task.title()}, {"kind", flow::kind_text(task)}, {"transitions", transitions}});
  }
  return items;
}

/// What is not as it should be.
Markup state_note(const EnvironmentStatus& environment, const std::string& flow_id, Buttons buttons) {
  const FlowLook look = look_of_flow(environment, flow_id);
  if (look.kind == "good") return {};
  return filled("flow-state", {{"kind", look.kind},
                               {"badge", html::badge(look.kind, look.word)},
                               {"why", html::paragraph("error", look.why)},
                               {"edits", html::list("edits", look.edits)},
                               {"buttons", flow_buttons(buttons, environment, flow_id, look)}});
}

}  // namespace

std::optional<flow::Graph> deployed_graph(const std::filesystem::path& mirror, const EnvironmentStatus& environment,
                                          const std::string& flow_id) {
  const auto record = environment.deployed ? git::ObjectId::from_hex(environment.deployed->record) : std::nullopt;
  if (!record) return std::nullopt;
  const git::Repository repository = git::Repository::open(mirror);
  deploy::Environment place;
  place.name = environment.id.environment;
  const deploy::Ledger ledger(repository, place);
  const deploy::LedgerEntry entry = ledger.entry(*record);
  const git::ObjectId tree = ledger.deployed(entry);
  if (tree.is_zero()) return std::nullopt;
  const git::Revision revision = git::Revision::of_tree(repository, tree, *record);
  const flow::Scope scope{.sources = entry.record.sources, .known = {}};
  const flow::Reading reading = flow::read_flows(revision.files({.prefixes = scope.sources}), scope,
                                                 [&](const git::Entry& file) { return revision.read(file); });
  const flow::FindFlow find = [&](const std::string& id) { return flow::find_flow(reading, id); };
  const flow::Flow* flow = find(flow_id);
  if (flow == nullptr) return std::nullopt;
  return report::with_secrets_masked(flow::graph_of(*flow, find));
}

std::string flow_page(const EnvironmentStatus& environment, const flow::Graph& graph, Buttons buttons) {
  const report::SvgOptions options{.id = "flow", .style = report::SvgOptions::Style::outside};
  const report::FirstLook look = report::first_look(graph).value_or(report::FirstLook{});
  const Markup body =
      filled("drawing", {{"title", graph.title},
                         {"environment", environment.key},
                         {"back", html::link(environment)},
                         {"flow", graph.flow_id},
                         {"losses", html::losses(losses_of_flow(environment, graph.flow_id))},
                         {"state", state_note(environment, graph.flow_id, buttons)},
                         {"commit", html::commit(environment.deployed->commit, environment.commit_pages)},
                         {"time", html::time(environment.deployed->time)},
                         {"left", look.left},
                         {"top", look.top},
                         {"drawing", Markup::verbatim(report::svg_drawing(graph, options))},
                         {"tasks", task_items(graph)}});
  return filled("page", {{"title", graph.title + " · " + environment.key}, {"body", body}}).str();
}

}  // namespace flowship::daemon
