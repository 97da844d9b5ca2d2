#include "base/files/files.hpp"
#include "deploy/ledger/record.hpp"
#include "json/document.hpp"

#include <gtest/gtest.h>

#include <set>

// docs/ledger.md names exactly the members that are written.

namespace flowship::deploy {
namespace {

/// What the first column of the table below `heading` names.
std::set<std::string> named_below(const std::string& heading) {
  const std::string page = read_file(LEDGER_PAGE).value_or("");
  const std::size_t begin = page.find("\n## " + heading + "\n");
  if (begin == std::string::npos) ADD_FAILURE() << "no section " << heading;
  const std::string section = page.substr(begin, page.find("\n## ", begin + 1) - begin);
  constexpr std::string_view kRow = "\n| `";
  std::set<std::string> names;
  for (std::size_t row = section.find(kRow); row != std::string::npos; row = section.find(kRow, row + 1)) {
    const std::size_t name = row + kRow.size();
    names.insert(section.substr(name, section.find('`', name) - name));
  }
  return names;
}

void add_members(json::Value value, const std::string& name, std::set<std::string>& names) {
  if (value.is(json::Type::object)) {
    for (const json::Member member : value.members()) {
      add_members(member.value, name.empty() ? member.name() : name + "." + member.name(), names);
    }
  } else if (value.is(json::Type::array) && value.items().begin() != value.items().end() &&
             (*value.items().begin()).is(json::Type::object)) {
    for (const json::Value item : value.items()) add_members(item, name + "[]", names);
  } else {
    names.insert(name);
  }
}

std::set<std::string> written_in(std::string text) {
  std::set<std::string> names;
  const json::DocumentPtr document = json::Document::parse(std::move(text), "written");
  add_members(document->root(), "", names);
  return names;
}

TEST(LedgerPage, NamesEveryMemberOfDeploymentJson) {
  Record record;
  record.finished = record.started;
  record.committed = record.started;
  record.overrides.connectors["<name>"] = "CI1";
  record.overrides.roles["<name>"] = "ROL1";
  record.overrides.set["<flowId>"]["<pointer>"] = "1";
  record.digest_salt = "5a17";
  record.renewals = 1;
  record.origin = {.environment = "staging", .record = std::string(40, 'a')};
  record.holder.run = "https://github.com/o/r/actions/runs/1";
  EXPECT_EQ(named_below("`deployment.json`"), written_in(to_json(record)));
}

TEST(LedgerPage, NamesEveryMemberOfFlowsJson) {
  FlowResult flow;
  flow.outcome = FlowOutcome::failed;
  flow.error = "no answer";
  flow.payload = "sha256:1";
  flow.tag = api::FlowTag{.version = "1", .etag = "e", .modified_time = "2"};
  flow.absent = flow.unknown = true;
  flow.deployed_paths = {"a.json"};
  EXPECT_EQ(named_below("`flows.json`"), written_in(flows_to_json({flow})));
}

TEST(LedgerPage, NamesEveryMemberOfUnsettledJson) {
  EXPECT_EQ(named_below("`unsettled.json`"), written_in(unsettled_to_json({{"<flowId>", {}}})));
}

}  // namespace
}  // namespace flowship::deploy
