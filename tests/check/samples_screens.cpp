#include "check/base_flow.hpp"

namespace flowship::check {

std::vector<Sample> screen_samples() {
  const std::string welcome = "flows/sign-up/screen-welcome.json";
  const std::string verify = "flows/sign-up/screen-verify-code.json";
  return {
      {"NoRoot", "node-root", {{verify, "\"ROOT\": {", "\"ROOTS\": {"}}, verify, "\"contents\": ¦{"},
      {"ChildDoesNotExist",
       "node-child",
       {{verify, "[\n        \"verifyCode\"\n      ]", "[\n        \"verifyCode\",\n        \"hint\"\n      ]"}},
       verify,
       "\"hint\""},
      {"LinkedNodeDoesNotExist",
       "node-child",
       {{verify, "\"ROOT\": {\n      \"linkedNodes\": {}",
         "\"ROOT\": {\n      \"linkedNodes\": {\"header\": \"gone\"}"}},
       verify,
       "\"gone\""},
      {"ChildOfTwoNodes",
       "node-parents",
       {{welcome, "\"greeting01\"\n", "\"greeting01\",\n        \"sendCode01\"\n"}},
       welcome,
       "¦\"sendCode01\"\n      ],\n      \"parent\""},
      {"ParentDisagrees",
       "node-parent",
       {{verify, "\"parent\": \"ROOT\"", "\"parent\": \"other\""}},
       verify,
       "\"other\""},
      {"OrphanedNode", "loose-node", {{welcome, ",\n        \"greeting01\"\n", "\n"}}, welcome, "\"greeting01\": {"},
      {"OrphanedCycle",
       "loose-node",
       {{verify, "\"verifyCode\": {", "\"a\": {\"nodes\": [\"b\"]}, \"b\": {\"nodes\": [\"a\"]}, \"verifyCode\": {"}},
       verify,
       "\"a\": {"},

      {"FreeFormContents",
       "",
       {{verify, "",
         "{\"screenId\": \"SC2xUaVerify00000000000000002\", \"interactions\": [{\"id\": \"verifyCode\"}], "
         "\"contents\": {\"text\": {\"a\": 1}}}"}},
       "",
       ""},
      {"NoParentMember", "", {{verify, ",\n      \"parent\": \"ROOT\"", ""}}, "", ""},
  };
}

}  // namespace flowship::check
