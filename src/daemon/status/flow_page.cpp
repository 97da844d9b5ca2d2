#include "daemon/status/flow_page.hpp"

#include "daemon/status/html.hpp"
#include "deploy/ledger/ledger.hpp"
#include "flow/layouts/reading.hpp"
#include "git/repository.hpp"
#include "git/revision.hpp"
#include "report/drawings/svg.hpp"
#include "report/masking.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

using html::text;

/// Each task with the ways out of it.
std::string tasks_html(const flow::Graph& graph) {
  std::string html = "<ul class=\"tasks\">\n";
  auto edge = graph.edges.begin();
  for (std::size_t index = 0; index < graph.tasks.size(); ++index) {
    const flow::Task& task = graph.tasks[index];
    html += "<li><strong><bdi>" + text(task.title()) + "</bdi></strong> <span class=\"kind\">" +
            text(flow::kind_text(task)) + "</span>\n";
    for (; edge != graph.edges.end() && edge->from == index; ++edge) {
      html += "<p>→ <bdi>" + text(graph.tasks[edge->to].title()) + "</bdi>";
      if (!edge->label.empty()) html += " <span class=\"kind\">on “<bdi>" + text(edge->label) + "</bdi>”</span>";
      html += "</p>\n";
    }
    html += "</li>\n";
  }
  return html + "</ul>\n";
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
  const auto find = [&](const std::string& id) -> const flow::Flow* {
    const auto found =
        std::find_if(reading.flows.begin(), reading.flows.end(), [&](const flow::Flow& flow) { return flow.id == id; });
    return found == reading.flows.end() ? nullptr : &*found;
  };
  const flow::Flow* flow = find(flow_id);
  if (flow == nullptr) return std::nullopt;
  return report::with_secrets_masked(flow::graph_of(*flow, find));
}

std::string flow_page(const EnvironmentStatus& environment, const flow::Graph& graph) {
  std::string body = "<header class=\"top\">\n<h1><bdi>" + text(graph.title) +
                     "</bdi></h1>\n<p class=\"back\"><a href=\"/\">All environments</a></p>\n</header>\n<main>\n";
  body += "<section class=\"sheet\" aria-labelledby=\"drawing\">\n<h2 id=\"drawing\">As deployed in <bdi>" +
          text(environment.key) + "</bdi></h2>\n<p class=\"when\"><code>" + text(graph.flow_id) + "</code>, " +
          html::commit(environment.deployed->commit) + ", " + html::time(environment.deployed->time) + "</p>\n";
  body += "<div class=\"canvas\" tabindex=\"0\" role=\"region\" aria-label=\"The flow, drawn\">\n" +
          report::svg_drawing(graph, {.id = "flow", .style = report::SvgOptions::Style::outside}) +
          "</div>\n</section>\n";
  body += "<section class=\"sheet\" aria-labelledby=\"words\">\n<h2 id=\"words\">In words</h2>\n" + tasks_html(graph) +
          "</section>\n</main>\n";
  return html::document(graph.title + " · " + environment.key, body);
}

}  // namespace flowship::daemon
