#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/files/file_lock.hpp"
#include "base/process.hpp"
#include "base/secret.hpp"
#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "cli/commands/sending.hpp"
#include "cli/hooks/hook.hpp"
#include "cli/relay.hpp"
#include "cli/workspace.hpp"
#include "deploy/apply/push_log.hpp"
#include "deploy/apply/pushed.hpp"
#include "deploy/config/server_policy.hpp"
#include "deploy/plan/checks/validation.hpp"
#include "git/branch.hpp"
#include "git/remote/pushed_refs.hpp"
#include "git/revision.hpp"

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <ostream>
#include <vector>

namespace flowship::cli {

namespace {

/// For how long a push waits for a deployment of another machine, which renews its lease as long as it lives.
constexpr std::chrono::minutes kLeasePatience{30};

/// A deployment in a process of its own.
struct Worker {
  std::string environment;
  std::filesystem::path log;
  int process = 0;
};

/// Without the variables that git sets for hooks: the process outlives the hook, and quarantine is over.
flowship::Command worker_command(const git::Repository& repository, const deploy::Environment& environment,
                                 const std::string& branch) {
  flowship::Command command;
  command.arguments = {std::filesystem::read_symlink("/proc/self/exe").string(),
                       "hook",
                       "deploy",
                       "--repo",
                       repository.git_directory().string(),
                       "--",
                       environment.name,
                       branch};
  // It is flowship itself, and may need the key that is kept from all other programs.
  for (const std::string& name : {std::string(kKeyVariable), environment.management_key_env}) {
    if (!name.empty()) command.environment[name] = deploy::process_variable(name);
  }
  for (const char* name : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
                           "GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_QUARANTINE_PATH", "GIT_NAMESPACE", "GIT_PREFIX",
                           "GIT_PUSH_OPTION_COUNT"}) {
    command.environment[name] = std::nullopt;
  }
  command.directory = repository.git_directory().string();
  return command;
}

Worker start_worker(const git::Repository& repository, const deploy::Environment& environment,
                    const std::string& branch) {
  const std::filesystem::path log =
      deploy::new_push_log(repository.common_directory(), environment.name, system_clock());
  const int process = start_detached(worker_command(repository, environment, branch), log);
  return {.environment = environment.name, .log = log, .process = process};
}

/// Starts the deployments of a pushed branch.
std::vector<Worker> start_workers(const Invocation& invocation, const git::Repository& repository,
                                  const git::PushedRef& pushed, deploy::BranchPolicy& policy) {
  std::vector<Worker> workers;
  const std::string branch = *pushed.branch();
  if (!pushed.after) {
    invocation.err << "flowship: branch " << printable(branch) << " was deleted; nothing is deployed\n";
    return workers;
  }
  const deploy::Config config =
      deploy::load_config(git::Revision::of_commit(repository, *pushed.after), invocation.options.config_file);
  for (const auto& [name, environment] : config.environments) {
    const std::string deploying = policy.branch_of(name);
    if (deploying == branch) {
      workers.push_back(start_worker(repository, environment, branch));
    } else if (environment.branch == branch) {
      invocation.err << "flowship: branch " << printable(branch) << " does not deploy " << name << ", though its own "
                     << "flowship.json says so: "
                     << (deploying.empty() ? "no branch does" : printable(deploying) + " does") << ", by `flowship."
                     << name << ".branch` in git's configuration or by flowship.json of the "
                     << "default branch\n";
    }
  }
  for (const std::string& name : policy.environments_of(branch)) {
    if (config.environments.contains(name)) continue;
    invocation.err << "flowship: branch " << printable(branch) << " deploys " << printable(name)
                   << ", but its flowship.json has no such environment; nothing is deployed to it\n";
  }
  if (workers.empty() && invocation.style.verbose) {
    invocation.err << "flowship: no environment deploys branch " << printable(branch) << "\n";
  }
  return workers;
}

bool is_true(const std::optional<std::string>& value) {
  return value && (*value == "true" || *value == "yes" || *value == "on" || *value == "1");
}

/// Shows the log of a worker until it ends; true if it succeeded.
bool follow(const Invocation& invocation, const Worker& worker) {
  invocation.err << "flowship: deploying " << worker.environment << "\n" << std::flush;
  const int status = relay(worker.log, worker.process, invocation.err, invocation.clock);
  if (status == 0) return true;
  invocation.err << "flowship: the deployment to " << worker.environment << " ended with status " << status
                 << "; its log is " << printable(worker.log.string()) << "\n";
  return false;
}

/// A setting of the server for one environment.
std::string setting(const git::Repository& repository, const std::string& environment, const std::string& name) {
  return repository.config("flowship." + environment + "." + name).value_or("");
}

/// The server's settings, never what the environment of the user who pushes happens to contain.
deploy::DeployOptions server_options(const git::Repository& repository, const std::string& environment,
                                     deploy::DeployOptions options) {
  deploy::Connection& connection = options.connection;
  connection.base_url = setting(repository, environment, "baseUrl");
  connection.key_file = setting(repository, environment, "keyFile");
  connection.ca_file = setting(repository, environment, "caFile");
  deploy::hold_key_of(connection.key_file);
  return options;
}

/// Without project and address: ssh may accept these variables from whoever pushes.
std::optional<std::string> operators_variable(const std::string& name) {
  const bool is_anybodys = name == "DESCOPE_PROJECT_ID" || name == "DESCOPE_BASE_URL";
  return is_anybodys ? std::nullopt : deploy::process_variable(name);
}

/// Applies the server's policy: tightens the configuration, and refuses what the policy demands beyond it. The rest is
/// checked with what is deployed.
void obey_policy(const Invocation& invocation, const git::Revision& revision, deploy::Config& config) {
  const std::optional<deploy::ServerPolicy> policy = deploy::load_server_policy(revision.repository());
  if (!policy) return;
  deploy::Validated demanded = deploy::validate_demanded(revision, config, *policy);
  config.check = policy->tightened(config.check);
  const int errors = check::count(demanded.findings).errors;
  if (errors == 0) return;
  invocation.err << report::formats().front().validation(with_texts(std::move(demanded), revision), invocation.style);
  throw Error("nothing was sent, because the server's policy for flows found " + pluralize(errors, "error"),
              "fix the errors above, commit and push again", Fault::invalid);
}

/// Deploys the branch as it is now, which may be newer than the push that started this.
ExitCode deploy_branch(const Invocation& invocation, const git::Repository& repository, const std::string& environment,
                       const std::string& branch) {
  const std::optional<git::ObjectId> tip = repository.ref(git::ref_of_branch(branch));
  if (!tip) {
    invocation.err << "flowship: branch " << printable(branch) << " is gone; nothing is deployed\n";
    return ExitCode::done;
  }
  const std::optional<std::string>& config_file = invocation.options.config_file;
  const git::Revision revision = git::Revision::of_commit(repository, *tip);
  deploy::Config config = deploy::load_pushed_config(revision, config_file);
  obey_policy(invocation, revision, config);
  deploy::Workspace workspace(repository, std::move(config), revision, environment);
  deploy::BranchPolicy policy(repository, config_file);
  if (policy.branch_of(environment) != branch) {
    invocation.err << "flowship: " << printable(branch) << " at " << tip->abbreviated() << " is no longer deployed to "
                   << environment << "\n";
    return ExitCode::done;
  }
  deploy::use_servers_project(repository, workspace.environment);
  policy.check_project(workspace.environment);
  policy.check_ledger(workspace.environment);
  expect_earlier_records(invocation, workspace);
  const deploy::DeployOptions options = server_options(repository, environment, invocation.options.deploy);
  deploy::expect_servers_key(workspace.environment, options.connection.key_file, operators_variable);
  return send(workspace, options, invocation, "deploy", operators_variable);
}

FileLock take_turn(const Invocation& invocation, const git::Repository& repository, const std::string& environment) {
  const std::filesystem::path path = deploy::push_lock(repository.common_directory(), environment);
  std::filesystem::create_directories(path.parent_path());
  if (std::optional<FileLock> lock = FileLock::try_lock(path)) return std::move(*lock);
  invocation.err << "flowship: waiting for the deployment of another push\n" << std::flush;
  return FileLock::wait_for(path);
}

}  // namespace

