#include "flow/merge/merge.hpp"

#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/payload.hpp"
#include "json/compare.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flowship::flow {
namespace {

Flow read_text(const std::string& text) {
  const auto document = json::Document::parse(text);
  return flow_of_export(document, document->root());
}

/// A flow with these tasks besides the entry mark, which leads to `1`.
std::string with_tasks(const std::string& tasks, const std::string& more = {}) {
  return R"({"flowId": "f", "metadata": {"name": "F"}, "contents": {"startTask": "1", "tasks": {"start": {"id": "start",
 "next": {"rules": [{"interactionId": "", "taskId": "1"}]}}, )" +
         tasks + "}}" + more + "}";
}

/// A task of that id and name whose `success` leads to `to`.
std::string task(const std::string& id, const std::string& name, const std::string& to, const std::string& more = {}) {
  const std::string rules = to.empty() ? "" : R"("rules": [{"interactionId": "success", "taskId": ")" + to + "\"}]";
  return "\"" + id + R"(": {"id": ")" + id + R"(", "name": ")" + name + R"(", "type": "automated", "next": {)" + rules +
         "}" + more + "}";
}

MergedFlow merged(const std::string& base, const std::string& ours, const std::string& theirs,
                  const MergeOptions& options = {}) {
  return merge(read_text(base), read_text(ours), read_text(theirs), options);
}

std::vector<std::string> pointers(const MergedFlow& result) {
  std::vector<std::string> found;
  for (const MergeConflict& conflict : result.merged.conflicts) found.push_back(conflict.pointer);
  return found;
}

void expect_clean(const MergedFlow& result, const std::string& wanted) {
  EXPECT_EQ(pointers(result), std::vector<std::string>());
  EXPECT_TRUE(same(result.flow, read_text(wanted))) << result.merged.document->text() << "\n\n" << wanted;
}

const std::string kBase = with_tasks(task("1", "A", "2") + "," + task("2", "End", ""));

TEST(Merge, TakesDifferentMembersFromBothSides) {
  expect_clean(merged(kBase, with_tasks(task("1", "Ours", "2") + "," + task("2", "End", "")),
                      with_tasks(task("1", "A", "2", R"(, "action": "x")") + "," + task("2", "Theirs", ""))),
               with_tasks(task("1", "Ours", "2", R"(, "action": "x")") + "," + task("2", "Theirs", "")));
}

TEST(Merge, ReportsTheSmallestPlaceThatBothChanged) {
  const std::string ours = with_tasks(task("1", "Ours", "2") + "," + task("2", "End", ""));
  const std::string theirs = with_tasks(task("1", "Theirs", "2") + "," + task("2", "Last", ""));
  const MergedFlow result = merged(kBase, ours, theirs);
  ASSERT_EQ(pointers(result), std::vector<std::string>({"/contents/tasks/1/name"}));
  const MergeConflict& conflict = result.merged.conflicts[0];
  EXPECT_EQ(conflict.base.string(), "A");
  EXPECT_EQ(conflict.ours.string(), "Ours");
  EXPECT_EQ(conflict.theirs.string(), "Theirs");
  EXPECT_EQ(conflict.message, "task `Ours` (1), `name`: changed differently on both sides");
  EXPECT_TRUE(same(result.flow, read_text(with_tasks(task("1", "Ours", "2") + "," + task("2", "Last", "")))));
  const MergedFlow other = merged(kBase, ours, theirs, {.favoured = Favour::theirs});
  EXPECT_TRUE(same(other.flow, read_text(theirs)));
}

TEST(Merge, GivesTheNextFreeIdWhereBothAddATask) {
  const std::string rules = R"({"interactionId": "success", "taskId": "2"})";
  const auto with_new = [&](const std::string& interaction, const std::string& name, const std::string& more) {
    return with_tasks(R"("1": {"id": "1", "name": "A", "type": "automated", "next": {"rules": [)" + rules +
                      R"(, {"interactionId": ")" + interaction + R"(", "taskId": "3"}]}}, )" + task("2", "End", "") +
                      "," + task("3", name, "2", more));
  };
  const MergedFlow result = merged(kBase, with_new("x", "Ours", ""), with_new("y", "Theirs", ""));
  EXPECT_EQ(pointers(result), std::vector<std::string>());
  ASSERT_EQ(result.merged.new_ids.size(), 1U);
  EXPECT_EQ(result.merged.new_ids[0].from, "3");
  EXPECT_EQ(result.merged.new_ids[0].to, "4");
  EXPECT_EQ(result.merged.new_ids[0].name, "Theirs");
  expect_clean(result,
               with_tasks(R"("1": {"id": "1", "name": "A", "type": "automated", "next": {"rules": [)" + rules +
                          R"(, {"interactionId": "x", "taskId": "3"}, {"interactionId": "y", "taskId": "4"}]}}, )" +
                          task("2", "End", "") + "," + task("3", "Ours", "2") + "," + task("4", "Theirs", "2")));
}

