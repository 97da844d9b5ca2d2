#include "deploy/plan/workspace.hpp"

#include <utility>

namespace flowship::deploy {

Workspace::Workspace(const git::Repository& of, git::Revision from, const std::optional<std::string>& config_file,
                     const std::string& environment_name)
    : Workspace(of, load_config(from, config_file), from, environment_name) {}

Workspace::Workspace(const git::Repository& of, Config loaded, git::Revision from, const std::string& environment_name)
    : repository(of),
      revision(from),
      config(std::move(loaded)),
      environment(config.environments.at(config.environment(environment_name).name)),
      ledger(repository, environment) {
  repository.withhold(key_variables(config));
  config.sources = config.sources_of(environment);
  for (auto& [name, other] : config.environments) other.sources.reset();
  // What other environments map is nothing to this one.
  const auto is_of_another = [this](const auto& mapped) { return mapped.first != environment.name; };
  std::erase_if(config.check.mapped_connectors, is_of_another);
  std::erase_if(config.check.mapped_roles, is_of_another);
}

void Workspace::use_deployed(const LedgerEntry& entry, Overrides overrides) {
  const std::optional<git::ObjectId> commit = git::ObjectId::from_hex(entry.record.target);
  revision = git::Revision::of_tree(repository, ledger.deployed(entry), commit.value_or(entry.commit));
  from_ledger = true;
  origin = {.environment = entry.record.environment, .record = entry.commit.hex()};
  kind = overrides == Overrides::of_entry ? DeploymentKind::rollback : DeploymentKind::promote;
  config.sources = entry.record.sources;
  if (overrides == Overrides::of_environment) return;
  environment.overrides = entry.record.overrides;
  // What is sent again is what was sent then, whatever is mapped now.
  config.check.mapped_connectors.clear();
  config.check.mapped_roles.clear();
  for (const auto& [flow_id, state] : entry.record.unsettled) {
    if (!state.payload.empty()) exact[flow_id] = state.payload;
  }
}

}  // namespace flowship::deploy
