#include "check/base_flow.hpp"

namespace flowship::check {

namespace {

/// A path of so many tasks in front of the only one of a flow.
Edit tasks_in_front(int number) {
  std::string tasks;
  for (int index = 0; index < number; ++index) {
    const std::string next = index + 1 < number ? "t" + std::to_string(index + 1) : "1";
    tasks += "\"t" + std::to_string(index) + "\": {\"type\": \"automated\", \"action\": \"update-user-properties\", " +
             "\"next\": {\"rules\": [{\"taskId\": \"" + next + "\"}]}}, ";
  }
  return {"flows/collect-profile/contents.json", "\"1\": {", tasks + "\"1\": {"};
}

}  // namespace

std::vector<Sample> graph_samples() {
  const std::string contents = "flows/sign-up/contents.json";
  const std::string metadata = "flows/sign-up/metadata.json";
  const std::string welcome = "flows/sign-up/screen-welcome.json";
  const std::string verify = "flows/sign-up/screen-verify-code.json";
  const std::string profile = "flows/collect-profile/contents.json";
  return {
      {"NoStartTask", "start-task", {{contents, "\"startTask\": \"0\",", ""}}, contents, "{"},
      {"StartTaskDoesNotExist",
       "start-task",
       {{contents, "\"startTask\": \"0\"", "\"startTask\": \"77\""}},
       contents,
       "\"77\""},
      {"IdDiffersFromKey", "task-id", {{contents, "\"id\": \"6.end\"", "\"id\": \"7.end\""}}, contents, "\"7.end\""},
      {"RuleTargetDoesNotExist",
       "rule-target",
       {{contents, "\"interactionId\": \"resend\",\n            \"taskId\": \"1\"",
         "\"interactionId\": \"resend\",\n            \"taskId\": \"17\""}},
       contents,
       "\"17\""},
      {"RuleWithoutTarget",
       "rule-target",
       {{contents, "\"interactionId\": \"resend\",\n            \"taskId\": \"1\"", "\"interactionId\": \"resend\""}},
       contents,
       "¦{\n            \"interactionId\": \"resend\""},
      {"InteractionNotOnScreen",
       "rule-interaction",
       {{contents, "\"sendCode01\"", "\"sendCode02\""}},
       contents,
       "\"sendCode02\""},
      {"InteractionNotInConditions",
       "rule-interaction",
       {{contents, "\"interactionId\": \"8i3m9aysw6w\",\n            ",
         "\"interactionId\": \"otherone\",\n            "}},
       contents,
       "\"otherone\""},
      {"InteractionNotInSubflow",
       "rule-interaction",
       {{"flows/collect-profile/metadata.json", "\"id\": \"1.success\"", "\"id\": \"2.success\""}},
       contents,
       "\"1.success\""},
      {"SecondStepDoesNotExist",
       "step-target",
       {{contents, "\"value\": \"6.end\"", "\"value\": \"6.fin\""}},
       contents,
       "\"6.fin\""},
      {"ScreenDoesNotExist",
       "screen-task",
       {{contents, "\"screenId\": \"SC2xUaVerify00000000000000002\"", "\"screenId\": \"SC2gone\""}},
       contents,
       "\"SC2gone\"",
       {{{"unused-screen", Severity::off}}, {}, {}}},
      {"DuplicateScreenId",
       "duplicate-screen-id",
       {{welcome, "\"SC2xUaWelcome0000000000000001\"", "\"SC2xUaVerify00000000000000002\""}},
       welcome,
       "\"SC2xUaVerify00000000000000002\"",
       {{{"screen-task", Severity::off}, {"rule-interaction", Severity::off}}, {}, {}}},
      {"UnusedScreen",
       "unused-screen",
       {{metadata, "\"welcome\"\n", "\"welcome\",\n    \"done\"\n"},
        {"flows/sign-up/screen-done.json", "", "{\"contents\": {}, \"screenId\": \"SC2done\"}"}},
       "flows/sign-up/screen-done.json",
       "\"SC2done\""},
      {"UnreachableTask",
       "unreachable-task",
       {{contents, "\"interactionId\": \"googleBtn1\",\n            \"taskId\": \"6\"",
         "\"interactionId\": \"googleBtn1\",\n            \"taskId\": \"1\""}},
       contents,
       "\"6\": {"},
      {"UnreachableCycle",
       "unreachable-task",
       {{profile, "\"1\": {",
         "\"a\": {\"next\": {\"rules\": [{\"taskId\": \"b\"}]}}, \"b\": {\"next\": {\"rules\": [{\"taskId\": "
         "\"a\"}]}}, "
         "\"1\": {"}},
       profile,
       "\"a\": {"},
      {"NoEnd",
       "no-end",
       {{profile, "\"next\": {}", "\"next\": {\"rules\": [{\"interactionId\": \"success\", \"taskId\": \"1\"}]}"},
        {"flows/collect-profile/metadata.json", "\"id\": \"1.success\"", "\"id\": \"success\""},
        {contents, "\"1.success\"", "\"success\""}},
       profile,
       "\"startTask\": ¦\"1\""},
      {"NoElse",
       "missing-else",
       {{contents,
         ",\n        {\n          \"interactionId\": \"ELSE\",\n          \"name\": \"Known user\"\n        }", ""}},
       contents,
       "\"conditions\": ¦["},
      {"MoreThan200Tasks",
       "too-many-tasks",
       {{profile, "\"startTask\": \"1\"", "\"startTask\": \"t0\""}, tasks_in_front(200)},
       profile,
       "\"tasks\": ¦{"},
      {"SubflowDoesNotExist",
       "missing-subflow",
       {{contents, "\"value\": \"collect-profile\"", "\"value\": \"collect-profiles\""}},
       contents,
       "\"collect-profiles\""},
      {"FlowsRunEachOther",
       "subflow-cycle",
       {{profile, "\"next\": {},\n      \"type\": \"automated\"",
         "\"next\": {},\n      \"type\": \"flow\", \"arguments\": {\"flowId\": {\"value\": \"sign-up\"}}"}},
       profile,
       "\"sign-up\""},
      {"FlowRunsItself",
       "subflow-cycle",
       {{profile, "\"next\": {},\n      \"type\": \"automated\"",
         "\"next\": {},\n      \"type\": \"flow\", \"arguments\": {\"flowId\": {\"value\": \"collect-profile\"}}"}},
       profile,
       "\"collect-profile\""},

      {"AHundredTasks", "", {{profile, "\"startTask\": \"1\"", "\"startTask\": \"t0\""}, tasks_in_front(99)}, "", ""},
      {"EndOfATwoStepAction", "", {{contents, "\"taskId\": \"6.end\"", "\"taskId\": \"3\""}}, "", ""},
      {"ErrorHandlingLeadsToTask",
       "",
       {{profile, "\"id\": \"1\",", "\"id\": \"1\", \"errorHandling\": {\"Failed\": {\"taskId\": \"2\"}},"},
        {profile, "\"1\": {", "\"2\": {\"id\": \"2\", \"next\": {}}, \"1\": {"}},
       "",
       ""},
      {"ScreenWithoutInteractions",
       "",
       {{verify, "\"interactions\": [\n    {\n      \"id\": \"verifyCode\",\n      \"type\": \"button\"\n    }\n  ],",
         ""}},
       "",
       ""},
      {"ScreenTaskCarriesItsScreen",
       "",
       {{profile, "\"action\": \"update-user-properties\",",
         "\"screenId\": \"SC2new\", \"htmlTemplate\": {\"ROOT\": {}}, \"interactions\": [{\"id\": \"go\"}],"},
        {profile, "\"next\": {},\n      \"type\": \"automated\"",
         "\"next\": {\"rules\": [{\"interactionId\": \"go\", \"taskId\": \"2\"}]}, \"type\": \"screen\""},
        {profile, "\"1\": {", "\"2\": {\"id\": \"2\", \"next\": {}}, \"1\": {"}},
       "",
       ""},
      {"ConditionWithAScreenId",
       "",
       {{contents, "\"type\": \"condition\"", "\"screenId\": \"new-3\", \"type\": \"condition\""}},
       "",
       ""},
  };
}

}  // namespace flowship::check
