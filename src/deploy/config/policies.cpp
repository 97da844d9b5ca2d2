#include "deploy/config/policies.hpp"

#include "base/text/glob.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/checks.hpp"
#include "deploy/config/reference.hpp"
#include "json/members.hpp"

#include <algorithm>
#include <charconv>

namespace flowship::deploy {

namespace {

using json::Known;
using json::refuse;
using json::text_of;
using json::Type;
using json::Value;

/// A glob, or one of the kinds.
void expect_factor(Value at, const std::string& glob) {
  std::vector<std::string> kinds;
  for (std::size_t kind = 0; kind < flow::kFactorKinds; ++kind) kinds.emplace_back(flow::factor_kind(kind));
  const bool is_known =
      std::any_of(kinds.begin(), kinds.end(), [&](const std::string& kind) { return matches_glob(glob, kind); });
  if (!is_known) refuse(at, "no kind of factor is called `" + printable(glob) + "`", did_you_mean(glob, kinds));
}

template <flow::Selector::Kind kKind>
void read_selector_of(Value value, flow::Selector& target) {
  target.kind = kKind;
  target.glob = text_of(value, "a selector's value");
  if constexpr (kKind == flow::Selector::Kind::factor) expect_factor(value, target.glob);
}

using Kind = flow::Selector::Kind;

constexpr Known<flow::Selector> kSelectorMembers[] = {
    {"action", read_selector_of<Kind::action>},       {"factor", read_selector_of<Kind::factor>},
    {"task", read_selector_of<Kind::task>},           {"screen", read_selector_of<Kind::screen>},
    {"connector", read_selector_of<Kind::connector>}, {"subflow", read_selector_of<Kind::subflow>},
};

flow::Selector read_selector(Value value) {
  flow::Selector selector;
  json::read_members(value, "a selector", kSelectorMembers, selector);
  if (value.size() != 1) {
    refuse(value, "a selector has one member: `action`, `factor`, `task`, `screen`, `connector` or `subflow`",
           "list alternatives as selectors of their own");
  }
  return selector;
}

std::vector<flow::Selector> read_selectors(Value value, const std::string& what) {
  if (!value.is(Type::array) || value.size() == 0) refuse(value, what + " must be a list of at least one selector");
  std::vector<flow::Selector> selectors;
  for (const Value item : value.items()) selectors.push_back(read_selector(item));
  return selectors;
}

void read_factors(Value value, check::Policy& policy) {
  std::size_t factors = 0;
  const std::string_view text = value.text();
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), factors);
  const bool is_number = value.is(Type::number) && error == std::errc() && end == text.data() + text.size();
  if (!is_number || factors < 1 || factors > flow::kFactorKinds) {
    refuse(value, "`factors` must be a whole number from 1 to " + std::to_string(flow::kFactorKinds));
  }
  policy.factors = factors;
}

constexpr Known<check::Policy> kPolicyMembers[] = {
    {"name", [](Value value, check::Policy& policy) { policy.name = text_of(value, "`name`"); }},
    {"flows",
     [](Value value, check::Policy& policy) {
       policy.flows = json::texts_of(value, "`flows`");
       if (policy.flows.empty()) refuse(value, "`flows` is empty", "leave it out for all flows");
     }},
    {"require", [](Value value, check::Policy& policy) { policy.require = read_selectors(value, "`require`"); }},
    {"forbid", [](Value value, check::Policy& policy) { policy.forbid = read_selectors(value, "`forbid`"); }},
    {"factors", read_factors},
    {"before", [](Value value, check::Policy& policy) { policy.before = read_selector(value); }},
    {"severity", [](Value value, check::Policy& policy) { policy.severity = read_severity(value, "a policy's"); }},
};

}  // namespace

std::vector<check::Policy> read_policies(Value value) {
  if (!value.is(Type::array)) refuse(value, "`policies` must be a list");
  std::vector<check::Policy> policies;
  for (const Value item : value.items()) {
    check::Policy policy;
    json::read_members(item, "a policy", kPolicyMembers, policy, right_place);
    if (policy.name.empty()) refuse(item, "a policy needs a `name`");
    if (policy.require.empty() && policy.forbid.empty() && !policy.factors) {
      refuse(item, "the policy `" + printable(policy.name) + "` demands nothing",
             "give it `require`, `forbid` or `factors`");
    }
    const bool is_taken = std::any_of(policies.begin(), policies.end(),
                                      [&](const check::Policy& other) { return other.name == policy.name; });
    if (is_taken) refuse(item.find("name"), "there are two policies `" + printable(policy.name) + "`");
    policy.path = item.document().name();
    policy.line = item.position().line;
    policy.column = item.position().column;
    policies.push_back(std::move(policy));
  }
  return policies;
}

void expect_ignored_policies(Value root, const check::Settings& settings) {
  std::vector<std::string> names;
  for (const check::Policy& policy : settings.policies) names.push_back(policy.name);
  for (const Value item : root.find("ignore").items()) {
    const Value at = item.find("policy");
    if (!at || std::find(names.begin(), names.end(), at.string()) != names.end()) continue;
    refuse(at, "there is no policy `" + printable(at.string()) + "`", did_you_mean(at.string(), names));
  }
}

std::vector<std::string> known_policy_members() {
  std::vector<std::string> names;
  for (const Known<check::Policy>& member : kPolicyMembers) names.emplace_back(member.name);
  return names;
}

}  // namespace flowship::deploy
