#include "deploy/config/starter.hpp"

#include "base/files/path.hpp"
#include "deploy/config/config.hpp"
#include "flow/layouts/reading.hpp"
#include "git/revision.hpp"
#include "json/edit.hpp"
#include "json/style.hpp"

#include <algorithm>
#include <set>
#include <utility>

namespace flowship::deploy {

namespace {

constexpr std::string_view kBranches = "refs/heads/";
constexpr std::string_view kLedgers = "refs/flowship/";

std::vector<std::string> paths_of_flows(const git::Revision& worktree, const std::vector<std::string>& sources) {
  std::vector<git::Entry> entries = worktree.files({.prefixes = sources});
  std::erase_if(entries, [](const git::Entry& entry) { return !entry.path.ends_with(".json"); });
  std::vector<std::string> paths;
  const flow::Reading reading = flow::read_flows(entries, {.sources = sources, .known = {}},
                                                 [&](const git::Entry& entry) { return worktree.read(entry); });
  for (const flow::Flow& flow : reading.flows) paths.push_back(flow.source.path);
  return paths;
}

/// The folders that the sources lie in, without those inside of others.
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

/// The branch that most likely is deployed: one of the usual names, else the one that is checked out.
std::string main_branch(const git::Repository& repository) {
  for (const char* name : {"main", "master"}) {
    if (repository.ref(std::string(kBranches) + name)) return name;
  }
  const std::string head = repository.head_branch().value_or("");
  return head.starts_with(kBranches) ? head.substr(kBranches.size()) : "main";
}

/// The remote of the branch, else `origin`; empty where there is none.
std::string remote_of(const git::Repository& repository, const std::string& branch) {
  const std::string remote = repository.config("branch." + branch + ".remote").value_or("origin");
  return repository.config("remote." + remote + ".url") ? remote : "";
}

}  // namespace

Starter starter_for(const git::Repository& repository, const Variables& variables) {
  Starter starter;
  const git::Revision worktree = git::Revision::of_worktree(repository);
  const std::vector<std::string> paths = paths_of_flows(worktree, {});
  starter.flows = static_cast<int>(paths.size());
  starter.sources = folders_of(paths);
  // A folder that is named as a source may count as more than it does elsewhere.
  if (!starter.sources.empty() && paths_of_flows(worktree, starter.sources) != paths) starter.sources.clear();
  // What is deployed already, without a flowship.json, stays in its ledger.
  const std::vector<std::string> ledgers = repository.refs(std::string(kLedgers));
  if (ledgers.size() == 1) starter.environment = ledgers.front().substr(kLedgers.size());
  const std::string project_id = variables("DESCOPE_PROJECT_ID").value_or("");
  if (is_project_id(project_id)) starter.project_id = project_id;
  starter.branch = main_branch(repository);
  starter.remote = remote_of(repository, starter.branch);
  return starter;
}

std::string config_text(const Starter& starter) {
  std::string members;
  const auto add = [](std::string& to, std::string_view name, const std::string& text) {
    to += (to.empty() ? "" : ",") + json::quoted(name) + ":" + text;
  };
  std::string environment;
  if (!starter.project_id.empty()) add(environment, "projectId", json::quoted(starter.project_id));
  if (!starter.branch.empty()) add(environment, "branch", json::quoted(starter.branch));
  if (!starter.remote.empty()) add(environment, "ledger", R"({"remote":)" + json::quoted(starter.remote) + "}");
  std::string sources;
  for (const std::string& source : starter.sources) sources += (sources.empty() ? "" : ",") + json::quoted(source);
  if (!sources.empty()) add(members, "sources", "[" + sources + "]");
  add(members, "environments", "{" + json::quoted(starter.environment) + ":{" + environment + "}}");
  std::string text = json::styled(json::Document::parse("{" + members + "}")->root(), {}) + "\n";
  parse_config(text, kConfigFile);
  return text;
}

}  // namespace flowship::deploy
