// `flowship demo`: what flowship does, shown by running it, on nothing but this machine.

#include "base/error.hpp"
#include "cli/demo/flows.hpp"
#include "cli/demo/stage.hpp"
#include "cli/run.hpp"
#include "cli/signals.hpp"

#include <csignal>
#include <string>

namespace flowship::cli {

namespace {

constexpr int kFlows = 3;

const std::string kFolder = "ProjectSnapshot/flows/";
const std::string kWelcome = kFolder + "sign-up-or-in/screen-welcome.json";
const std::string kInbox = kFolder + "sign-up-or-in/screen-verify-email.json";

/// In JSON, a text of a screen.
std::string shown_text(const std::string& text) { return R"("children": ")" + text + '"'; }

/// In JSON, the rule of a task for an interaction.
std::string rule(const std::string& interaction, const std::string& task) {
  return R"("interactionId": ")" + interaction + "\",\n            \"taskId\": \"" + task + '"';
}

void commit(Stage& stage, const std::string& subject) {
  stage.run_silently({"git", "add", "--all"});
  stage.show({"git", "commit", "--quiet", "-m", subject});
}

void set_up(Stage& stage) {
  stage.say("A sandbox that emulates the service runs at " + stage.address() +
            ", and a repository has three flows. No account, no key, and nothing is left behind.");
  for (const DemoFile& file : demo_files()) stage.write(std::string(file.path), file.text);
  stage.run_silently({"git", "init", "--quiet", "--initial-branch=main"});
  stage.run_silently({"git", "add", "--all"});
  stage.run_silently({"git", "commit", "--quiet", "-m", "Add the login flows"});
}

void deploy_changes(Stage& stage) {
  stage.scene("The first deployment imports all flows.");
  stage.show({"flowship", "deploy"});
  stage.expect_imports(kFlows);

  stage.scene("The second finds no changes and imports nothing.");
  stage.show({"flowship", "deploy"});
  stage.expect_imports(kFlows);

  stage.scene("A text on a screen changes: one flow is imported, and the plan says what users will read.");
  stage.say("In " + kWelcome + ", `Welcome to` becomes `Hello from`.");
  stage.replace(kWelcome, "Welcome to", "Hello from");
  commit(stage, "Greet like friends");
  stage.show({"flowship", "plan"});
  stage.show({"flowship", "deploy"});
  stage.expect_imports(kFlows + 1);
}

void merge_console_edit(Stage& stage) {
  stage.scene(
      "Meanwhile somebody edits the same flow in the console, and you change it in git. Nothing is overwritten.");
  stage.say("In the console, `Check your inbox 📬` becomes `Check your mail 📬`.");
  stage.say("In " + kInbox + ", `Send again` becomes `Send another code`.");
  stage.edit_in_console("sign-up-or-in", "Check your inbox", "Check your mail");
  stage.replace(kInbox, shown_text("Send again"), shown_text("Send another code"));
  commit(stage, "Say what is sent");
  stage.show({"flowship", "deploy"}, static_cast<int>(ExitCode::drifted));
  stage.expect_imports(kFlows + 1);

  stage.scene("`pull` merges the console edit into the working tree. Both changes survive.");
  stage.show({"flowship", "pull"});
  stage.show({"git", "--no-pager", "diff", "--unified=0"});
  commit(stage, "Take over the console edit");
  stage.show({"flowship", "deploy"});
  stage.expect_imports(kFlows + 2);
}

void stop_at_commit(Stage& stage) {
  stage.scene("A broken flow is stopped at the commit, by a git hook.");
  stage.show({"flowship", "hook", "install", "pre-commit"});
  const std::string contents = kFolder + "sign-up-or-in/contents.json";
  stage.say("In " + contents + ", a rule now leads to task 66, which does not exist.");
  stage.replace(contents, rule("saveName", "6"), rule("saveName", "66"));
  stage.show({"git", "commit", "--quiet", "--all", "-m", "Save the name"}, static_cast<int>(ExitCode::failed));
  stage.run_silently({"git", "restore", "--staged", "--worktree", "."});
}

void lose_guarantee(Stage& stage) {
  stage.scene("This one is valid: entering a code leads straight to the end. But nobody verifies the code any more.");
  const std::string contents = kFolder + "step-up/contents.json";
  stage.say("In " + contents + ", the rule for `oneTimeCodeId` leads to task 5 instead of 8.");
  stage.replace(contents, rule("oneTimeCodeId", "8"), rule("oneTimeCodeId", "5"));
  stage.show({"flowship", "diff"});

  stage.scene("A policy says what must always hold, and then the commit is stopped as well.");
  stage.say(R"(flowship.json: {"policies": [{"name": "proof", "flows": ["step-up"], "factors": 1}]})");
  stage.write("flowship.json", "{\"policies\": [{\"name\": \"proof\", \"flows\": [\"step-up\"], \"factors\": 1}]}\n");
  stage.run_silently({"git", "add", "flowship.json"});
  stage.show({"git", "commit", "--quiet", "--all", "-m", "Skip the code"}, static_cast<int>(ExitCode::failed));
  stage.run_silently({"git", "reset", "--quiet", "--hard"});
}

}  // namespace

ExitCode run_demo(const Invocation& invocation) {
  if (invocation.format.name != "text") {
    throw usage_error("--format " + std::string(invocation.format.name) + " is not available for this command",
                      "use text");
  }
  StopSignal stop;
  const StopOnSignals signals(stop);
  try {
    Stage stage(invocation, stop);
    set_up(stage);
    deploy_changes(stage);
    merge_console_edit(stage);
    stop_at_commit(stage);
    lose_guarantee(stage);
    stage.scene("What was deployed, when, and by which commit, is in git: refs/flowship/default.");
    stage.show({"flowship", "history"});
    stage.say("\nWith your own flows, `flowship init` in their repository says what to do next.");
  } catch (const Error& error) {
    if (error.fault() != Fault::interrupted && !stop.requested()) throw;
    return stop.signal() == SIGTERM ? ExitCode::terminated : ExitCode::interrupted;
  }
  return ExitCode::done;
}

}  // namespace flowship::cli
