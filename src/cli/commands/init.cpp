#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/hooks/hook.hpp"
#include "cli/questions.hpp"
#include "cli/run.hpp"
#include "cli/workflows/adapted.hpp"
#include "cli/workspace.hpp"
#include "deploy/config/config.hpp"
#include "deploy/config/starter.hpp"
#include "flow/layouts/writing.hpp"
#include "git/remote/hook_folder.hpp"

#include <algorithm>
#include <cctype>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <unistd.h>
#include <vector>

namespace flowship::cli {

namespace {

namespace fs = std::filesystem;
using File = report::Initialization::File;

constexpr const char* kAttributes = ".gitattributes";
/// What workflows have in place of the repository of flowship's action and releases.
constexpr std::string_view kToReplace = "your-organisation/flowship";

/// The lines for the flows in these sources, or for all JSON files: what is not a flow is merged line by line.
std::string merge_attributes(const std::vector<std::string>& sources) {
  std::string lines;
  for (const std::string& source : sources) {
    // Anything else needs quoting, or is a pattern itself.
    const bool is_plain = std::all_of(source.begin(), source.end(), [](char letter) {
      return std::isalnum(static_cast<unsigned char>(letter)) != 0 || std::strchr("_-./", letter) != nullptr;
    });
    if (!is_plain) return merge_attribute("*.json") + "\n";
    const bool is_file = source.ends_with(".json");
    lines += merge_attribute(is_file ? "/" + source : "/" + source + "/**/*.json") + "\n";
  }
  return lines.empty() ? merge_attribute("*.json") + "\n" : lines;
}

Questions questions(const Invocation& invocation) {
  if (invocation.options.yes) return {Questions::Answers::proposed, std::cin, invocation.err};
  if (::isatty(STDIN_FILENO) == 0) {
    throw usage_error("init asks questions, and standard input is not a terminal",
                      "--yes accepts the proposed answers");
  }
  return {Questions::Answers::asked, std::cin, invocation.err};
}

/// Asks for and writes what a repository of flows still lacks. Existing files are never changed.
class Initializing {
 public:
  Initializing(const git::Repository& repository, Questions& asking, std::ostream& err)
      : repository_(repository),
        asking_(asking),
        err_(err),
        folder_(repository),
        starter_(deploy::starter_for(repository, deploy::process_variable)) {}

  report::Initialization run() {
    find_host();
    choose_config();
    choose_attributes();
    choose_hooks();
    choose_workflows();
    write();
    result_.flows = starter_.flows;
    add_next_steps();
    return std::move(result_);
  }

 private:
  bool is_there(const std::string& path) const {
    return fs::exists(fs::symlink_status(repository_.work_directory() / path));
  }

  void find_host() {
    if (!starter_.remote.empty()) {
      host_ = git::host_of(repository_.config("remote." + starter_.remote + ".url").value_or(""));
    }
    // A self-hosted server may have any name.
    if (host_ == git::Host::other && is_there(".github/workflows")) host_ = git::Host::github;
    if (host_ == git::Host::other && is_there(".gitlab-ci.yml")) host_ = git::Host::gitlab;
    if (!starter_.remote.empty() || host_ != git::Host::other) result_.host = git::to_text(host_);
  }

  void choose_config() {
    if (is_there(deploy::kConfigFile)) {
      const deploy::Config config = deploy::load_config(git::Revision::of_worktree(repository_), std::nullopt);
      result_.sources = config.all_sources();
      for (const auto& [name, environment] : config.environments) {
        result_.environments.push_back(name);
        lacks_project_id_ |= environment.project_id.empty() && starter_.project_id.empty();
      }
      targets_ = targets_of(config, starter_.branch);
      result_.files.push_back({deploy::kConfigFile, File::Outcome::kept, {}});
      return;
    }
    if (starter_.folders.empty()) {
      ask(starter_.environment, "Name of the environment to deploy to");
      ask(starter_.project_id, "Its Descope project id (P2…; empty: taken from DESCOPE_PROJECT_ID)");
    }
    ask(starter_.branch, "Git branch to deploy to it");
    if (starter_.policy && !asking_.yes("Add a policy that today's flows meet, so that it can only get stricter?")) {
      starter_.policy.reset();
    }
    const std::string text = deploy::config_text(starter_);
    files_[deploy::kConfigFile] = text;
    targets_ = targets_of(deploy::parse_config(text, deploy::kConfigFile), starter_.branch);
    lacks_project_id_ = starter_.project_id.empty();
    result_.sources = starter_.sources;
    for (const auto& [name, folder] : starter_.folders) {
      result_.sources.push_back(folder);
      result_.environments.push_back(name);
    }
    if (starter_.folders.empty()) result_.environments = {starter_.environment};
    result_.files.push_back({deploy::kConfigFile, File::Outcome::written, {}});
  }

  /// So that git merges flows by tasks and screens, once its merge driver is set up.
  void choose_attributes() {
    const std::string lines = merge_attributes(result_.sources);
    const std::optional<std::string> there = repository_.worktree_file_if_there(kAttributes);
    if (!there && !is_there(kAttributes)) {
      files_[kAttributes] = lines;
      result_.files.push_back({kAttributes, File::Outcome::written, {}});
      return;
    }
    const bool has_driver = there && there->find("merge=flowship") != std::string::npos;
    result_.files.push_back(
        {kAttributes, File::Outcome::kept,
         has_driver ? ""
                    : "add `" + lines.substr(0, lines.find('\n')) + "`, and git merges flows by tasks and screens"});
  }

