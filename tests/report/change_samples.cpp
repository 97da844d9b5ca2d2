#include "flow/layouts/reading.hpp"
#include "report/samples.hpp"

namespace flowship::report::samples {

namespace {

flow::Flow flow_of(const std::string& text) {
  const auto document = json::Document::parse(text);
  return flow::flow_of_export(document, document->root());
}

const std::string kBefore = R"json({
 "flowId": "login",
 "metadata": {"name": "Log in", "disabled": true},
 "contents": {"startTask": "start", "tasks": {
  "start": {"id": "start", "view": {"x": 0, "y": 40}, "next": {"rules": [{"interactionId": "", "taskId": "1"}]}},
  "1": {"id": "1", "name": "Welcome", "type": "screen", "screenId": "S1", "view": {"x": 200, "y": 0},
   "next": {"rules": [{"interactionId": "go", "taskId": "2"}, {"interactionId": "skip", "taskId": "9"}]}},
  "2": {"id": "2", "name": "Send <code> | `by` mail", "type": "automated", "action": "otp-email",
   "view": {"x": 600, "y": 0}, "next": {"rules": [{"interactionId": "success", "taskId": "9"}]}},
  "9": {"id": "9", "name": "End", "type": "automated", "action": "logged-in", "view": {"x": 1000, "y": 0}, "next": {}}}},
 "screens": [{"screenId": "S1", "interactions": [{"id": "go", "label": "Continue"}, {"id": "skip", "label": "Not now"}],
  "contents": {
   "ROOT": {"type": {"resolvedName": "Container"}, "nodes": ["title", "go", "skip"], "props": {}},
   "title": {"type": {"resolvedName": "Text"}, "parent": "ROOT", "nodes": [], "props": {"children": "Hello"}},
   "go": {"type": {"resolvedName": "Button"}, "parent": "ROOT", "nodes": [], "props": {"children": "Continue"}},
   "skip": {"type": {"resolvedName": "Button"}, "parent": "ROOT", "nodes": [], "props": {"children": "Not now"}}}}],
 "references": {"connectors": {"SMTP": "CI1"}}
})json";

/// A new task with a hostile name, a way that leads elsewhere, a text that is another one, and one with a secret.
const std::string kAfter = R"json({
 "flowId": "login",
 "metadata": {"name": "Log in", "description": "Bearer K2aaaabbbbccccddddeeeeffffgggg", "disabled": false},
 "contents": {"startTask": "start", "tasks": {
  "start": {"id": "start", "view": {"x": 0, "y": 60}, "next": {"rules": [{"interactionId": "", "taskId": "1"}]}},
  "1": {"id": "1", "name": "Welcome", "type": "screen", "screenId": "S1", "view": {"x": 200, "y": 0},
   "next": {"rules": [{"interactionId": "go", "taskId": "24"}, {"interactionId": "skip", "taskId": "9"}]}},
  "24": {"id": "24", "name": "end\n```\n</details><script>alert(1)</script> @everyone #1 **bold** [x](javascript:y)",
                  "type" : "automated", "action" : "otp-sms", "view" : {"x" : 600, "y" : 200}, "next" : {
  "rules" : [ {"interactionId" : "success", "taskId" : "9"} ]
}
}
, "9" : {
  "id" : "9", "name" : "End", "type" : "automated", "action" : "logged-in", "view" : {"x" : 1000, "y" : 0}, "next" : {}
}
}
}
, "screens" : [ {
  "screenId" : "S1",
  "interactions" : [ {"id" : "go", "label" : "Continue"}, {"id" : "skip", "label" : "Not now"} ],
  "contents" : {
    "ROOT" : {"type" : {"resolvedName" : "Container"}, "nodes" : [ "title", "go" ], "props" : {}},
    "title" : {
      "type" : {"resolvedName" : "Text"},
      "parent" : "ROOT",
      "nodes" : [],
      "props" : {"children" : "Good \"morning\" & <b>all</b>"}
    },
    "go" : {"type" : {"resolvedName" : "Button"}, "parent" : "ROOT", "nodes" : [], "props" : {"children" :
                                                                                                  "Continue"}}
  }
} ],
              "references" : {
  "connectors" : { "SMTP" : "CI1" }
}
})json";

}  // namespace

deploy::Change described_change() {
  deploy::Change change;
  change.flow_id = "login";
  change.action = deploy::Action::update;
  change.reason = deploy::Reason::changed;
  change.paths = {"exported/login.json"};
  change.before = flow_of(kBefore);
  change.flow = flow_of(kAfter);
  return change;
}

deploy::Diff diff() {
  deploy::Diff diff;
  diff.before = std::string(40, 'a');
  diff.after = "worktree";
  deploy::Change added;
  added.flow_id = "sign-up";
  added.action = deploy::Action::create;
  added.reason = deploy::Reason::added;
  added.paths = {"flows/sign-up/contents.json", "flows/sign-up/metadata.json"};
  deploy::Change removed = added;
  removed.flow_id = "old";
  removed.action = deploy::Action::remove;
  removed.reason = deploy::Reason::removed;
  diff.changes = {described_change(), removed, added};
  diff.changes[1].before = diff.changes[0].before;
  diff.changes[2].flow = diff.changes[0].flow;
  diff.warnings = {"`broken` is not compared, because it can't be read: flows/broken/contents.json:1: a \x1b[2J comma"};
  return diff;
}

deploy::Diff empty_diff() { return {.before = "index", .after = "worktree", .changes = {}, .warnings = {}}; }

}  // namespace flowship::report::samples