TEST(Merge, LetsTheSecondStepAndSharedInteractionsFollow) {
  const auto two_steps = [](const std::string& name) {
    const std::string argument = R"(, "arguments": {"exchangeStepId": {"type": "inline", "value": "3.end"}})";
    return with_tasks(task("1", "A", "2") + "," + task("2", "End", "") + "," + task("3", name, "3.end", argument) +
                          "," + task("3.end", name, "", argument),
                      R"(, "extra": 1, "screens": []})");
  };
  const auto shared = [&](const std::string& name) {
    std::string text = two_steps(name);
    text.pop_back();
    const std::string from = R"("metadata": {"name": "F"})";
    return text.replace(text.find(from), from.size(),
                        R"("metadata": {"name": "F", "sharedInteractions": [{"id": "3.)" + name + "\"}]}");
  };
  const MergedFlow result = merged(kBase, shared("Ours"), shared("Theirs"));
  EXPECT_EQ(pointers(result), std::vector<std::string>());
  const json::Value root = result.merged.document->root();
  const json::Value tasks = root.find("contents").find("tasks");
  EXPECT_EQ(tasks.find("4").find("next").find("rules").text(), R"([{"interactionId": "success", "taskId": "4.end"}])");
  EXPECT_EQ(tasks.find("4").find("arguments").find("exchangeStepId").find("value").string(), "4.end");
  EXPECT_EQ(tasks.find("4.end").find("id").string(), "4.end");
  EXPECT_EQ(tasks.find("3.end").find("name").string(), "Ours");
  EXPECT_EQ(root.find("metadata").find("sharedInteractions").text(), R"([{"id": "3.Ours"},{"id": "4.Theirs"}])");
}

TEST(Merge, GivesNewIdsToScreens) {
  const auto with_screen = [](const std::string& text) {
    return with_tasks(task("1", "A", "2") + "," + task("2", "End", ""),
                      R"(, "screens": [{"screenId": "S1", "contents": {"ROOT": {"x": ")" + text + "\"}}}]");
  };
  const auto with_both = [&](const std::string& text, const std::string& id) {
    return with_tasks(
        task("1", "A", "2") + "," + task("2", "End", "") + "," + task(id, text, "2", R"(, "screenId": "S1")"),
        R"(, "screens": [{"screenId": "S1", "contents": {"ROOT": {"x": ")" + text + "\"}}}]");
  };
  const MergedFlow result = merged(kBase, with_screen("ours"), with_both("theirs", "7"));
  EXPECT_EQ(pointers(result), std::vector<std::string>());
  const json::Value root = result.merged.document->root();
  EXPECT_EQ(root.find("screens").size(), 2U);
  EXPECT_EQ(root.find("contents").find("tasks").find("7").find("screenId").string(), "S2");
}

TEST(Merge, RenumbersTheSideThatItIsToldTo) {
  const auto with_new = [](const std::string& name) {
    return with_tasks(task("1", "A", "2") + "," + task("2", "End", "") + "," + task("3", name, "2"));
  };
  const MergedFlow result = merged(kBase, with_new("Ours"), with_new("Theirs"), {.renumbered = Side::ours});
  const json::Value tasks = result.merged.document->root().find("contents").find("tasks");
  EXPECT_EQ(tasks.find("3").find("name").string(), "Theirs");
  EXPECT_EQ(tasks.find("4").find("name").string(), "Ours");
}

