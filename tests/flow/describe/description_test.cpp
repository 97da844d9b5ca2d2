#include "flow/describe/description.hpp"

#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace flowship::flow {
namespace {

const std::string kFlow = R"({
 "flowId": "login",
 "metadata": {"name": "Log in", "disabled": false, "fingerprint": true,
  "sharedInteractions": [{"id": "back", "label": "Back"}, {"id": "done", "label": "Done"}]},
 "contents": {"startTask": "1", "tasks": {
  "1": {"id": "1", "name": "Welcome", "type": "screen", "screenId": "S1", "view": {"x": 1, "y": 2},
   "next": {"rules": [{"interactionId": "go", "taskId": "2"}, {"interactionId": "skip", "taskId": "3"}]}},
  "2": {"id": "2", "name": "Is it a risk?", "type": "condition", "view": {"x": 3, "y": 4},
   "conditions": [
    {"interactionId": "c1", "name": "Risk", "atomicConditions": [
     {"operator": "greater-than", "target": {"type": "context", "value": "risk.score"},
      "predicate": {"type": "inline", "value": 50}}]},
    {"interactionId": "ELSE", "name": "No risk", "atomicConditions": []}],
   "next": {"rules": [{"interactionId": "c1", "taskId": "4"}, {"interactionId": "ELSE", "taskId": "3"}]}},
  "3": {"id": "3", "name": "Send mail", "type": "automated", "action": "connector", "view": {"x": 5, "y": 6},
   "arguments": {"connectorId": {"type": "inline", "value": "CI1"}, "subject": {"type": "inline", "value": "Hello"}},
   "next": {"rules": [{"interactionId": "success", "taskId": "4"}]}},
  "4": {"id": "4", "name": "MFA", "type": "flow", "arguments": {"flowId": {"value": "mfa"}}, "next": {}},
  "5": {"id": "5", "name": "MFA", "type": "automated", "action": "logged-in", "next": {}}}},
 "screens": [
  {"screenId": "S1", "interactions": [{"id": "go", "label": "Continue"}, {"id": "skip", "label": "Not now"}],
   "contents": {
    "ROOT": {"type": {"resolvedName": "Container"}, "nodes": ["title", "go", "box"], "props": {}},
    "title": {"type": {"resolvedName": "Text"}, "parent": "ROOT", "nodes": [], "props": {"children": "Hello"}},
    "go": {"type": {"resolvedName": "Button"}, "parent": "ROOT", "nodes": [], "hidden": false,
     "props": {"children": "Continue", "size": "md"}},
    "box": {"type": {"resolvedName": "Container"}, "parent": "ROOT", "nodes": [], "props": {}}}},
  {"screenId": "S2", "contents": {}}],
 "references": {"connectors": {"SMTP": "CI1", "Other": "CI2"}, "roles": ["admin"]}
})";

Flow flow_of(const std::string& text) {
  const auto document = json::Document::parse(text);
  return flow_of_export(document, document->root());
}

/// `kFlow` with one text, which occurs once, replaced.
std::string edited(const std::string& from, const std::string& to) {
  const std::size_t at = kFlow.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  EXPECT_EQ(kFlow.find(from, at + 1), std::string::npos) << from << " is there twice";
  return std::string(kFlow).replace(at, from.size(), to);
}

std::string sentence_text(const Statement& statement) {
  std::string text;
  for (const Fragment& part : statement.fragments) {
    const std::string mark = part.role == Fragment::Role::name ? "`" : part.role == Fragment::Role::text ? "\"" : "";
    text += mark + part.text + mark;
  }
  return text;
}

std::vector<std::string> sentences(const std::string& before, const std::string& after) {
  std::vector<std::string> texts;
  const Flow a = flow_of(before);
  const Flow b = flow_of(after);
  for (const Statement& statement : describe(a, b)) texts.push_back(sentence_text(statement));
  return texts;
}

struct EditCase {
  std::string from;
  std::string to;
  std::vector<std::string> sentences;
};

void expect_told(const std::vector<EditCase>& cases) {
  for (const EditCase& edit : cases) EXPECT_EQ(sentences(kFlow, edited(edit.from, edit.to)), edit.sentences);
}

