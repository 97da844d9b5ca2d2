// All rules, by group. To add one: a row here, its check in the file of its group, and a good and a bad sample in
// tests/check/samples_<group>.cpp (a test fails if a rule has none).

#include "base/text/did_you_mean.hpp"
#include "check/rules/rule.hpp"

#include <array>

namespace flowship::check {

namespace {

constexpr Severity kError = Severity::error;
constexpr Severity kWarning = Severity::warning;
constexpr Severity kNote = Severity::note;

constexpr Rule kRules[] = {
    {{"syntax", "syntax", kError, "a file is not valid JSON"}, nullptr},

    {{"missing-contents", "layout", kError, "a flow folder has no contents.json"}, nullptr},
    {{"missing-metadata", "layout", kError, "a flow folder has no metadata.json"}, nullptr},
    {{"missing-screen", "layout", kError, "`screens` lists a screen whose file does not exist"}, nullptr},
    {{"unlisted-screen", "layout", kWarning, "a screen file is not listed in `screens`"}, nullptr},
    {{"bad-screen-name", "layout", kError, "an entry of `screens` is not a valid name or a duplicate"}, nullptr},
    {{"not-a-file", "layout", kError, "a symbolic link or a submodule is in place of a flow's file"}, nullptr},
    {{"bad-flow-id", "layout", kError, "a flow's id is not 1 to 128 letters, digits, `-` and `_`"}, nullptr},
    {{"duplicate-flow-id", "layout", kError, "two sources define the same flow id"}, nullptr},
    {{"flow-id-case", "layout", kError, "two flow ids differ only in case"}, nullptr},
    {{"flow-id-mismatch", "layout", kError, "`flowId` in metadata.json differs from the folder name"}, nullptr},
    {{"flow-list", "layout", kNote, "the list in flows.json does not match the folders beside it"}, nullptr},

    {{"missing-member", "shape", kError, "a required member is missing"}, check_shape},
    {{"wrong-type", "shape", kError, "a member has the wrong type"}, check_shape},
    {{"unknown-member", "shape", kNote, "a member is unknown to the service"}, check_shape},

    {{"start-task", "graph", kError, "`startTask` is missing or does not exist"}, check_graph},
    {{"task-id", "graph", kError, "a task's `id` differs from its key"}, check_graph},
    {{"rule-target", "graph", kError, "a rule leads to a task that does not exist"}, check_graph},
    {{"rule-interaction", "graph", kWarning, "a rule refers to an interaction that does not exist"}, check_graph},
    {{"step-target", "graph", kError, "the second step of an action does not exist"}, check_graph},
    {{"screen-task", "graph", kWarning, "a task shows a screen that does not exist"}, check_graph},
    {{"duplicate-screen-id", "graph", kError, "two screens have the same `screenId`"}, check_graph},
    {{"unused-screen", "graph", kNote, "no task shows a screen"}, check_graph},
    {{"unreachable-task", "graph", kNote, "a task can't be reached"}, check_graph},
    {{"no-end", "graph", kWarning, "no path from start to an end task"}, check_graph},
    {{"missing-else", "graph", kNote, "a condition has no `ELSE`"}, check_graph},
    {{"too-many-tasks", "graph", kWarning, "a flow has more than 200 tasks, or more than 100 (then a note)"},
     check_graph},
    {{"missing-subflow", "graph", kWarning, "a subflow does not exist in the repository"}, check_subflows},
    {{"subflow-cycle", "graph", kWarning, "flows run each other as subflows in a cycle"}, check_subflows},

    {{kGuaranteeRule, "paths", kWarning, "a change lets a session be reached without what every path passed before"},
     nullptr},
    {{kPolicyRule, "paths", kError, "a path that a policy of the repository or the server does not allow"}, nullptr},

    {{"missing-connector", "references", kWarning, "a task uses a connector that is not in `references`"},
     check_references},
    {{"unused-connector", "references", kNote, "a connector in `references` is not used"}, check_references},
    {{"unmapped-connector", "references", kError, "an environment has `connectors`, but not this one"},
     check_references},
    {{"unmapped-role", "references", kError, "an environment has `roles`, but not this one"}, check_references},
    {{"unmatched-name", "references", kError, "`set`, `connectors` or `roles` names something that does not exist"},
     nullptr},

    {{"node-root", "screens", kError, "a screen's node tree has no `ROOT`"}, check_screens},
    {{"node-child", "screens", kError, "a node has a child that does not exist"}, check_screens},
    {{"node-parents", "screens", kError, "a node is listed as a child twice"}, check_screens},
    {{"node-parent", "screens", kWarning, "a node's `parent` is not the node that lists it as a child"}, check_screens},
    {{"loose-node", "screens", kNote, "orphaned node: not attached to `ROOT`"}, check_screens},

    {{"management-key", "safety", kError, "a value contains a Descope management key"}, check_safety},
    {{"private-key", "safety", kError, "a value contains a private key"}, check_safety},
    {{"jwt", "safety", kError, "a value contains a JWT"}, check_safety},
    {{"provider-token", "safety", kError, "a value contains a token of a well-known provider"}, check_safety},
    {{"bearer-token", "safety", kError, "a value contains a bearer token"}, check_safety},
    {{"basic-authorization", "safety", kError, "a value contains basic authorization credentials"}, check_safety},
    {{"url-credentials", "safety", kWarning, "a URL contains a password"}, check_safety},
    {{"insecure-url", "safety", kWarning, "a redirect or a connector argument is an `http://` URL"}, check_safety},
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

std::string unknown_rule_hint(const std::string& id) {
  std::vector<std::string> ids;
  for (const RuleFacts& facts : kFacts) ids.emplace_back(facts.id);
  const std::string nearest = did_you_mean(id, ids);
  return nearest.empty() ? "see `flowship help rules`" : nearest;
}

}  // namespace flowship::check