TEST(Merge, ReportsARemovedTaskThatTheOtherSideChanged) {
  const std::string base = with_tasks(task("1", "A", "2") + "," + task("2", "B", "3") + "," + task("3", "End", ""));
  const std::string ours = with_tasks(task("1", "A", "3") + "," + task("3", "End", ""));
  const std::string theirs =
      with_tasks(task("1", "A", "2") + "," + task("2", "Theirs", "3") + "," + task("3", "End", ""));
  const MergedFlow result = merged(base, ours, theirs);
  EXPECT_EQ(pointers(result), std::vector<std::string>({"/contents/tasks/2"}));
  EXPECT_EQ(result.merged.conflicts[0].message, "task `Theirs` (2): ours removed it, theirs changed it");
  EXPECT_TRUE(same(result.flow, read_text(ours)));
}

TEST(Merge, ReportsARuleThatLeadsToARemovedTask) {
  const std::string base = with_tasks(task("1", "A", "2") + "," + task("2", "B", "3") + "," + task("3", "End", "") +
                                      "," + task("4", "D", "3"));
  const std::string ours = with_tasks(task("1", "A", "2") + "," + task("2", "B", "3") + "," + task("3", "End", "") +
                                      "," + task("4", "D", "2"));
  const std::string theirs = with_tasks(task("1", "A", "3") + "," + task("3", "End", "") + "," + task("4", "D", "3"));
  const MergedFlow result = merged(base, ours, theirs);
  EXPECT_EQ(pointers(result), std::vector<std::string>({"/contents/tasks/2", "/contents/tasks/4/next/rules/0/taskId"}));
  EXPECT_TRUE(same(result.flow, read_text(with_tasks(task("1", "A", "3") + "," + task("2", "B", "3") + "," +
                                                     task("3", "End", "") + "," + task("4", "D", "2")))));
  const MergedFlow other = merged(base, ours, theirs, {.favoured = Favour::theirs});
  EXPECT_TRUE(same(other.flow, read_text(theirs)));
}

TEST(Merge, ReportsASharedInteractionOfARemovedTask) {
  const std::string base = with_tasks(task("1", "A", "2") + "," + task("2", "End", "") + "," + task("3", "Other", ""));
  std::string ours = base;
  const std::string from = R"("metadata": {"name": "F"})";
  ours.replace(ours.find(from), from.size(),
               R"("metadata": {"name": "F", "sharedInteractions": [{"id": "3.done"}, {"id": "no.task"}]})");
  const std::string theirs = with_tasks(task("1", "A", "2") + "," + task("2", "End", ""));
  EXPECT_EQ(pointers(merged(base, ours, theirs)),
            (std::vector<std::string>{"/metadata/sharedInteractions/0", "/contents/tasks/3"}));
  EXPECT_TRUE(same(merged(base, ours, theirs, {.favoured = Favour::ours}).flow, read_text(ours)));
}

TEST(Merge, ReportsANewTaskThatLeadsToARemovedOne) {
  const std::string base = with_tasks(task("1", "A", "2") + "," + task("2", "B", "3") + "," + task("3", "End", ""));
  const std::string ours = with_tasks(task("1", "A", "3") + "," + task("3", "End", ""));
  const std::string theirs = with_tasks(task("1", "A", "2") + "," + task("2", "B", "3") + "," + task("3", "End", "") +
                                        "," + task("4", "New", "2"));
  const MergedFlow result = merged(base, ours, theirs);
  EXPECT_EQ(pointers(result), std::vector<std::string>({"/contents/tasks/2", "/contents/tasks/4/next/rules/0"}));
  const MergedFlow other = merged(base, ours, theirs, {.favoured = Favour::theirs});
  const json::Value tasks = other.merged.document->root().find("contents").find("tasks");
  EXPECT_TRUE(tasks.find("2"));
  EXPECT_EQ(tasks.find("4").find("next").find("rules").size(), 1U);
}

TEST(Merge, TakesWhatIsEmptyOnOneSideForUnchangedWhereTheOtherRemovesIt) {
  const auto screen = [](const std::string& id, const std::string& more) {
    return R"({"screenId": ")" + id + R"(", "interactions": [{"id": "ok", "type": "button")" + more +
           R"(}], "contents": {"ROOT": {"nodes": []}}})";
  };
  const auto with_screens = [&](const std::string& screens) {
    return with_tasks(task("1", "A", "2") + "," + task("2", "End", ""), R"(, "screens": [)" + screens + "]");
  };
  const std::string empties = R"(, "icon": "", "subType": "")";
  const std::string base = with_screens(screen("S1", empties) + "," + screen("S2", empties));
  const std::string ours = with_screens(screen("S1", "") + "," + screen("S2", ""));
  expect_clean(merged(base, ours, with_screens(screen("S1", empties))), with_screens(screen("S1", "")));
  EXPECT_EQ(pointers(merged(base, with_screens(screen("S1", "") + "," + screen("S2", R"(, "icon": "x")")),
                            with_screens(screen("S1", empties)))),
            std::vector<std::string>{"/screens/1"});
}