TEST(Describe, AddedAndRemovedTasks) {
  const std::string added = R"("5": {"id": "5", "name": "Verify OTP", "type": "automated", "action": "otp"}, "6")";
  const std::string with_task = edited("\"5\": {\"id\": \"5\"", added + ": {\"id\": \"6\"");
  EXPECT_EQ(sentences(kFlow, with_task),
            (std::vector<std::string>{
                "task `MFA` (5) is now called `Verify OTP`", "`Verify OTP` now does `otp` (was `logged-in`)",
                "`Verify OTP`: `next` was removed (it was {})", "task `MFA` (6) added: action · logged-in"}));
  expect_told({{R"(,
  "5": {"id": "5", "name": "MFA", "type": "automated", "action": "logged-in", "next": {}})",
                "",
                {"task `MFA` (5) removed: action · logged-in"}}});
}

TEST(Describe, MembersOfTasks) {
  expect_told({
      {"\"name\": \"Welcome\"", "\"name\": \"Hi\"", {"task `Welcome` (1) is now called `Hi`"}},
      {"\"screenId\": \"S1\", \"view\"",
       "\"screenId\": \"S2\", \"view\"",
       {"`Welcome` now shows the screen `S2` (was `S1`)"}},
      {"\"action\": \"logged-in\"", "\"action\": \"x\"", {"`MFA` (5) now does `x` (was `logged-in`)"}},
      {"\"value\": \"mfa\"", "\"value\": \"mfa2\"", {"`MFA` (4) now runs the flow `mfa2` (was `mfa`)"}},
      {"\"value\": \"CI1\"",
       "\"value\": \"CI2\"",
       {"`Send mail` now uses the connector `Other` (CI2) (was `SMTP` (CI1))"}},
      {"\"value\": \"Hello\"",
       "\"value\": \"Bye\"",
       {"`Send mail`: argument `subject` is now \"Bye\" (was \"Hello\")"}},
      {", \"subject\": {\"type\": \"inline\", \"value\": \"Hello\"}",
       "",
       {"`Send mail`: argument `subject` was removed (it was {\"type\": \"inline\", \"value\": \"Hello\"})"}},
      {"\"subject\": {\"type\": \"inline\", \"value\": \"Hello\"}",
       "\"token\": {\"type\": \"inline\", \"value\": \"Hello\"}",
       {"`Send mail`: argument `subject` was removed (it was {\"type\": \"inline\", \"value\": \"Hello\"})",
        "`Send mail`: argument `token` was set to {\"type\": \"inline\", \"value\": \"********\"}"}},
      {"\"value\": \"risk.score\"},\n      \"predicate\": {\"type\": \"inline\", \"value\": 50}",
       "\"value\": \"form.password\"},\n      \"predicate\": {\"type\": \"inline\", \"value\": \"hunter2\"}",
       {"`Is it a risk?`: condition \"Risk\" is now `form.password greater than ********` (was "
        "`risk.score greater than 50`)"}},
      {"\"type\": \"condition\"",
       "\"type\": \"automated\"",
       {"`Is it a risk?`: `type` is now \"automated\" (was \"condition\")"}},
      {"\"type\": \"automated\", \"action\": \"logged-in\"",
       "\"type\": \"automated\", \"deep\": {\"x/y\": [1]}, \"action\": \"logged-in\"",
       {"`MFA` (5): `deep` was set to {\"x/y\": [1]}"}},
  });
}

TEST(Describe, MovedTasksInOneLine) {
  expect_told({{"\"x\": 1, \"y\": 2", "\"x\": 10, \"y\": 20", {"task `Welcome` moved on the canvas"}},
               {"\"x\": 1", "\"x\": \"1\"", {"`Welcome`: `view/x` is now \"1\" (was 1)"}}});
  std::string moved = kFlow;
  for (const std::string place : {"\"x\": 1", "\"x\": 3", "\"x\": 5"}) moved.replace(moved.find(place), 6, "\"x\": 9");
  EXPECT_EQ(sentences(kFlow, moved), std::vector<std::string>{"3 tasks moved on the canvas"});
}

