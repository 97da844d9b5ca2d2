#include "report/samples.hpp"

namespace flowship::report::samples {

namespace {

using check::Severity;
using deploy::Action;
using deploy::FlowOutcome;
using deploy::FlowResult;
using deploy::FlowState;
using deploy::Reason;

git::ObjectId object(char digit) { return *git::ObjectId::from_hex(std::string(40, digit)); }

deploy::Change change(std::string flow_id, Action action, Reason reason, std::vector<std::string> paths) {
  deploy::Change result;
  result.flow_id = std::move(flow_id);
  result.action = action;
  result.reason = reason;
  result.paths = std::move(paths);
  return result;
}

FlowResult result(std::string flow_id, Action action, FlowOutcome outcome, int attempts = 1) {
  FlowResult flow;
  flow.flow_id = std::move(flow_id);
  flow.action = action;
  flow.outcome = outcome;
  flow.attempts = attempts;
  flow.paths = {"flows/" + flow.flow_id + "/contents.json", "flows/" + flow.flow_id + "/metadata.json"};
  return flow;
}

std::optional<std::string> text_of(const std::string& path) {
  if (path == "flows/sign-up/contents.json") {
    return "{\n\t\"startTask\": \"0\",\n\t\"👋\": {\"next\": \"7\"}\r\n}\n";
  }
  return std::nullopt;
}

}  // namespace

Validation validation() {
  return {.flows = 14,
          .findings = {{.rule = "syntax",
                        .severity = Severity::error,
                        .message = "a comma is missing",
                        .hint = "",
                        .path = "flows/a b,100%:\x1b[31m\xFF.json",
                        .line = 3,
                        .column = 7,
                        .flow_id = ""},
                       {.rule = "missing-screen",
                        .severity = Severity::error,
                        .message = "screen `welcome` has no file",
                        .hint = "Add the file, or take `welcome` out of `screens`.",
                        .path = "flows/login/screen-welcome.json",
                        .line = 1,
                        .column = 1,
                        .flow_id = "login"},
                       {.rule = "rule-interaction",
                        .severity = Severity::warning,
                        .message = "nothing offers `go` & <\"co\">\n::error::not a command ##[group]",
                        .hint = "",
                        .path = "flows/sign-up/contents.json",
                        .line = 2,
                        .column = 15,
                        .flow_id = "sign-up"},
                       {.rule = "unreachable-task",
                        .severity = Severity::note,
                        .message = "nothing leads to task `7`",
                        .hint = "Remove it, or lead to it.",
                        .path = "flows/sign-up/contents.json",
                        .line = 3,
                        .column = 16,
                        .flow_id = "sign-up",
                        .places = {{3, 20, "`Send \x1b[31m<b>` (8)"},
                                   {4, 1, ""},
                                   {5, 2, ""},
                                   {6, 3, ""},
                                   {7, 4, ""},
                                   {8, 5, "`Last` (9)"}}}},
          .text_of = text_of};
}

Validation clean_validation() { return {.flows = 14, .findings = {}, .text_of = nullptr}; }

deploy::Plan plan() {
  deploy::Plan plan;
  plan.environment = plan.name_in_commands = "production";
  plan.project_id = "P2abcdefghijklmnopqrstuvwxyz";
  plan.target = std::string(40, 'a');
  plan.base = object('b');
  plan.changes = {
      change("sign-up", Action::create, Reason::added,
             {"flows/sign-up/contents.json", "flows/sign-up/metadata.json", "flows/sign-up/screens/a.json"}),
      described_change(),
      change("step-up-with-a-longer-name", Action::update, Reason::config, {"a/contents.json", "b/metadata.json"}),
      change("old", Action::remove, Reason::removed, {"flows/old/contents.json", "flows/old/metadata.json"}),
  };
  plan.changes[1].after = {"sign-up"};
  plan.reformatted.push_back({.flow_id = "tidy", .source = {}, .deployed_paths = {}});
  plan.left_behind.push_back({.removal = change("kept", Action::remove, Reason::removed, {"kept.json"}),
                              .why = deploy::LeftBehind::Why::not_pruned,
                              .user = {}});
  plan.left_behind.push_back({.removal = change("used", Action::remove, Reason::removed, {"used.json"}),
                              .why = deploy::LeftBehind::Why::used,
                              .user = "login"});
  plan.unchanged = 12;
  plan.findings = {{.rule = "unused-connector",
                    .severity = Severity::note,
                    .message = "nothing uses connector `SMTP`",
                    .hint = "",
                    .path = "exported/login.json",
                    .line = 40,
                    .column = 3,
                    .flow_id = "login"}};
  plan.warnings = {"`login` and `sign-up` use each other as subflows"};
  return plan;
}

deploy::Plan empty_plan() {
  deploy::Plan plan;
  plan.environment = "default";
  plan.target = "worktree";
  plan.unchanged = 1;
  return plan;
}

deploy::Deployment deployment() {
  deploy::Deployment deployment;
  deployment.environment = deployment.name_in_commands = "production";
  deployment.project_id = "P2abcdefghijklmnopqrstuvwxyz";
  deployment.target = std::string(40, 'a');
  deployment.record = object('c');
  deployment.flows = {result("sign-up", Action::create, FlowOutcome::deployed),
                      result("login", Action::update, FlowOutcome::failed, 5),
                      result("step-up", Action::update, FlowOutcome::skipped, 0),
                      result("reset", Action::update, FlowOutcome::drifted, 0),
                      result("mfa", Action::update, FlowOutcome::restored, 2),
                      result("old", Action::remove, FlowOutcome::deployed, 3)};
  deployment.flows[1].error = "the service answered 500: E011001 <internal> \"error\"\x1b[2J";
  deployment.flows[1].hint = "Try again later.";
  deployment.flows[2].error = "its subflow `login` was not deployed";
  deployment.flows[3].error = "edited in the console since the last deployment";
  deployment.unchanged = 12;
  deployment.drifted = true;
  deployment.warnings = {"took over from a deployment that died"};
  return deployment;
}

deploy::Deployment empty_deployment() {
  deploy::Deployment deployment;
  deployment.environment = deployment.name_in_commands = "production";
  deployment.project_id = "P2abcdefghijklmnopqrstuvwxyz";
  deployment.target = std::string(40, 'a');
  deployment.unchanged = 14;
  return deployment;
}

deploy::Status status() {
  deploy::Status status;
  status.environment = status.name_in_commands = "production";
  status.project_id = "P2abcdefghijklmnopqrstuvwxyz";
  status.deployed = deploy::PastDeployment{.record = object('c'),
                                           .target = std::string(40, 'a'),
                                           .time = *from_rfc3339("2026-11-24T01:52:00Z"),
                                           .flows = {},
                                           .unfinished = false};
  status.flows = {{"login", FlowState::in_sync},
                  {"mfa", FlowState::pending},
                  {"old", FlowState::missing},
                  {"reset-password", FlowState::drifted},
                  {"server-side", FlowState::unmanaged}};
  return status;
}

deploy::Status empty_status() {
  deploy::Status status;
  status.environment = "default";
  status.offline = true;
  return status;
}

History history() {
  const auto past = [](char digit, std::string target, std::string_view time, std::vector<FlowResult> flows) {
    return deploy::PastDeployment{.record = object(digit),
                                  .target = std::move(target),
                                  .time = *from_rfc3339(time),
                                  .flows = std::move(flows),
                                  .unfinished = false,
                                  .kind = digit == 'c' ? "rollback" : "deploy",
                                  .origin = {},
                                  .subject = "Ask for a code",
                                  .author = "Ada <ada@example.com>",
                                  .deployed_by = digit == 'c' ? "CI <ci@example.com>" : "Ada <ada@example.com>"};
  };
  History history{.environment = "production",
                  .deployments = {past('e', std::string(40, 'f'), "2026-11-24T02:00:00Z", {}),
                                  past('d', std::string(40, 'a'), "2026-11-24T01:52:00Z", deployment().flows),
                                  past('c', std::string(40, '9'), "2026-11-23T00:00:00Z", {})},
                  .now = *from_rfc3339("2026-11-24T02:00:30Z")};
  history.deployments.front().unfinished = true;
  history.deployments.back().origin = {.environment = "production", .record = std::string(40, 'b')};
  return history;
}

History empty_history() { return {.environment = "default", .deployments = {}}; }

flow::Graph graph() {
  using flow::TaskKind;
  flow::Graph graph{.flow_id = "sign-in", .title = "Sign in <&> \"everybody\" 🚀", .tasks = {}, .edges = {}, .start = 1};
  const auto add = [&](std::string id, TaskKind kind, std::string name) -> flow::Task& {
    flow::Task task;
    task.id = std::move(id);
    task.kind = kind;
    task.name = std::move(name);
    const auto number = static_cast<double>(graph.tasks.size());
    task.position = flow::Point{number * 480, number * 24.5};
    return graph.tasks.emplace_back(std::move(task));
  };
  add("start", TaskKind::entry, "start");
  add("1", TaskKind::screen, "Welcome <script>alert(1)</script>").screen_id = "SC1";
  add("2", TaskKind::action, "שלום עולם").action = "webauthn-sign-in-start";
  graph.tasks.back().second_id = "2.end";
  add("end", TaskKind::condition, "Any \"risk\"; `end` %%{init}%% #35; \\ \n?");
  add("4", TaskKind::subflow, "A name that does not fit into the two lines of its box, whatever is tried").subflow_id =
      "step-up";
  add("5", TaskKind::other, "").type = "hologram";
  add("9", TaskKind::missing, "").position.reset();
  graph.edges = {{0, 1, "", ""},      {1, 2, "a", "Continue 🚀"}, {1, 3, "b", "\"No\" | thanks"},
                 {2, 3, "", ""},      {3, 4, "c", "Risk > 50"},  {3, 1, "ELSE", "Else"},
                 {4, 5, "d", "שלום"}, {5, 5, "e", "again"},      {5, 6, "f", "f"}};
  return graph;
}

flow::Graph marked_graph() {
  flow::Graph marked = graph();
  marked.tasks[2].mark = flow::Mark::added;
  marked.tasks[3].mark = flow::Mark::changed;
  marked.tasks[5].mark = flow::Mark::removed;
  marked.edges[1].mark = flow::Mark::added;
  marked.edges[4].mark = flow::Mark::changed;
  marked.edges[6].mark = flow::Mark::removed;
  return marked;
}

Error error() {
  Error error("there is no commit `v9\x1b]0;x`", "Fetch it, or name another with --rev.");
  return error;
}

}  // namespace flowship::report::samples
