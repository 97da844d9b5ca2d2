#include "check/engine/merge_faults.hpp"

#include "check/engine/grouped_check.hpp"
#include "flow/layouts/layouts.hpp"

#include <utility>

namespace flowship::check {

namespace {

/// One of the files of a snapshot, as a flow that lacks the others.
flow::Flow part_of_flow(const json::DocumentPtr& document, flow::Role role) {
  flow::Flow flow;
  flow.documents = {document};
  flow.source.layout = flow::Layout::exported;
  flow.source.path = document->name();
  flow.complete = false;
  const json::Value root = document->root();
  if (role == flow::Role::contents) flow.contents = root;
  if (role == flow::Role::screen) flow.screens.push_back(flow::screen_of(root));
  if (role != flow::Role::metadata) return flow;
  flow.metadata_at = root;
  flow.metadata = flow::fields_of(root);
  std::erase_if(flow.metadata, [](const flow::Field& field) { return field.name == "screens"; });
  return flow;
}

flow::Reading reading_of(const json::DocumentPtr& document, flow::Role role) {
  flow::Reading reading;
  if (role == flow::Role::flow || role == flow::Role::wrapped) {
    reading.flows.push_back(flow::flow_of_export(document, flow::exported_flow(document->root())));
  } else if (role == flow::Role::console) {
    reading = flow::read_flows({{"flow.json", git::EntryKind::file, {}}}, {.sources = {}, .known = {"flow.json"}},
                               [&](const git::Entry&) { return std::string(document->text()); });
  } else {
    reading.flows.push_back(part_of_flow(document, role));
  }
  return reading;
}

}  // namespace

flow::FaultsOf merge_faults(flow::Role role, const Settings& settings) {
  Settings own = settings;
  // What was ignored in one version is not ignored in another.
  own.ignore.clear();
  own.names.clear();
  // They are about the flows together.
  own.policies.clear();
  return [role, own = std::move(own)](const json::DocumentPtr& document) {
    std::vector<flow::MergeFault> faults;
    // By place, since another place of a cause may be the first in another version.
    for (const Finding& finding : grouped_check(reading_of(document, role), own, nullptr, Grouping::by_place)) {
      faults.push_back({finding.message + " (" + finding.rule + ")", {finding.line, finding.column}});
    }
    return faults;
  };
}

}  // namespace flowship::check