TEST(Describe, Rules) {
  expect_told({
      {"\"startTask\": \"1\"", "\"startTask\": \"2\"", {"the flow now starts at `Is it a risk?` (was `Welcome`)"}},
      {R"({"interactionId": "go", "taskId": "2"})",
       R"({"interactionId": "go", "taskId": "3"})",
       {"`Welcome` now leads to `Send mail` on \"Continue\" (was `Is it a risk?`)"}},
      {R"(, {"interactionId": "skip", "taskId": "3"})",
       "",
       {"`Welcome` no longer leads to `Send mail` on \"Not now\""}},
      {R"({"interactionId": "skip", "taskId": "3"})",
       R"({"interactionId": "skip", "taskId": "3"}, {"interactionId": "c9", "taskId": "77"})",
       {"`Welcome` now leads to `77` on \"c9\""}},
      {R"("name": "MFA", "type": "automated", "action": "logged-in", "next": {})",
       R"("name": "MFA", "type": "automated", "action": "logged-in", "next": {"rules": [{"taskId": "1"}]})",
       {"`MFA` (5) now leads to `Welcome`"}},
      {R"({"interactionId": "go", "taskId": "2"}, {"interactionId": "skip", "taskId": "3"})",
       R"({"interactionId": "skip", "taskId": "3"}, {"interactionId": "go", "taskId": "2"})",
       {"`Welcome`: rules reordered"}},
      {R"({"interactionId": "go", "taskId": "2"})",
       R"({"interactionId": "go", "taskId": "2", "delay": 1.50})",
       {"`Welcome`: `next/rules/go/delay` was set to 1.50"}},
  });
}

TEST(Describe, ConditionsInWords) {
  expect_told({
      {"\"value\": 50",
       "\"value\": 70",
       {"`Is it a risk?`: condition \"Risk\" is now `risk.score greater than 70` (was `risk.score greater than 50`)"}},
      {"\"operator\": \"greater-than\", \"target\": {\"type\": \"context\", \"value\": \"risk.score\"}",
       "\"operator\": \"is\", \"target\": {\"type\": \"context\", \"value\": \"risk.bot\"}",
       {"`Is it a risk?`: condition \"Risk\" is now `risk.bot is 50` (was `risk.score greater than 50`)"}},
      {"\"type\": \"inline\", \"value\": 50",
       "\"type\": \"context\", \"value\": 50",
       {"`Is it a risk?`: `conditions/c1/atomicConditions/0/predicate/type` is now \"context\" (was \"inline\")"}},
      {"\"name\": \"No risk\"",
       "\"name\": \"Else\"",
       {"`Is it a risk?`: condition \"No risk\" is now called \"Else\""}},
      {R"({"interactionId": "ELSE", "name": "No risk", "atomicConditions": []})",
       R"({"interactionId": "c2", "name": "Bot", "atomicConditions": [{"operator": "is-true", "target": {"value": "b"}}]},
          {"interactionId": "ELSE", "name": "No risk", "atomicConditions": []})",
       {"`Is it a risk?`: condition \"Bot\" (`b is true`) added"}},
      {R"(,
    {"interactionId": "ELSE", "name": "No risk", "atomicConditions": []})",
       "",
       {"`Is it a risk?`: condition \"No risk\" removed"}},
  });
}

TEST(Describe, TextsOfScreens) {
  expect_told({
      {"\"children\": \"Continue\"",
       "\"children\": \"Sign in\"",
       {"screen `welcome`: text \"Continue\" is now \"Sign in\""}},
      {"\"props\": {\"children\": \"Hello\"}", "\"props\": {}", {"screen `welcome`: text \"Hello\" removed"}},
      {"\"size\": \"md\"",
       "\"size\": \"md\", \"label\": \"Go\"",
       {"screen `welcome`: label \"Go\" added to button \"Continue\""}},
      {R"("props": {"children": "Hello"})",
       R"("props": {"children": "Hello", "label": "Hi"})",
       {"screen `welcome`: label \"Hi\" added to text \"Hello\""}},
      {"\"size\": \"md\"",
       "\"size\": \"lg\"",
       {"screen `welcome`: `size` of button \"Continue\" is now \"lg\" (was \"md\")"}},
      {"\"hidden\": false", "\"hidden\": true", {"screen `welcome`: button \"Continue\" is now hidden"}},
      {R"(["title", "go", "box"])",
       R"(["go", "title", "box"])",
       {"screen `welcome`: elements of container `ROOT` reordered"}},
      {"{\"screenId\": \"S2\", \"contents\": {}}",
       "{\"screenId\": \"S3\", \"contents\": {}}",
       {"screen `S2` removed", "screen `S3` added"}},
      {"{\"id\": \"go\", \"label\": \"Continue\"}, ", "", {"screen `welcome`: interaction \"Continue\" removed"}},
      {"\"label\": \"Not now\"",
       "\"label\": \"Later\"",
       {"screen `welcome`: `label` of interaction `skip` is now \"Later\" (was \"Not now\")"}},
      {"\"contents\": {}", "\"contents\": []", {"`/screens/S2/contents` is now [] (was {})"}},
  });
}

