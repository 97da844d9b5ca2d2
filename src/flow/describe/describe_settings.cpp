#include "flow/describe/sentences.hpp"

// Phrases about `/metadata/…` and `/references/…`.

namespace flowship::flow {

namespace {

/// `role` for `roles`: what one element of a list of references is.
std::string kind_of_reference(const std::string& list) {
  if (list == "oauth") return "OAuth provider";
  if (list == "userAttributes") return "user attribute";
  if (list == "tenantAttributes") return "tenant attribute";
  return list.size() > 1 && list.back() == 's' ? list.substr(0, list.size() - 1) : list;
}

}  // namespace

Sentence describe_disabled(const Edit& edit, DescriptionContext&) {
  const auto is_true = [](json::Value value) { return value.is(json::Type::boolean) && value.boolean(); };
  const auto is_flag = [](json::Value value) { return !value || value.is(json::Type::boolean); };
  if (!is_flag(edit.before) || !is_flag(edit.after) || is_true(edit.before) == is_true(edit.after)) return std::nullopt;
  return sentence("the flow is now ", is_true(edit.after) ? "disabled" : "enabled");
}

Sentence describe_shared_interaction(const Edit& edit, DescriptionContext&) {
  const std::string label = string_of((edit.after ? edit.after : edit.before).find("label"));
  return sentence("shared interaction ", text(label.empty() ? edit.path.back() : label), " ",
                  to_text(change_kind(edit)));
}

Sentence describe_metadata(const Edit& edit, DescriptionContext&) {
  return sentence("metadata ", name(path_text(edit.path, 1)), became(edit));
}

Sentence describe_connector_reference(const Edit& edit, DescriptionContext&) {
  return sentence("reference to connector ", name(edit.path.back()), became(edit));
}

Sentence describe_role_reference(const Edit& edit, DescriptionContext&) {
  // In a list of roles there is no id.
  if ((edit.after ? edit.after : edit.before).is_string(edit.path.back())) return std::nullopt;
  return sentence("reference to role ", name(edit.path.back()), became(edit));
}

Sentence describe_reference(const Edit& edit, DescriptionContext&) {
  if (!(edit.after ? edit.after : edit.before).is_string(edit.path.back())) return std::nullopt;
  return sentence("reference to ", id(kind_of_reference(edit.path[1])), " ", name(edit.path.back()), " ",
                  to_text(change_kind(edit)));
}

}  // namespace flowship::flow
