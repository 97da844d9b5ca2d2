// All rules, by group. To add one: a row here, its check in the file of its group, and a good and a bad sample in
// tests/check/samples_<group>.cpp (a test fails where a rule has none).

#include "check/rules/rule.hpp"

#include <array>

namespace flowship::check {

namespace {

constexpr Severity kError = Severity::error;
constexpr Severity kWarning = Severity::warning;
constexpr Severity kNote = Severity::note;

constexpr Rule kRules[] = {
    {{"syntax", "syntax", kError, "a file is not JSON"}, nullptr},

    {{"missing-contents", "layout", kError, "a flow's folder has no contents.json"}, nullptr},
    {{"missing-metadata", "layout", kError, "a flow's folder has no metadata.json"}, nullptr},
    {{"missing-screen", "layout", kError, "`screens` names a screen whose file is not there"}, nullptr},
    {{"unlisted-screen", "layout", kWarning, "`screens` does not name a screen file that is there"}, nullptr},
    {{"bad-screen-name", "layout", kError, "an entry of `screens` names no file, or the same file again"}, nullptr},
    {{"not-a-file", "layout", kError, "a symbolic link or a submodule stands where a flow's file should be"}, nullptr},
    {{"bad-flow-id", "layout", kError, "a flow's id is not 1 to 128 letters, digits, `-` and `_`"}, nullptr},
    {{"duplicate-flow-id", "layout", kError, "two sources hold a flow of the same id"}, nullptr},
    {{"flow-id-case", "layout", kError, "the ids of two flows differ in upper and lower case only"}, nullptr},
    {{"flow-id-mismatch", "layout", kError, "`flowId` in metadata.json differs from the folder's name"}, nullptr},
    {{"flow-list", "layout", kNote, "flows.json disagrees with the folders beside it"}, nullptr},

    {{"missing-member", "shape", kError, "a member that the service requires is missing"}, check_shape},
    {{"wrong-type", "shape", kError, "a member has another type than the service takes"}, check_shape},
    {{"unknown-member", "shape", kNote, "a member is none that the service is known to have"}, check_shape},

    {{"start-task", "graph", kError, "`startTask` is missing, or is no task"}, check_graph},
    {{"task-id", "graph", kError, "a task's key and its `id` differ"}, check_graph},
    {{"rule-target", "graph", kError, "a rule leads to no task"}, check_graph},
    {{"rule-interaction", "graph", kWarning, "a rule is for an interaction that nothing offers"}, check_graph},
    {{"step-target", "graph", kError, "an action's second step is no task"}, check_graph},
    {{"screen-task", "graph", kWarning, "a task shows a screen that the flow does not have"}, check_graph},
    {{"duplicate-screen-id", "graph", kError, "two screens have the same `screenId`"}, check_graph},
    {{"unused-screen", "graph", kNote, "no task shows a screen"}, check_graph},
    {{"unreachable-task", "graph", kNote, "nothing leads to a task"}, check_graph},
    {{"no-end", "graph", kWarning, "no way leads from the start to an end"}, check_graph},
    {{"missing-else", "graph", kNote, "a condition has no `ELSE`"}, check_graph},
    {{"missing-subflow", "graph", kWarning, "the repository does not have a subflow"}, check_subflows},
    {{"subflow-cycle", "graph", kWarning, "flows run each other as subflows in a circle"}, check_subflows},

    {{"missing-connector", "references", kWarning, "`references` does not have a connector that is used"},
     check_references},
    {{"unused-connector", "references", kNote, "nothing uses a connector that `references` has"}, check_references},
    {{"unmapped-connector", "references", kWarning, "an environment maps other connectors, but not this one"},
     check_references},
    {{"unmatched-name", "references", kError, "`set` or `connectors` names what no flow has"}, nullptr},

    {{"node-root", "screens", kError, "a screen's node tree has no `ROOT`"}, check_screens},
    {{"node-child", "screens", kError, "a node has a child that is not there"}, check_screens},
    {{"node-parents", "screens", kError, "a node is named as a child twice"}, check_screens},
    {{"node-parent", "screens", kWarning, "a node's `parent` is not the node that names it as a child"}, check_screens},
    {{"loose-node", "screens", kNote, "a node hangs nowhere"}, check_screens},

    {{"management-key", "safety", kError, "a value holds a Descope management key"}, check_safety},
    {{"private-key", "safety", kError, "a value holds a private key"}, check_safety},
    {{"jwt", "safety", kError, "a value holds a JWT"}, check_safety},
    {{"provider-token", "safety", kError, "a value holds a well-known provider's token"}, check_safety},
    {{"bearer-token", "safety", kError, "a value holds a bearer token"}, check_safety},
    {{"insecure-url", "safety", kWarning, "a redirect or a connector's argument is an `http://` address"},
     check_safety},
};

constexpr auto kFacts = [] {
  std::array<RuleFacts, std::size(kRules)> facts{};
  for (std::size_t index = 0; index < facts.size(); ++index) facts[index] = kRules[index].facts;
  return facts;
}();

}  // namespace

std::span<const Rule> rule_table() { return kRules; }

std::span<const RuleFacts> rules() { return kFacts; }

const RuleFacts* find_rule(std::string_view id) {
  for (const RuleFacts& facts : kFacts) {
    if (facts.id == id) return &facts;
  }
  return nullptr;
}

}  // namespace flowship::check
