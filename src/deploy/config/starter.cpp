#include "deploy/config/starter.hpp"

#include "base/files/path.hpp"
#include "deploy/config/config.hpp"
#include "deploy/config/ledger_refs.hpp"
#include "deploy/config/reference.hpp"
#include "deploy/config/starter_policy.hpp"
#include "flow/layouts/reading.hpp"
#include "git/branch.hpp"
#include "git/revision.hpp"
#include "json/assembly.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace flowship::deploy {

namespace {

std::vector<std::string> paths_of(const flow::Reading& reading) {
  std::vector<std::string> paths;
  for (const flow::Flow& flow : reading.flows) paths.push_back(flow.source.path);
  return paths;
}

/// Folders beside each other that have flows with the same ids: each is an environment's. Empty if they are not.
std::map<std::string, std::string> folders_of_environments(const flow::Reading& reading,
                                                           const std::vector<std::string>& folders) {
  std::map<std::string, std::string> environments;
  for (const std::string& folder : folders) {
    if (folder_of(folder) != folder_of(folders.front())) return {};
    environments.emplace(name_of(folder), folder);
  }
  std::map<std::string, std::set<std::string>> folders_by_id;
  bool is_shared = false;
  for (const flow::Flow& flow : reading.flows) {
    // Twice in one folder is a mistake, whatever the other folders have.
    if (!folders_by_id[flow.id].emplace(folder_of(flow.source.path)).second) return {};
    is_shared = is_shared || folders_by_id[flow.id].size() > 1;
  }
  const bool are_names = std::all_of(environments.begin(), environments.end(),
                                     [](const auto& environment) { return is_environment_name(environment.first); });
  return is_shared && are_names ? environments : std::map<std::string, std::string>();
}

/// The folders of the paths, without those inside others.
std::vector<std::string> folders_of(const std::vector<std::string>& paths) {
  std::set<std::string> folders;
  for (const std::string& path : paths) folders.emplace(folder_of(path));
  if (folders.contains("")) return {};
  std::vector<std::string> outer;
  for (const std::string& folder : folders) {
    const bool is_inside = std::any_of(outer.begin(), outer.end(),
                                       [&](const std::string& other) { return folder.starts_with(other + "/"); });
    if (!is_inside) outer.push_back(folder);
  }
  return outer;
}

/// The branch that is most likely deployed: `main` or `master` if there is one, else the one checked out.
std::string main_branch(const git::Repository& repository) {
  for (const char* name : {"main", "master"}) {
    if (repository.ref(git::ref_of_branch(name))) return name;
  }
  return git::branch_of_ref(repository.head_branch().value_or("")).value_or("main");
}

/// The remote of the branch, else `origin`; empty if there is none.
std::string remote_of(const git::Repository& repository, const std::string& branch) {
  const std::string remote = repository.config("branch." + branch + ".remote").value_or("origin");
  return repository.config("remote." + remote + ".url") ? remote : "";
}

std::vector<json::NamedText> environment_members(const Starter& starter) {
  std::vector<json::NamedText> environment;
  if (!starter.project_id.empty()) environment.push_back({"projectId", starter.project_id});
  if (!starter.branch.empty()) environment.push_back({"branch", starter.branch});
  if (!starter.remote.empty()) environment.push_back({"ledger", json::object({{"remote", starter.remote}})});
  return environment;
}

json::Text policy_text(const check::Policy& policy) {
  std::vector<json::NamedText> members{{"name", policy.name}};
  if (!policy.flows.empty()) members.push_back({"flows", json::strings(policy.flows)});
  if (policy.factors) members.push_back({"factors", *policy.factors});
  const auto selector_text = [](const flow::Selector& selector) {
    return json::object({{std::string(to_text(selector.kind)), selector.glob}});
  };
  if (!policy.require.empty()) members.push_back({"require", json::array(policy.require, selector_text)});
  return json::object(members);
}

}  // namespace

Starter starter_for(const git::Repository& repository, const Variables& variables) {
  Starter starter;
  const git::Revision worktree = git::Revision::of_worktree(repository);
  const flow::Reading reading = flow::read_flows(worktree, flow::Scope{});
  const std::vector<std::string> paths = paths_of(reading);
  starter.flows = static_cast<int>(paths.size());
  starter.sources = folders_of(paths);
  // A folder listed as a source may contain flows that are not recognized elsewhere.
  if (!starter.sources.empty() &&
      paths_of(flow::read_flows(worktree, {.sources = starter.sources, .known = {}})) != paths)
    starter.sources.clear();
  // If something was deployed without a flowship.json, its ledger stays in use.
  const std::vector<std::string> ledgers = repository.refs(std::string(kLedgerRefs));
  if (ledgers.size() == 1) starter.environment = ledgers.front().substr(kLedgerRefs.size());
  const std::string project_id = variables("DESCOPE_PROJECT_ID").value_or("");
  if (is_project_id(project_id)) starter.project_id = project_id;
  starter.branch = main_branch(repository);
  starter.remote = remote_of(repository, starter.branch);
  starter.policy = starter_policy(reading);
  starter.folders = folders_of_environments(reading, starter.sources);
  if (!starter.folders.empty()) {
    starter.sources.clear();
    starter.environment.clear();
    starter.project_id.clear();
    // The flows of several environments, with the same ids, are different ones.
    starter.policy.reset();
  }
  return starter;
}

std::string config_text(const Starter& starter) {
  const auto with_sources = [&](const std::vector<std::string>& sources) {
    std::vector<json::NamedText> environment = environment_members(starter);
    if (!sources.empty()) environment.push_back({"sources", json::strings(sources)});
    return json::object(environment);
  };
  std::vector<json::NamedText> members{{"$schema", config_schema_address()}};
  if (!starter.sources.empty()) members.push_back({"sources", json::strings(starter.sources)});
  std::vector<json::NamedText> environments;
  for (const auto& [name, folder] : starter.folders) environments.push_back({name, with_sources({folder})});
  if (environments.empty()) environments.push_back({starter.environment, with_sources({})});
  members.push_back({"environments", json::object(environments)});
  if (starter.policy) members.push_back({"policies", json::array({policy_text(*starter.policy)})});
  std::string text = json::document_text(json::object(members));
  parse_config(text, kConfigFile);
  return text;
}

}  // namespace flowship::deploy
