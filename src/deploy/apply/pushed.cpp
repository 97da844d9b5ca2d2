#include "deploy/apply/pushed.hpp"

#include "base/error.hpp"
#include "base/secret.hpp"
#include "base/text/split.hpp"
#include "deploy/config/ledger_refs.hpp"
#include "git/remote/user_git.hpp"

namespace flowship::deploy {

Config load_pushed_config(const git::Revision& pushed, const std::optional<std::string>& config_file) {
  Config config = load_config(pushed, config_file);
  for (auto& [name, environment] : config.environments) {
    environment.ledger_remote.clear();
    environment.ledger_sign = pushed.repository().config_flag("flowship." + name + ".sign").value_or(false);
  }
  return config;
}

void use_servers_project(const git::Repository& repository, Environment& environment) {
  const std::string setting = "flowship." + environment.name + ".projectId";
  if (const auto chosen = repository.config(setting)) {
    if (!is_project_id(*chosen)) {
      throw Error("`" + setting + "` in the server's git configuration is not a project id",
                  "a project id is `P` followed by letters and digits", Fault::credentials);
    }
    environment.project_id = *chosen;
  }
  if (!environment.project_id.empty()) return;
  throw Error("no project id for environment `" + environment.name + "`",
              "set `projectId` in flowship.json, or on the server: git config " + setting + " P…", Fault::credentials);
}

void expect_servers_key(const Environment& environment, const std::string& key_file, const Variables& variables) {
  const std::string& named = environment.management_key_env;
  if (!key_file.empty() || (!named.empty() && variables(named)) || variables(kKeyVariable)) return;
  throw Error("no management key for environment `" + environment.name + "`",
              "on the server: git config flowship." + environment.name + ".keyFile FILE", Fault::credentials);
}

void expect_no_others_project(const Config& of_default_branch, const Environment& environment) {
  for (const auto& [name, other] : of_default_branch.environments) {
    if (name == environment.name || other.project_id.empty() || other.project_id != environment.project_id) continue;
    throw Error("the project " + environment.project_id + " of `" + environment.name + "` is that of `" + name +
                    "`, by flowship.json of the default branch",
                "give `" + environment.name + "` its own `projectId`, on the default branch first", Fault::invalid);
  }
}

std::optional<git::Revision> tip_of_default_branch(const git::Repository& repository) {
  const std::optional<std::string> name = repository.head_branch();
  const std::optional<git::ObjectId> tip = name ? repository.ref(*name) : std::nullopt;
  return tip ? std::optional(git::Revision::of_commit(repository, *tip)) : std::nullopt;
}

void expect_no_others_ledger(const Config& known, const Environment& environment) {
  for (const auto& [name, other] : known.environments) {
    if (name == environment.name || !exclude_each_other(other.ledger_ref, environment.ledger_ref)) continue;
    throw Error("`ledger.ref` of `" + environment.name + "`, " + environment.ledger_ref +
                    ", is not free: the ledger of `" + name + "` is " + other.ledger_ref,
                "give `" + environment.name + "` a ref of its own in flowship.json", Fault::invalid);
  }
}

void BranchPolicy::check_project(const Environment& environment) {
  const auto chosen = [this](const std::string& name) { return repository_.config("flowship." + name + ".projectId"); };
  if (chosen(environment.name)) return;
  Config others = config();
  for (auto& [name, other] : others.environments) other.project_id = chosen(name).value_or(other.project_id);
  expect_no_others_project(others, environment);
}

void BranchPolicy::check_ledger(const Environment& environment) {
  Config known;
  try {
    known = config();
  } catch (const Error&) {
    // Nobody else's word is needed for the usual place.
    if (environment.ledger_ref != usual_ledger_ref(environment.name)) throw;
  }
  if (environment.ledger_ref.starts_with(kLedgerRefs)) {
    const std::string below = environment.ledger_ref.substr(kLedgerRefs.size());
    Environment other;
    other.name = below.substr(0, below.find('/'));
    other.ledger_ref = usual_ledger_ref(other.name);
    const auto has = [&](const char* name) {
      return repository_.config("flowship." + other.name + "." + name).has_value();
    };
    if (is_environment_name(other.name) && (has("branch") || has("keyFile"))) {
      known.environments.emplace(other.name, std::move(other));
    }
  }
  expect_no_others_ledger(known, environment);
}

std::string BranchPolicy::branch_of(const std::string& environment) {
  if (const auto chosen = repository_.config("flowship." + environment + ".branch")) return *chosen;
  try {
    const auto found = config().environments.find(environment);
    return found == config().environments.end() ? "" : found->second.branch;
  } catch (Error& error) {
    throw error.within("the default branch, which says what deploys `" + environment + "`");
  }
}

std::set<std::string> BranchPolicy::environments_of(const std::string& branch) {
  std::set<std::string> candidates;
  const ProcessResult settings =
      git::run_git(repository_, {"config", "-z", "--name-only", "--get-regexp", R"(^flowship\..*\.branch$)"});
  for (const std::string_view setting : split(settings.output, '\0')) {
    const std::size_t start = setting.find('.') + 1;
    candidates.emplace(setting.substr(start, setting.rfind('.') - start));
  }
  try {
    for (const auto& [name, environment] : config().environments) candidates.insert(name);
  } catch (const Error&) {
    // The settings don't need it.
  }
  std::erase_if(candidates, [&](const std::string& name) { return branch_of(name) != branch; });
  return candidates;
}

std::map<std::string, std::string> BranchPolicy::ledgers() {
  std::map<std::string, std::string> ledgers;
  for (const auto& [name, environment] : config().environments) ledgers.emplace(environment.ledger_ref, name);
  return ledgers;
}

const Config& BranchPolicy::config() {
  if (!config_) {
    const std::optional<git::Revision> tip = tip_of_default_branch(repository_);
    config_ = tip ? load_config(*tip, config_file_) : Config();
  }
  return *config_;
}

}  // namespace flowship::deploy
