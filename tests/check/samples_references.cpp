#include "check/base_flow.hpp"

namespace flowship::check {

namespace {

/// Settings that name one connector and one flow.
Settings naming(const std::string& connector, const std::string& flow) {
  Settings settings;
  settings.names.push_back({ConfiguredName::Kind::connector, connector, "production", "flowship.json"});
  settings.names.push_back({ConfiguredName::Kind::flow, flow, "production", "flowship.json"});
  return settings;
}

}  // namespace

std::vector<Sample> reference_samples() {
  const std::string contents = "flows/sign-up/contents.json";
  const std::string metadata = "flows/sign-up/metadata.json";
  const Settings maps_others = {{}, {}, {{"production", {{"SMTP", "CI2smtp"}}}}};
  const Settings maps_it = {{}, {}, {{"production", {{"SMTP", "CI2smtp"}, {"CRM webhook", "CI2crm"}}}}};
  const Settings maps_none = {{}, {}, {{"production", {}}}};
  const Settings only_mapped = {{{"missing-connector", Severity::off}, {"unused-connector", Severity::off}},
                                {},
                                {{"production", {{"CRM webhook", "CI2crm"}}}}};
  const Settings maps_other_roles = {{}, {}, {}, {}, {{"production", {{"Admin", "ROL2a"}}}}};
  const Settings maps_the_role = {{}, {}, {}, {}, {{"production", {{"Member", "ROL2m"}}}}};
  const Edit roles_as_map = {metadata, "[\n      \"Member\"\n    ]", "{\n      \"Member\": \"ROL1\"\n    }"};
  return {
      {"ConnectorIsNotReferenced",
       "missing-connector",
       {{contents, "\"CI2xUbTq0cWJr8sKfYp3HdZ1vQnAe\"", "\"CI2other\""}},
       contents,
       "\"CI2other\"",
       {{{"unused-connector", Severity::off}}, {}, {}}},
      {"UnusedConnector",
       "unused-connector",
       {{metadata, "\"connectors\": {", "\"connectors\": {\n      \"SMTP\": \"CI2smtp\","}},
       metadata,
       "\"SMTP\""},
      {"MappedConnectorDoesNotExist", "unmatched-name", {}, "flowship.json", "", naming("CRM", "sign-up")},
      {"SetFlowDoesNotExist", "unmatched-name", {}, "flowship.json", "", naming("CRM webhook", "sign-off")},
      {"MappedConnectorAndSetFlowExist", "", {}, "", "", naming("CRM webhook", "sign-up")},
      {"ConnectorIsNotMapped", "unmapped-connector", {}, metadata, "\"CRM webhook\"", maps_others},
      {"ConnectorIsNotMappedWhereNoneIs", "unmapped-connector", {}, metadata, "\"CRM webhook\"", maps_none},
      {"ConnectorWithoutANameCannotBeMapped",
       "unmapped-connector",
       {{contents, "\"CI2xUbTq0cWJr8sKfYp3HdZ1vQnAe\"", "\"CI2other\""}},
       contents,
       "\"CI2other\"",
       only_mapped},
      {"ConnectorOfTheEnvironmentItself",
       "",
       {{contents, "\"CI2xUbTq0cWJr8sKfYp3HdZ1vQnAe\"", "\"CI2crm\""}},
       "",
       "",
       only_mapped},
      {"RoleOfAListIsNotMapped", "unmapped-role", {}, metadata, "\"Member\"", maps_other_roles},
      {"RoleOfAMapIsNotMapped", "unmapped-role", {roles_as_map}, metadata, "\"Member\"", maps_other_roles},
      {"RoleOfAListIsMapped", "", {}, "", "", maps_the_role},
      {"RoleOfAMapIsMapped", "", {roles_as_map}, "", "", maps_the_role},

      {"ConnectorIsMapped", "", {}, "", "", maps_it},
      {"ConnectorOfTheTranslation",
       "",
       {{metadata, "\"connectors\": {", "\"connectors\": {\n      \"Translate\": \"CI2translate\","},
        {metadata, "\"enabled\": true,", "\"enabled\": true, \"connectorId\": \"CI2translate\","}},
       "",
       ""},
      {"ConnectorNotChosenYet",
       "",
       {{contents, "\"value\": \"CI2xUbTq0cWJr8sKfYp3HdZ1vQnAe\"", "\"value\": \"\""}},
       "",
       "",
       {{{"unused-connector", Severity::off}}, {}, {}}},
  };
}

}  // namespace flowship::check
