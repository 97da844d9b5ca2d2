#include "flow/merge/numbering.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace flowship::flow {
namespace {

json::DocumentPtr contents(const std::string& name) {
  const std::string task = name.empty() ? "" : R"(, "8": {"id": "8", "name": ")" + name + "\"}";
  return json::Document::parse(R"({"startTask": "1", "tasks": {"1": {"id": "1"})" + task + "}}");
}

const ThreeDocuments kContents{contents(""), contents("Ours"), contents("Theirs")};

const std::string kNone = R"({"name": "F"})";
const std::string kOther = R"({"name": "G"})";

std::string with_shared(const std::string& label) {
  return R"({"name": "F", "sharedInteractions": [{"id": "8.done", "label": ")" + label + "\"}]}";
}

Sibling metadata(const std::string& ours, const std::string& theirs) { return {{kNone, ours, theirs}}; }

Numbering beside(const std::optional<std::vector<Sibling>>& siblings) {
  return numbering_of_file(kContents, Role::contents, [&](std::string_view name) {
    EXPECT_EQ(name, "metadata.json");
    return siblings;
  });
}

void expect_side(const Sibling& sibling, Side side) {
  const Numbering numbering = beside(std::vector{sibling});
  EXPECT_EQ(numbering.side, side);
  EXPECT_EQ(numbering.ids, (std::vector<NewId>{{NewId::Kind::task, "8", "9", side == Side::ours ? "Ours" : "Theirs"}}));
  EXPECT_TRUE(numbering.contested.empty());
}

void expect_contested(const std::vector<Sibling>& siblings) {
  const Numbering numbering = beside(siblings);
  EXPECT_TRUE(numbering.ids.empty());
  EXPECT_EQ(numbering.contested, (std::set<json::Pointer>{{"tasks", "8"}}));
  EXPECT_FALSE(numbering.reason.empty());
}

TEST(Numbering, GivesNewIdsToTheSideThatIsNotNamed) {
  expect_side(metadata(kNone, kNone), Side::theirs);
  expect_side(metadata(with_shared("Ours"), kNone), Side::theirs);
  expect_side(metadata(kNone, with_shared("Theirs")), Side::ours);
  expect_side(metadata(kOther, with_shared("Theirs")), Side::ours);
  expect_side(metadata(with_shared("Ours"), with_shared("Theirs")), Side::theirs);
}

TEST(Numbering, IsAConflictWhereOneFileNamesBothTasks) {
  expect_contested({metadata(with_shared("Done"), with_shared("Done"))});
  Sibling by_lines = metadata(with_shared("Ours"), with_shared("Theirs"));
  by_lines.is_merged_by_identity = false;
  expect_contested({by_lines});
  by_lines.versions.theirs = kNone;
  expect_side(by_lines, Side::theirs);
}

TEST(Numbering, IsAConflictWhereTheOtherFileIsNotKnown) {
  expect_contested({});
  expect_contested({metadata(kNone, kNone), metadata(kNone, with_shared("Theirs"))});
  expect_contested({metadata("{", kNone)});
  EXPECT_EQ(beside(std::nullopt).ids.size(), 1U);
}

TEST(Numbering, LetsMetadataFollowOnlyWhereBothSidesAreNamed) {
  const auto numbering = [](const std::string& ours, const std::string& theirs, const std::vector<Sibling>& siblings) {
    const ThreeDocuments versions{json::Document::parse(kNone), json::Document::parse(ours),
                                  json::Document::parse(theirs)};
    return numbering_of_file(versions, Role::metadata, [&](std::string_view) { return std::optional(siblings); });
  };
  const auto text = [](const json::DocumentPtr& version) { return std::string(version->text()); };
  const Sibling contents{{text(kContents.base), text(kContents.ours), text(kContents.theirs)}};
  const Numbering both = numbering(with_shared("Ours"), with_shared("Theirs"), {contents});
  EXPECT_EQ(both.side, Side::theirs);
  EXPECT_EQ(both.ids, beside(std::vector{metadata(with_shared("Ours"), with_shared("Theirs"))}).ids);
  EXPECT_TRUE(numbering(kOther, with_shared("Theirs"), {}).ids.empty());
  EXPECT_TRUE(numbering(kOther, with_shared("Theirs"), {}).contested.empty());
  EXPECT_EQ(numbering(with_shared("Ours"), with_shared("Theirs"), {}).contested,
            (std::set<json::Pointer>{{"sharedInteractions", "8.done"}}));
}

TEST(Numbering, IsAConflictWhereARemovedTaskIsNamed) {
  const ThreeDocuments removed{contents("A"), contents(""), contents("A")};
  const auto numbering = [&](const std::string& ours, const std::string& theirs) {
    return numbering_of_file(removed, Role::contents,
                             [&](std::string_view) { return std::optional(std::vector{metadata(ours, theirs)}); });
  };
  EXPECT_EQ(numbering(kNone, with_shared("A")).contested, (std::set<json::Pointer>{{"tasks", "8"}}));
  EXPECT_TRUE(numbering(with_shared("A"), kNone).contested.empty()) << "it is broken already";
  const ThreeDocuments shared{json::Document::parse(kNone), json::Document::parse(kOther),
                              json::Document::parse(with_shared("A"))};
  const Numbering of_metadata = numbering_of_file(shared, Role::metadata, [&](std::string_view) {
    const auto text = [](const json::DocumentPtr& version) { return std::string(version->text()); };
    return std::optional(std::vector{Sibling{{text(removed.base), text(removed.ours), text(removed.theirs)}}});
  });
  EXPECT_EQ(of_metadata.contested, (std::set<json::Pointer>{{"sharedInteractions", "8.done"}}));
}

