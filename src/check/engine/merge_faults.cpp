#include "check/engine/merge_faults.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "check/engine/grouped_check.hpp"
#include "flow/layouts/layouts.hpp"

#include <set>
#include <utility>

namespace flowship::check {

namespace {

/// One of the files of a snapshot, as a flow that lacks the others.
flow::Flow part_of_flow(const json::DocumentPtr& document, flow::Role role, const std::string& path) {
  flow::Flow flow;
  flow.id = name_of(folder_of(path));
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

/// The flow with the version of one of its files in it.
flow::Flow with_part(flow::Flow flow, const json::DocumentPtr& document, flow::Role role) {
  flow::Flow part = part_of_flow(document, role, {});
  flow.documents.push_back(document);
  if (role == flow::Role::contents) flow.contents = part.contents;
  if (role == flow::Role::metadata) {
    flow.references = document->root().find("references");
    flow.metadata_at = part.metadata_at;
    flow.metadata = std::move(part.metadata);
  }
  return flow;
}

bool is_whole(flow::Role role) {
  return role == flow::Role::flow || role == flow::Role::wrapped || role == flow::Role::console;
}

/// `path` is the file's.
flow::Reading reading_of(const json::DocumentPtr& document, flow::Role role, const std::string& path) {
  flow::Reading reading;
  if (role == flow::Role::flow || role == flow::Role::wrapped) {
    reading.flows.push_back(flow::flow_of_export(document, flow::exported_flow(document->root())));
  } else if (role == flow::Role::console) {
    const std::string name = path.ends_with(".json") ? path : "flow.json";
    reading = flow::read_flows({{name, git::EntryKind::file, {}}}, {.sources = {}, .known = {name}},
                               [&](const git::Entry&) { return std::string(document->text()); });
  } else {
    reading.flows.push_back(part_of_flow(document, role, path));
  }
  return reading;
}

flow::MergeFault fault_of(const Finding& finding) {
  const std::string message = finding.message + " (" + finding.rule + ")";
  return {.message = message,
          .position = {finding.line, finding.column},
          .identity = message,
          .kind = finding.rule,
          .gravity = static_cast<int>(finding.severity)};
}

/// The other flows of a version's revision, looked for when the first is asked for.
class OtherFlows final : public FlowLookup {
 public:
  OtherFlows(const MergeCheck& check, std::optional<flow::Side> side) : check_(check), side_(side) {}

  std::optional<flow::Flow> find(const std::string& flow_id) const override {
    try {
      return check_.beside ? check_.beside(side_).flows.find(flow_id) : std::nullopt;
    } catch (const Error&) {
      // It can't be read, in a partial clone for example.
      return std::nullopt;
    }
  }

  std::vector<flow::Flow> users_of(const std::string& flow_id) const {
    try {
      const FlowsBeside beside = check_.beside(side_);
      return beside.users ? beside.users(flow_id) : std::vector<flow::Flow>();
    } catch (const Error&) {
      return {};
    }
  }

 private:
  const MergeCheck& check_;
  const std::optional<flow::Side> side_;
};

/// The whole flow that the version belongs to. Nothing for a screen, which no path depends on.
std::optional<flow::Flow> whole_flow(const json::DocumentPtr& document, flow::Role role, const std::string& path,
                                     const FlowLookup& others) {
  if (role == flow::Role::screen) return std::nullopt;
  if (is_whole(role)) {
    flow::Reading reading = reading_of(document, role, path);
    if (reading.flows.empty()) return std::nullopt;
    reading.flows.front().source.path = path;
    return std::move(reading.flows.front());
  }
  std::optional<flow::Flow> flow = others.find(std::string(name_of(folder_of(path))));
  return flow ? std::optional(with_part(std::move(*flow), document, role)) : std::nullopt;
}

/// Of rules that compare a snapshot's contents.json with its other files.
bool is_across_files(const Finding& finding) {
  static const std::set<std::string> kRules = {"duplicate-screen-id", "missing-connector", "rule-interaction",
                                               "screen-task"};
  return kRules.contains(finding.rule);
}

/// What is wrong between a version of a snapshot's contents.json and the other files, as git leaves them.
std::vector<flow::MergeFault> faults_across_files(const json::DocumentPtr& document, std::optional<flow::Side> own_side,
                                                  const MergeCheck& check, const Settings& settings) {
  constexpr flow::Role kRole = flow::Role::contents;
  const OtherFlows others(check, own_side);
  std::vector<flow::MergeFault> faults;
  std::optional<flow::Flow> flow = whole_flow(document, kRole, check.path, others);
  if (!flow) return faults;
  for (const std::optional<flow::Side> side :
       {std::optional(flow::Side::ours), std::optional(flow::Side::theirs), {}}) {
    // What is not known of one version would seem to be new in another.
    if (side != own_side && !whole_flow(document, kRole, check.path, OtherFlows(check, side))) return faults;
  }
  flow::Reading reading;
  reading.flows.push_back(std::move(*flow));
  for (const Finding& finding : grouped_check(reading, settings, &others, Grouping::by_place)) {
    if (!is_across_files(finding)) continue;
    flow::MergeFault fault = fault_of(finding);
    if (finding.rule == "duplicate-screen-id") {
      // It is in a screen's file, and names a line of another.
      fault.position = {};
      fault.identity = fault.kind = finding.message.substr(0, finding.message.find(','));
    }
    faults.push_back(std::move(fault));
  }
  return faults;
}

flow::MergeFault fault_of_policy(const Finding& finding, bool is_elsewhere) {
  flow::MergeFault fault = fault_of(finding);
  // It may be violated by another path than before.
  fault.identity = fault.kind = finding.rule + " " + finding.subject + " " + finding.flow_id;
  if (is_elsewhere) fault.position = {};
  return fault;
}

std::vector<flow::MergeFault> violations(const json::DocumentPtr& document, flow::Role role, const MergeCheck& check,
                                         const OtherFlows& others) {
  std::vector<flow::MergeFault> faults;
  if (!check.beside || check.settings.policies.empty()) return faults;
  std::optional<flow::Flow> flow = whole_flow(document, role, check.path, others);
  if (!flow) return faults;
  const std::string id = flow->id;
  flow::Reading reading;
  reading.flows = others.users_of(id);
  reading.flows.push_back(std::move(*flow));
  for (const Finding& finding : check_policies(reading, check.settings, &others)) {
    faults.push_back(fault_of_policy(finding, finding.flow_id != id || role == flow::Role::metadata));
  }
  return faults;
}

}  // namespace

flow::FaultsOf merge_faults(flow::Role role, MergeCheck check) {
  Settings own = check.settings;
  // What was ignored in one version is not ignored in another.
  own.ignore.clear();
  own.names.clear();
  // They are about the flows together.
  own.policies.clear();
  return [role, own = std::move(own), check = std::move(check)](const json::DocumentPtr& document,
                                                                std::optional<flow::Side> side) {
    const OtherFlows others(check, side);
    std::vector<flow::MergeFault> faults;
    // By place, since another place of a cause may be the first in another version.
    for (const Finding& finding :
         grouped_check(reading_of(document, role, check.path), own, &others, Grouping::by_place)) {
      faults.push_back(fault_of(finding));
    }
    if (role == flow::Role::contents && check.beside) {
      for (flow::MergeFault& fault : faults_across_files(document, side, check, own)) {
        faults.push_back(std::move(fault));
      }
    }
    for (flow::MergeFault& fault : violations(document, role, check, others)) faults.push_back(std::move(fault));
    return faults;
  };
}

}  // namespace flowship::check