  /// Repeats the question until the answer is valid in flowship.json.
  void ask(std::string& value, const std::string& question) {
    const std::string proposed = value;
    for (;;) {
      value = asking_.text(question, proposed);
      try {
        deploy::config_text(starter_);
        return;
      } catch (const Error& error) {
        if (!asking_.are_asked()) throw;
        err_ << printable(error.message()) << "\n";
      }
    }
  }

  void choose_hooks() {
    std::vector<const Hook*> missing;
    std::string names;
    for (const Hook& hook : hooks()) {
      if (hook.for_bare) continue;
      const std::string name(hook.name);
      if (!is_there(folder_.file(name))) {
        missing.push_back(&hook);
        names += (names.empty() ? "" : " and ") + name;
      } else {
        result_.files.push_back(
            {shown(folder_.file(name)), File::Outcome::kept,
             folder_.is_own(name) ? "" : "`flowship hook install " + name + " --chain` keeps it and adds flowship's"});
      }
    }
    if (missing.empty() || !asking_.yes("Install the git hooks " + names + " to check flows?")) return;
    hooks_ = missing;
    for (const Hook* hook : missing) {
      result_.files.push_back({shown(folder_.file(std::string(hook->name))), File::Outcome::written, {}});
    }
  }

  void choose_workflows() {
    std::vector<const Workflow*> missing;
    std::string names;
    for (const Workflow& workflow : workflows()) {
      if (workflow.host != host_) continue;
      const std::string path(workflow.path);
      if (is_there(path)) {
        result_.files.push_back({path, File::Outcome::kept, {}});
        const bool is_file = fs::is_regular_file(fs::symlink_status(repository_.work_directory() / path));
        has_workflows_ |= is_file && repository_.worktree_file(path).find(kToReplace) != std::string::npos;
      } else {
        missing.push_back(&workflow);
        names += (names.empty() ? "" : ", ") + path;
      }
    }
    if (missing.empty() || !asking_.yes("Write " + names + "?")) return;
    for (const Workflow* workflow : missing) {
      files_[std::string(workflow->path)] = adapted(*workflow, targets_);
      result_.files.push_back({std::string(workflow->path), File::Outcome::written, {}});
    }
    has_workflows_ = true;
  }

  void write() {
    repository_.change_worktree(files_);
    for (const Hook* hook : hooks_) folder_.install(std::string(hook->name), hook->script, git::OtherHook::refuse);
    if (hooks_.empty()) return;
    err_ << let_hooks_find_program(repository_);
    install_merge_driver(repository_);
  }

  /// A path for display: relative to the working tree if it is inside.
  std::string shown(const fs::path& file) const {
    const std::string relative = file.lexically_relative(repository_.work_directory()).string();
    return relative.empty() || relative.starts_with("..") ? file.string() : relative;
  }

  /// An environment of the main branch, which is likely checked out.
  std::string first_to_deploy() const {
    for (const DeployTarget& target : targets_) {
      if (target.branch == starter_.branch) return target.environment;
    }
    return result_.environments.front();
  }

  void add_next_steps() {
    const auto add = [&](std::string command, std::string purpose) {
      result_.next.push_back({std::move(command), std::move(purpose)});
    };
    const std::string in_environment = result_.environments.size() > 1 ? " --env " + first_to_deploy() : std::string();
    if (lacks_project_id_ && !in_environment.empty()) {
      add({}, "set the projectId of each environment in flowship.json");
    } else if (lacks_project_id_) {
      add("export DESCOPE_PROJECT_ID=P2…", "or set projectId in flowship.json");
    }
    add("export DESCOPE_MANAGEMENT_KEY=K2…", "a management key of the project, created in the console");
    if (starter_.flows == 0) {
      add("flowship pull" + in_environment, "writes the flows of the service into the repository");
    } else {
      add("flowship validate", "checks the flows, offline");
    }
    add("git add --all && git commit", "deploy works on commits");
    add("flowship plan" + in_environment, "shows what deploy would do");
    add("flowship deploy" + in_environment, "deploys");
    if (has_workflows_) add_workflow_steps();
  }

  void add_workflow_steps() {
    const auto add = [&](std::string purpose) { result_.next.push_back({{}, std::move(purpose)}); };
    if (host_ == git::Host::github) {
      add("replace `your-organisation/flowship` with the repository of flowship's action");
      add("in the repository's settings, add the secret DESCOPE_MANAGEMENT_KEY to each environment");
    } else {
      add("replace `your-organisation/flowship` with the address of flowship's releases (FLOWSHIP_RELEASES)");
      for (const std::string& name : left_out(host_, targets_)) {
        add("add jobs for the environment " + name + ", which shares its branch: the pipeline does not deploy it");
      }
      add("in the project's CI/CD settings, add the variables listed at the top of .gitlab-ci.yml");
    }
  }

  const git::Repository& repository_;
  Questions& asking_;
  std::ostream& err_;
  git::HookFolder folder_;
  deploy::Starter starter_;
  git::Host host_ = git::Host::other;
  std::vector<DeployTarget> targets_;
  flow::FileChanges files_;
  std::vector<const Hook*> hooks_;
  bool lacks_project_id_ = false;
  /// There are some that are still to be adapted.
  bool has_workflows_ = false;
  report::Initialization result_;
};

}  // namespace

ExitCode run_init(const Invocation& invocation) {
  const Options& options = invocation.options;
  const auto write = writer(invocation, &report::Format::initialization);
  if (options.config_file) {
    throw usage_error("init writes flowship.json at the root of the repository", "remove --config");
  }
  const git::Repository repository = open_repository(options);
  if (repository.is_bare()) {
    throw usage_error("a bare repository has no place for flowship.json",
                      "run init in a clone; here, `flowship hook install` installs the server hooks");
  }
  Questions asking = questions(invocation);
  invocation.out << write(Initializing(repository, asking, invocation.err).run(), invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