TEST(Numbering, OfAWholeFlowLooksIntoIt) {
  const auto flow = [](const std::string& name, bool is_shared) {
    return json::Document::parse(R"({"flowId": "f", "metadata": )" + (is_shared ? with_shared(name) : kNone) +
                                 R"(, "contents": )" + std::string(contents(name)->text()) + "}");
  };
  const auto side = [&](bool is_ours_shared, bool is_theirs_shared) {
    return numbering_of_file({flow("", false), flow("Ours", is_ours_shared), flow("Theirs", is_theirs_shared)},
                             Role::flow, {})
        .side;
  };
  EXPECT_EQ(side(false, true), Side::ours);
  EXPECT_EQ(side(true, false), Side::theirs);
  EXPECT_EQ(side(true, true), Side::theirs);
}

/// Tasks by id and name, a rule of task 1, and screens by id with nodes of one name.
json::DocumentPtr flow_with(const std::vector<std::pair<std::string, std::string>>& tasks, const std::string& to,
                            const std::vector<std::pair<std::string, std::string>>& screens) {
  std::string text =
      R"({"contents": {"tasks": {"1": {"id": "1", "name": "1", "next": {"rules": [{"taskId": ")" + to + R"("}]}})";
  for (const auto& [id, name] : tasks) text += ", \"" + id + R"(": {"id": ")" + id + R"(", "name": ")" + name + "\"}";
  text += R"(}}, "screens": [)";
  for (const auto& [id, nodes] : screens) {
    text += text.ends_with('[') ? "" : ", ";
    text += R"({"screenId": ")" + id + R"(", "contents": {")" + nodes + R"(1": {}, ")" + nodes + R"(2": {}, ")" +
            nodes + R"(3": {}}})";
  }
  return json::Document::parse(text + "]}");
}

FollowedIds followed(const ThreeDocuments& versions) {
  return follow_moved_ids(versions, Role::flow, [](std::string_view) { return std::nullopt; });
}

const json::DocumentPtr kBefore = flow_with({{"8", "Mine"}}, "1", {{"S", "mine"}});
const json::DocumentPtr kMoved = flow_with({{"8", "Upstream"}, {"9", "Mine"}}, "1", {{"S", "up"}, {"S-2", "mine"}});

TEST(FollowedIds, AreThoseThatASideGaveSince) {
  const json::DocumentPtr later = flow_with({{"8", "Mine"}}, "8", {{"S", "mine"}});
  const json::DocumentPtr expected = flow_with({{"9", "Mine"}}, "9", {{"S-2", "mine"}});
  const FollowedIds theirs_follow = followed({kBefore, kMoved, later});
  EXPECT_EQ(theirs_follow.versions.theirs->text(), expected->text());
  EXPECT_EQ(theirs_follow.versions.base->text(), flow_with({{"9", "Mine"}}, "1", {{"S-2", "mine"}})->text());
  EXPECT_EQ(theirs_follow.versions.ours, kMoved);
  EXPECT_TRUE(theirs_follow.new_ids.empty());
  EXPECT_EQ(followed({kBefore, later, kMoved}).versions.ours->text(), expected->text());
}

TEST(FollowedIds, MakeRoomForThemselves) {
  const FollowedIds follow = followed({kBefore, kMoved, flow_with({{"8", "Mine"}, {"9", "More"}}, "9", {})});
  EXPECT_EQ(follow.versions.theirs->text(), flow_with({{"9", "Mine"}, {"10", "More"}}, "10", {})->text());
  EXPECT_EQ(follow.new_ids, (std::vector<NewId>{{NewId::Kind::task, "9", "10", "More"}}));
}

TEST(FollowedIds, AreNoneWhereATaskWasEditedOrCopied) {
  for (const json::DocumentPtr& side :
       {flow_with({{"8", "Renamed"}}, "1", {{"S", "mine"}}), flow_with({{"8", "Mine"}, {"9", "Mine"}}, "1", {}),
        flow_with({{"8", "Other"}, {"9", "Mine"}, {"10", "Mine"}}, "1", {{"S", "mine"}})}) {
    EXPECT_EQ(followed({kBefore, side, kBefore}).versions.base, kBefore) << side->text();
  }
}

TEST(FollowedIds, AreAConflictWhereTheSidesGaveDifferentOnes) {
  const FollowedIds follow = followed({kBefore, kMoved, flow_with({{"8", "Other"}, {"7", "Mine"}}, "7", {})});
  EXPECT_EQ(follow.contested, (std::set<json::Pointer>{{"tasks", "8"}}));
  EXPECT_FALSE(follow.reason.empty());
}

}  // namespace
}  // namespace flowship::flow
