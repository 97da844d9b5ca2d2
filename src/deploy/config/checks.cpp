#include "deploy/config/checks.hpp"

#include "base/secret.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/reference.hpp"
#include "git/branch.hpp"
#include "git/objects/entry_limits.hpp"
#include "git/remote/pushed_refs.hpp"
#include "json/members.hpp"

#include <algorithm>
#include <utility>

namespace flowship::deploy {

namespace {

using json::Known;
using json::refuse;
using json::text_of;
using json::Type;
using json::Value;

/// A source in normal form: relative, without `./`, `//` and a trailing slash; "" is the root.
std::string normal_source(Value value) {
  std::string rest = text_of(value, "a source");
  if (rest.starts_with('/'))
    refuse(value, "a source must be relative to the repository's root", "remove the leading `/`");
  std::string normal;
  while (!rest.empty()) {
    const std::string part = rest.substr(0, rest.find('/'));
    rest.erase(0, part.size() + 1);
    if (part == "..") refuse(value, "a source must lie inside the repository");
    if (!part.empty() && part != ".") normal += (normal.empty() ? "" : "/") + part;
  }
  if (git::leads_into_git(normal)) refuse(value, "a source can't lie in a git directory");
  return normal;
}

constexpr Known<check::IgnoreEntry> kIgnoreMembers[] = {
    {"rule", [](Value value, check::IgnoreEntry& target) { target.rule = text_of(value, "`rule`"); }},
    {"path", [](Value value, check::IgnoreEntry& target) { target.path = text_of(value, "`path`"); }},
    {"flowId", [](Value value, check::IgnoreEntry& target) { target.flow_id = text_of(value, "`flowId`"); }},
    {"key", [](Value value, check::IgnoreEntry& target) { target.key = text_of(value, "`key`"); }},
    {"policy", [](Value value, check::IgnoreEntry& target) { target.policy = text_of(value, "`policy`"); }},
    {"reason", [](Value value, check::IgnoreEntry& target) { target.reason = text_of(value, "`reason`"); }},
};

void expect_rule(Value at, const std::string& id) {
  if (check::find_rule(id) == nullptr) {
    refuse(at, "unknown rule `" + printable(id) + "`", check::unknown_rule_hint(id));
  }
}

}  // namespace

void refuse_keys(Value value) {
  if (value.is(Type::string) && find_form_of_key(value.string()).length != 0) {
    refuse(value, "this contains what has the form of a management key",
           "never write keys here; withdraw it if it is one");
  }
  if (value.is(Type::array)) {
    for (const Value item : value.items()) refuse_keys(item);
  }
  if (!value.is(Type::object)) return;
  for (const json::Member member : value.members()) {
    refuse_keys(member.key);
    if (member.name() != "set") {
      refuse_keys(member.value);
    } else if (member.value.is(Type::object)) {
      for (const json::Member flow : member.value.members()) refuse_keys(flow.key);
    }
  }
}

std::vector<std::string> known_ignore_members() {
  std::vector<std::string> names;
  for (const Known<check::IgnoreEntry>& member : kIgnoreMembers) names.emplace_back(member.name);
  return names;
}

std::vector<std::string> read_sources(Value value) {
  if (!value.is(Type::array)) refuse(value, "`sources` must be a list of folders or files");
  std::vector<std::string> sources;
  for (const Value item : value.items()) {
    std::string source = normal_source(item);
    // The root means the same as no sources at all.
    if (source.empty()) return {};
    sources.push_back(std::move(source));
  }
  return sources;
}

void read_ignore(Value value, check::Settings& settings) {
  if (!value.is(Type::array)) refuse(value, "`ignore` must be a list");
  for (const Value item : value.items()) {
    check::IgnoreEntry entry;
    json::read_members(item, "an entry of `ignore`", kIgnoreMembers, entry, right_place);
    if (entry.rule.empty()) refuse(item, "an entry of `ignore` needs the `rule` to ignore");
    if (entry.path.empty() && entry.flow_id.empty()) refuse(item, "an entry of `ignore` needs a `path` or a `flowId`");
    if (entry.reason.find_first_not_of(" \t\r\n") == std::string::npos)
      refuse(item, "an entry of `ignore` needs a `reason`");
    expect_rule(item, entry.rule);
    if (entry.rule == check::kGuaranteeRule && (entry.flow_id.empty() || entry.key.empty())) {
      refuse(item, "an entry of `ignore` for `guarantee` needs a `flowId` and a `key`",
             "the key that is lost, such as \"factor:otp-email\", or \"assurance\"");
    }
    if (entry.rule != check::kGuaranteeRule && !entry.key.empty()) {
      refuse(item, "only entries of `ignore` for the rule `guarantee` have a `key`");
    }
    if (entry.rule == check::kPolicyRule && entry.policy.empty()) {
      refuse(item, "an entry of `ignore` for the rule `policy` needs the name of the `policy`");
    }
    if (entry.rule != check::kPolicyRule && !entry.policy.empty()) {
      refuse(item, "only entries of `ignore` for the rule `policy` have a `policy`");
    }
    settings.ignore.push_back(std::move(entry));
  }
}

std::string read_branch(Value value) {
  std::string branch = text_of(value, "`branch`");
  const bool is_possible = git::is_ref_name(git::ref_of_branch(branch)) && !branch.starts_with('-');
  if (is_possible && !branch.starts_with("refs/") && branch != "HEAD") return branch;
  const std::string meant = git::branch_of_ref(branch).value_or("");
  refuse(value, "`branch` must be the name of a branch, such as \"main\"",
         meant.empty() ? "" : "write \"" + printable(meant) + "\"");
}

check::Severity read_severity(Value value, const std::string& whose) {
  const std::string text = text_of(value, whose + " severity");
  for (const check::Severity severity :
       {check::Severity::off, check::Severity::note, check::Severity::warning, check::Severity::error}) {
    if (check::to_text(severity) == text) return severity;
  }
  refuse(value, whose + " severity must be `error`, `warning`, `note` or `off`");
}

void read_rules(Value value, check::Settings& settings) {
  json::expect_object(value, "`rules`");
  for (const json::Member member : value.members()) {
    expect_rule(member.key, member.name());
    if (member.name() == check::kGuaranteeRule) {
      refuse(member.key, "how severe a lost guarantee is, is not said in `rules`",
             R"(set "guarantees" in flowship.json to "off", "warn" or "error")");
    }
    settings.severities[member.name()] = read_severity(member.value, "a rule's");
  }
}

}  // namespace flowship::deploy
