// Explanations of the rules on files, shape, tasks and paths.

#include "check/rules/explanation.hpp"

#include <algorithm>

namespace flowship::check {

namespace {

constexpr Explanation kStructure[] = {
    {"syntax", "The service takes JSON only, and nothing else in the file can be checked.", R"({"startTask": "0",})",
     "Correct the text at the line and column of the finding."},
    {"missing-contents", "Without its tasks the flow can't be imported.",
     "flows/sign-up/ has metadata.json, but no contents.json", "Add contents.json, or remove the folder."},
    {"missing-metadata", "Name and settings of the flow are missing, so it can't be imported.",
     "flows/sign-up/ has contents.json, but no metadata.json", "Add metadata.json, or remove the folder."},
    {"missing-screen", "A task would show a screen that is not part of the flow.",
     R"("screens": ["welcome"], without a file screen-welcome.json)",
     "Add the screen's file, or remove the entry of `screens`."},
    {"unlisted-screen", "A screen that is not listed is not imported.",
     "screen-welcome.json, with no entry `welcome` in `screens`", "List the screen, or remove its file."},
    {"bad-screen-name", "The entry can't be matched with exactly one file.", R"("screens": ["welcome", "welcome"])",
     "Name each screen once, as its file is named."},
    {"not-a-file", "What a link or a submodule leads to is not part of the commit, so it could differ on each machine.",
     "contents.json is a symbolic link to ../shared.json", "Replace it with a regular file."},
    {"bad-flow-id", "The service refuses other ids.", R"({"flowId": "sign up"})",
     "Rename the flow: letters, digits, `-` and `_`, at most 128."},
    {"duplicate-flow-id", "Which of the two is deployed would be a matter of chance.",
     "a/sign-up.json and b/sign-up.json, both with the id `sign-up`",
     "Give one of the flows another id, or remove it."},
    {"flow-id-case", "They are easily mistaken for each other, and one file where file names ignore case.",
     "flows/sign-up/ and flows/Sign-Up/", "Give one of the flows another id."},
    {"flow-id-mismatch", "The flow would be deployed under another name than its folder shows.",
     R"({"flowId": "login"} in flows/sign-in/metadata.json)", "Make `flowId` and the name of the folder the same."},
    {"flow-list", "Other tools that read flows.json see other flows than flowship deploys.",
     R"({"flows": ["sign-in"]}, beside the folders sign-in/ and sign-up/)",
     "List exactly the folders beside flows.json."},
    {"missing-member", "The service refuses the flow.", R"({"screenId": "SC1"}, a screen with no `contents`)",
     "Add the member that the finding names."},
    {"wrong-type", "The service refuses the flow, or reads the value as something else.", R"({"disabled": "false"})",
     "Change the value to the type that the finding names."},
    {"unknown-member", "It is mostly a typo, and then the setting has no effect.", R"({"nmae": "Sign up"})",
     "Correct the name. The member is sent unchanged."},
    {"start-task", "The flow has no beginning, so it can't run.", R"({"startTask": "7", "tasks": {"0": {}}})",
     "Name a task of `tasks` in `startTask`."},
    {"task-id", "Key and `id` name the same task, so one of them is wrong.", R"("tasks": {"6": {"id": "7"}})",
     "Make key and `id` the same."},
    {"rule-target", "A user who takes this path ends in an error.",
     R"("rules": [{"interactionId": "next", "taskId": "17"}], with no task 17)",
     "Name an existing task, or remove the rule."},
    {"rule-interaction", "The rule is never taken, and the button that was meant may do nothing.",
     R"("rules": [{"interactionId": "send", "taskId": "1"}], with no button `send`)",
     "Name an existing interaction, or remove the rule."},
    {"step-target", "The action begins, but can't be completed: a code is sent that nothing verifies.",
     "a two-step action whose second task is `3.end`, with no task 3.end",
     "Name the task that completes the action, usually the first task's id with `.end`."},
    {"screen-task", "Users see an error in place of the screen.",
     R"({"type": "screen", "screenId": "SC1"}, with no screen SC1)", "Add the screen, or name an existing one."},
    {"duplicate-screen-id", "A task that shows this id may show either screen.",
     R"(two screen files with "screenId": "SC1")", "Give one of the screens another id."},
    {"unused-screen", "It is mostly left over, or the task that should show it shows another one.",
     R"(a screen with "screenId": "SC2", which no task names)", "Show it in a task, or remove it."},
    {"unreachable-task", "No user ever gets there; often a rule that led there was lost.",
     "a task 5 that no rule leads to", "Add a rule that leads to the task, or remove it."},
    {"no-end", "Nobody can complete the flow.", "task 0 leads to task 1, and task 1 back to task 0",
     "Lead a path to an end task, such as one with the action `logged-in`."},
    {"missing-else", "A user for whom no condition is met can't go on.",
     "a condition with the branches `isNewUser` and `isAdmin` alone", "Add the branch `ELSE`."},
    {"too-many-tasks", "A flow of that size is hard to review.", "a flow of 240 tasks",
     "Move parts of it into subflows."},
    {"missing-subflow", "Users get an error where the subflow should run, unless it exists in the service alone.",
     "a task that runs the flow `collect-profil`", "Correct the id, or add the flow to the repository."},
    {"subflow-cycle", "Users may go round without an end.", "`sign-in` runs `mfa`, and `mfa` runs `sign-in`",
     "Remove one of the tasks that run the other flow."},
    {"guarantee", "A factor or a check that everybody had to pass can now be skipped.",
     "a new rule leads from the first screen past the task that verifies the code",
     "Lead the path through the check. If the loss is meant, list it in `ignore` with `flowId`, `key` and `reason`; "
     "`flowship paths FLOW` shows the ways to a session."},
    {"policy", "What the team has written down that must always hold does not hold for this flow.",
     R"({"name": "second-factor", "factors": 2}, with a path that only asks for a password)",
     "Lead the path that the finding shows through what the policy requires. If the flow is an exception, list it in "
     "`ignore` with `policy`, `flowId` and `reason`. `rules` is about policies without a `severity` of their own."},
};

}  // namespace

std::span<const Explanation> structure_explanations() { return kStructure; }

const Explanation& explanation_of(std::string_view rule) {
  const auto is_it = [&](const Explanation& explanation) { return explanation.rule == rule; };
  const std::span<const Explanation> structure = structure_explanations();
  if (const auto found = std::find_if(structure.begin(), structure.end(), is_it); found != structure.end()) {
    return *found;
  }
  const std::span<const Explanation> content = content_explanations();
  return *std::find_if(content.begin(), content.end(), is_it);
}

}  // namespace flowship::check