TEST(Describe, AddedRemovedAndMovedElementsOnce) {
  std::string without = edited(R"("title", "go", "box")", R"("title", "box")");
  const std::size_t begin = without.find(R"(    "go": {"type")");
  without.erase(begin, without.find(R"(    "box")", begin) - begin);
  EXPECT_EQ(sentences(kFlow, without), std::vector<std::string>{"screen `welcome`: button \"Continue\" removed"});
  EXPECT_EQ(sentences(without, kFlow), std::vector<std::string>{"screen `welcome`: button \"Continue\" added"});

  std::string inside = edited(R"("title", "go", "box")", R"("title", "box")");
  inside.replace(inside.find(R"("parent": "ROOT", "nodes": [], "hidden")"), 16, R"("parent": "box")");
  const std::size_t box = inside.find(R"("box": {)");
  inside.replace(inside.find("\"nodes\": []", box), 11, R"("nodes": ["go"])");
  EXPECT_EQ(sentences(kFlow, inside),
            std::vector<std::string>{
                "screen `welcome`: button \"Continue\" moved into container `box` (was in container `ROOT`)"});

  // Only the list changed.
  expect_told({{R"(["title", "go", "box"])",
                R"(["go", "box"])",
                {"screen `welcome`: text \"Hello\" is no longer a child of container `ROOT`"}}});
}

TEST(Describe, SettingsAndReferences) {
  expect_told({
      {"\"disabled\": false", "\"disabled\": true", {"the flow is now disabled"}},
      {"\"name\": \"Log in\"", "\"name\": \"Sign in\"", {"metadata `name` is now \"Sign in\" (was \"Log in\")"}},
      {"\"fingerprint\": true", "\"fingerprint\": false", {"metadata `fingerprint` is now false (was true)"}},
      {", {\"id\": \"done\", \"label\": \"Done\"}", "", {"shared interaction \"Done\" removed"}},
      {"\"label\": \"Back\"",
       "\"label\": \"Return\"",
       {"metadata `sharedInteractions/back/label` is now \"Return\" (was \"Back\")"}},
      {"\"SMTP\": \"CI1\"", "\"SMTP\": \"CI7\"", {"reference to connector `SMTP` is now \"CI7\" (was \"CI1\")"}},
      {"[\"admin\"]", "[\"admin\", \"user\"]", {"reference to role `user` added"}},
      {"\"flowId\": \"login\",", "\"flowId\": \"login\", \"changelog\": \"x\",", {"`/changelog` was set to \"x\""}},
  });
}

TEST(Describe, IgnoresKeyOrderAndScreenOrder) {
  expect_told({{"\"disabled\": false, \"fingerprint\": true", "\"fingerprint\": true, \"disabled\": false", {}},
               {"\"disabled\": false, ", "", {}},
               {"\"value\": 50", "\"value\": 5.0e1", {}}});
}

TEST(Describe, HasPointerAndSubject) {
  const Flow before = flow_of(kFlow);
  const Flow after = flow_of(edited("\"children\": \"Continue\"", "\"children\": \"Sign in\""));
  const Description description = describe(before, after);
  ASSERT_EQ(description.size(), 1U);
  EXPECT_EQ(description[0].topic, Topic::screens);
  EXPECT_EQ(description[0].kind, ChangeKind::changed);
  EXPECT_EQ(description[0].subject, "S1");
  EXPECT_EQ(description[0].pointer, "/screens/S1/contents/go/props/children");
}

}  // namespace
}  // namespace flowship::flow