TEST(Merge, JoinsSetsAndLists) {
  const auto with_lists = [](const std::string& roles, const std::string& shared) {
    return R"({"flowId": "f", "metadata": {"sharedInteractions": [)" + shared +
           R"(]}, "contents": {"startTask": "1", "tasks": {}}, "references": {"roles": [)" + roles + "]}}";
  };
  const MergedFlow result = merged(with_lists(R"("a", "b")", R"({"id": "1.x"}, {"id": "2.x"})"),
                                   with_lists(R"("b", "c")", R"({"id": "1.x", "label": "X"}, {"id": "2.x"})"),
                                   with_lists(R"("a", "b", "d")", R"({"id": "2.x"}, {"id": "1.x"}, {"id": "3.x"})"));
  EXPECT_EQ(pointers(result), std::vector<std::string>());
  EXPECT_EQ(result.flow.references.text(), R"({"roles":["b","c","d"]})");
  EXPECT_EQ(value_of(result.flow.metadata, "sharedInteractions").text(),
            R"([{"id": "1.x", "label": "X"},{"id": "3.x"},{"id": "2.x"}])");
}

TEST(Merge, KeepsTwoRulesWithOneInteractionApart) {
  const auto with_rules = [](const std::string& rules) {
    return with_tasks(R"("1": {"id": "1", "name": "A", "next": {"rules": [)" + rules + "]}}, " + task("2", "B", "") +
                      "," + task("3", "C", "") + "," + task("4", "D", ""));
  };
  const auto rule = [](const std::string& to) { return R"({"interactionId": "s", "taskId": ")" + to + "\"}"; };
  // One side removed the first, the other the second.
  expect_clean(merged(with_rules(rule("2") + "," + rule("3")), with_rules(rule("3")), with_rules(rule("2"))),
               with_rules(""));
  expect_clean(merged(with_rules(rule("2") + "," + rule("3")), with_rules(rule("3")),
                      with_rules(rule("2") + "," + rule("3") + "," + rule("4"))),
               with_rules(rule("3") + "," + rule("4")));
}

TEST(Merge, TreatsEmptyAsAbsentWhereTheServiceDoes) {
  const auto with_metadata = [](const std::string& metadata) {
    return R"({"flowId": "f", "metadata": {)" + metadata + R"(}, "contents": {"startTask": "1", "tasks": {}}})";
  };
  expect_clean(merged(with_metadata(R"("name": "F", "description": "", "translation": {"enabled": false})"),
                      with_metadata(R"("name": "Ours")"),
                      with_metadata(R"("name": "F", "description": "x", "translation": {"enabled": true})")),
               with_metadata(R"("name": "Ours", "description": "x", "translation": {"enabled": true})"));
}

TEST(Merge, TakesATypedValueWhole) {
  const auto with_argument = [](const std::string& type, const std::string& value) {
    return with_tasks(
        task("1", "A", "2", R"(, "arguments": {"x": {"type": ")" + type + R"(", "value": ")" + value + "\"}}") + "," +
        task("2", "End", ""));
  };
  EXPECT_EQ(pointers(merged(with_argument("inline", "a"), with_argument("context", "b"), with_argument("inline", "c"))),
            std::vector<std::string>({"/contents/tasks/1/arguments/x"}));
}

MergeFault odd_at(json::Value at) {
  return {.message = "odd", .position = at.position(), .identity = "odd", .kind = "oddity", .gravity = 1};
}

