#include "deploy/apply/pushed.hpp"

namespace flowship::deploy {

std::vector<std::string> environments_of_branch(const Config& config, const std::string& branch) {
  std::vector<std::string> names;
  for (const auto& [name, environment] : config.environments) {
    if (!branch.empty() && environment.branch == branch) names.push_back(name);
  }
  return names;
}

Variables server_variables(const std::string& key_file, const Environment& environment) {
  return [has_key_file = !key_file.empty(),
          key_variable = environment.management_key_env](const std::string& name) -> std::optional<std::string> {
    if (has_key_file && (name == "DESCOPE_MANAGEMENT_KEY" || name == key_variable)) return std::nullopt;
    return process_variable(name);
  };
}

}  // namespace flowship::deploy