ExitCode run_post_receive(const Invocation& invocation) {
  if (!invocation.options.reports.empty()) throw usage_error("hook post-receive has no result for --report");
  const git::Repository repository = hook_repository(invocation.options);
  const std::string input = hook_input();
  if (has_daemon(repository)) return notify_daemon(invocation, repository, input);
  // A policy that can't be read deploys nothing.
  deploy::load_server_policy(repository);
  deploy::BranchPolicy policy(repository, invocation.options.config_file);
  std::vector<Worker> workers;
  bool all_well = true;
  for (const git::PushedRef& pushed : git::received_refs(input)) {
    if (!pushed.branch()) continue;
    try {
      for (Worker& worker : start_workers(invocation, repository, pushed, policy)) workers.push_back(std::move(worker));
    } catch (Error& error) {
      error.within("branch " + printable(*pushed.branch()));
      invocation.err << report::error_text(error, {});
      all_well = false;
    }
  }
  if (is_true(repository.config("receive.flowship.background"))) {
    for (const Worker& worker : workers) {
      invocation.err << "flowship: deploying " << worker.environment << " in the background; the log is "
                     << printable(worker.log.string()) << "\n";
    }
  } else {
    for (const Worker& worker : workers) all_well = follow(invocation, worker) && all_well;
  }
  return all_well ? ExitCode::done : ExitCode::failed;
}

ExitCode run_deploy_of_push(const Invocation& invocation) {
  const std::vector<std::string>& arguments = invocation.options.arguments;
  if (arguments.size() != 3)
    throw usage_error("hook deploy is what post-receive starts: hook deploy ENVIRONMENT BRANCH");
  const std::string& environment = arguments[1];
  const git::Repository repository = open_repository(invocation.options);
  const FileLock turn = take_turn(invocation, repository, environment);
  return retry_while_held(invocation.clock, kLeasePatience, invocation.err,
                          [&] { return deploy_branch(invocation, repository, environment, arguments[2]); });
}

}  // namespace flowship::cli