TEST(Merge, ReportsAFaultThatNoSideHas) {
  const std::string ours = with_tasks(task("1", "Ours", "2") + "," + task("2", "End", ""));
  const std::string theirs = with_tasks(task("1", "A", "2", R"(, "action": "x")") + "," + task("2", "End", ""));
  const FaultsOf faults = [](const json::DocumentPtr& document, std::optional<Side>) {
    const json::Value at = document->root().find("contents").find("tasks").find("1").find("action");
    const bool is_ours = document->text().find("Ours") != std::string_view::npos;
    return at && is_ours ? std::vector<MergeFault>({odd_at(at)}) : std::vector<MergeFault>();
  };
  const MergedFlow result = merged(kBase, ours, theirs, {.faults = faults});
  EXPECT_EQ(pointers(result), std::vector<std::string>({"/contents/tasks/1/action"}));
  EXPECT_TRUE(same(result.flow, read_text(ours)));
}

TEST(Merge, KnowsAFaultOfOneSideByItsPlaceWhereTheOtherRenamedTheTask) {
  const auto faults = [](const json::DocumentPtr& document, std::optional<Side>) {
    std::vector<MergeFault> found;
    for (const json::Member& each : document->root().find("contents").find("tasks").members()) {
      if (!each.value.find("broken")) continue;
      const std::string message = string_of(each.value.find("name"));
      found.push_back({message, each.key.position(), message, "broken-task"});
    }
    return found;
  };
  const std::string ours = with_tasks(task("1", "Ours", "2") + "," + task("2", "End", ""));
  const std::string theirs = with_tasks(task("1", "A", "2", R"(, "broken": true)") + "," + task("2", "End", ""));
  expect_clean(merged(kBase, ours, theirs, {.faults = faults}),
               with_tasks(task("1", "Ours", "2", R"(, "broken": true)") + "," + task("2", "End", "")));
}

TEST(Merge, ReportsAFaultThatIsGraverThanThoseOfTheSides) {
  const auto faults = [](const json::DocumentPtr& document, std::optional<Side>) {
    const json::Value tasks = document->root().find("contents").find("tasks");
    MergeFault fault = odd_at(tasks);
    fault.gravity = tasks.size() > 4 ? 2 : 1;
    return std::vector<MergeFault>({fault});
  };
  const std::string ours = with_tasks(task("1", "A", "2") + "," + task("2", "End", "") + "," + task("3", "Ours", "2"));
  const std::string theirs =
      with_tasks(task("1", "A", "2") + "," + task("2", "End", "") + "," + task("4", "Theirs", "2"));
  EXPECT_EQ(pointers(merged(kBase, ours, theirs, {.faults = faults})), std::vector<std::string>({"/contents/tasks"}));
}

TEST(ContainsEdits, IsTrueForWhatWasPulled) {
  const std::string live = with_tasks(task("1", "Live", "2") + "," + task("2", "End", ""));
  const std::string pulled = with_tasks(task("1", "Live", "2") + "," + task("2", "Own", ""));
  const std::string other = with_tasks(task("1", "A", "2") + "," + task("2", "Own", ""));
  const auto contains = [](const std::string& last, const std::string& desired, const std::string& held) {
    return contains_edits(read_text(last), read_text(desired), read_text(held));
  };
  EXPECT_TRUE(contains(kBase, pulled, live));
  EXPECT_TRUE(contains(kBase, kBase, kBase));
  EXPECT_TRUE(contains(kBase, live, live));
  EXPECT_FALSE(contains(kBase, other, live));
  EXPECT_FALSE(contains(kBase, kBase, live));
}

TEST(ContainsEdits, IgnoresWhatTheServiceDoesByItself) {
  const auto with_version = [](const std::string& version, const std::string& roles) {
    return R"({"flowId": "f", "metadata": {"componentsVersion": ")" + version +
           R"("}, "contents": {"startTask": "1", "tasks": {}}, "references": {"roles": [)" + roles + "]}}";
  };
  EXPECT_TRUE(contains_edits(read_text(with_version("1", R"("a", "b")")),
                             read_text(with_version("1", R"("a", "b", "c")")),
                             read_text(with_version("2", R"("b", "a")"))));
  const std::vector<std::string> ignored{"/references/roles"};
  EXPECT_FALSE(contains_edits(read_text(with_version("1", "")), read_text(with_version("3", "")),
                              read_text(with_version("2", R"("b")"))));
  EXPECT_TRUE(contains_edits(read_text(with_version("1", "")), read_text(with_version("3", "")),
                             read_text(with_version("2", R"("b")")), ignored));
}

}  // namespace
}  // namespace flowship::flow
