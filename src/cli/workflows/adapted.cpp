#include "cli/workflows/adapted.hpp"

#include "base/error.hpp"
#include "base/version.hpp"

#include <Poco/String.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace flowship::cli {

namespace {

/// The environments of each branch, in the order of their names.
using Branches = std::vector<std::pair<std::string, std::vector<std::string>>>;

Branches branches_of(const std::vector<DeployTarget>& targets) {
  Branches branches;
  for (const DeployTarget& target : targets) {
    const auto is_same = [&](const auto& branch) { return branch.first == target.branch; };
    const auto found = std::find_if(branches.begin(), branches.end(), is_same);
    if (found == branches.end()) {
      branches.push_back({target.branch, {target.environment}});
    } else {
      found->second.push_back(target.environment);
    }
  }
  return branches;
}

bool is_one_each(const Branches& branches) {
  return std::all_of(branches.begin(), branches.end(), [](const auto& branch) { return branch.second.size() == 1; });
}

std::string with_separators(const std::vector<std::string>& words, const std::string& separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : separator) + word;
  return text;
}

std::string quoted(const std::string& text) { return "'" + Poco::replace(text, "'", "''") + "'"; }

/// A scalar of YAML that is a string wherever it stands.
std::string yaml(const std::string& text) {
  const bool is_plain =
      !text.empty() && std::isalpha(static_cast<unsigned char>(text.front())) != 0 &&
      std::all_of(text.begin(), text.end(), [](unsigned char letter) {
        return std::isalnum(letter) != 0 || letter == '-' || letter == '_' || letter == '/' || letter == '.';
      });
  const std::string folded = Poco::toLower(text);
  constexpr std::string_view kOthers[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
  const bool is_other = std::find(std::begin(kOthers), std::end(kOthers), folded) != std::end(kOthers);
  return is_plain && !is_other ? text : quoted(text);
}

/// A branch in GitHub's filters, where some signs are patterns.
std::string filter(const std::string& branch) {
  std::string text;
  for (const char letter : branch) {
    if (letter == '+' || (letter == '!' && text.empty())) text += '\\';
    text += letter;
  }
  return yaml(text);
}

class Adaptation {
 public:
  Adaptation(std::string_view text, const std::vector<DeployTarget>& targets)
      : text_(text), targets_(targets), branches_(branches_of(targets)) {}

  std::string github() {
    Poco::replaceInPlace(text_,
                         std::string("# Replace the commit after `your-organisation/flowship@` with that of the "
                                     "release you use.\n"),
                         std::string());
    replace("flowship@0123456789abcdef0123456789abcdef01234567 # v0.1.0", "flowship@v" + std::string(version()));
    replace("version: v0.1.0", "version: v" + std::string(version()));
    replace(
        "Deploys develop to staging and main to production. Both environments, in the repository's settings, need a "
        "secret",
        deploys() + ".\n# " + subject());
    replace("branches: [develop, main]", "branches: [" + of_branches(", ", filter) + "]");
    replace("github.ref_name == 'develop' || github.ref_name == 'main'",
            of_branches(" || ", [](const auto& branch) { return "github.ref_name == " + quoted(branch); }));
    for (const std::string ref : {"github.ref_name", "github.base_ref"}) choose_environment(ref);
    if (text_.find("environment: production") != std::string::npos) for_each_environment();
    return std::move(text_);
  }

  std::string gitlab() {
    replace("FLOWSHIP_VERSION: 0.1.0", "FLOWSHIP_VERSION: " + std::string(version()));
    replace(
        "deploys develop to staging and main\n# to production; checks for drift in scheduled pipelines; and opens a "
        "merge request with console edits, as a manual job.",
        "checks for drift in\n# scheduled pipelines; and opens a merge request with console edits, as a manual "
        "job.\n# " +
            deploys() + ".");
    replace("each of the environments staging and production",
            targets_.size() == 1 ? "the environment " + targets_.front().environment
                                 : "each of the environments " + with_separators(environments(), ", "));
    const std::size_t begin = text_.find("    - if: $CI_PIPELINE_SOURCE == \"merge_request_event\" && ");
    const std::size_t end = text_.find("\n.flowship:");
    if (begin >= end || end == std::string::npos) throw Error("the example of GitLab's pipeline has no rules");
    text_.replace(begin, end - begin, gitlab_rules());
    replace("    - if: $CI_COMMIT_BRANCH == \"main\" && ", "    - if: $CI_COMMIT_BRANCH && ");
    if (are_on_one_branch()) {
      for (const std::string job : {"plan", "deploy", "drift", "pull"}) {
        replace("\n" + job + ":\n  extends: .flowship\n", "\n" + job + ":\n  extends: .flowship\n  parallel:\n" +
                                                              "    matrix:\n      - ENVIRONMENT: [" +
                                                              with_separators(yaml_environments(), ", ") + "]\n");
      }
    }
    return std::move(text_);
  }

 private:
  void replace(const std::string& from, const std::string& to) { Poco::replaceInPlace(text_, from, to); }

  std::vector<std::string> environments() const {
    std::vector<std::string> names;
    for (const DeployTarget& target : targets_) names.push_back(target.environment);
    return names;
  }

  std::vector<std::string> yaml_environments() const {
    std::vector<std::string> names = environments();
    for (std::string& name : names) name = yaml(name);
    return names;
  }

  bool are_on_one_branch() const { return branches_.size() == 1 && targets_.size() > 1; }

  std::string deploys() const {
    std::vector<std::string> parts;
    for (const DeployTarget& target : targets_) parts.push_back(target.branch + " to " + target.environment);
    return "Deploys " + with_separators(parts, ", ");
  }

  std::string subject() const {
    return targets_.size() == 1 ? "The environment, in the repository's settings, needs a secret"
                                : "All environments, in the repository's settings, need a secret";
  }

  template <typename Form>
  std::string of_branches(const std::string& separator, const Form& form) const {
    std::vector<std::string> parts;
    for (const auto& branch : branches_) parts.push_back(form(branch.first));
    return with_separators(parts, separator);
  }

  /// `ref == 'main' && 'production' || 'staging'`: the last branch needs no condition.
  template <typename Form>
  std::string choice(const std::string& ref, const Form& form) const {
    std::string text;
    for (const auto& [branch, names] : branches_) {
      const bool is_last = branch == branches_.back().first;
      text += is_last ? form(names) : ref + " == " + quoted(branch) + " && " + form(names) + " || ";
    }
    return text;
  }

  /// Several environments of one branch need a job each.
  void choose_environment(const std::string& ref) {
    const std::string before = "${{ " + ref + " == 'main' && 'production' || 'staging' }}";
    if (text_.find(before) == std::string::npos) return;
    if (targets_.size() == 1) {
      replace(before, yaml(targets_.front().environment));
      return;
    }
    if (is_one_each(branches_)) {
      replace(before, "${{ " + choice(ref, [](const auto& names) { return quoted(names.front()); }) + " }}");
      return;
    }
    const std::string list =
        choice(ref, [](const auto& names) { return "'[\"" + with_separators(names, "\",\"") + "\"]'"; });
    add_matrix("environment: ${{ fromJSON(" + list + ") }}\n");
    replace(before, "${{ matrix.environment }}");
  }

  void add_matrix(const std::string& lines) {
    const std::string runs = "    runs-on: ubuntu-latest\n";
    replace(runs, runs + "    strategy:\n      fail-fast: false\n      matrix:\n        " + lines);
  }

  /// The nightly look and the pull request, which the example has for one environment.
  void for_each_environment() {
    std::string environment = yaml(targets_.front().environment);
    std::string branch = yaml(targets_.front().branch);
    std::string name = targets_.front().environment;
    if (targets_.size() > 1) {
      std::string lines = "include:\n";
      for (const DeployTarget& target : targets_) {
        lines += "          - {environment: " + yaml(target.environment) + ", branch: " + yaml(target.branch) + "}\n";
      }
      add_matrix(lines);
      environment = name = "${{ matrix.environment }}";
      branch = "${{ matrix.branch }}";
    }
    replace("merged into what main has", "merged into what the branch has");
    replace("environment: production", "environment: " + environment);
    replace("ENVIRONMENT: production", "ENVIRONMENT: " + environment);
    replace("ref: main", "ref: " + branch);
    replace("BASE: main", "BASE: " + branch);
    replace("flowship/pull-production", "flowship/pull-" + name);
    replace("Flows of production were", "Flows of " + name + " were");
    const bool is_one_branch = branches_.size() == 1;
    replace("group: flowship-main", "group: " + yaml("flowship-" + (is_one_branch ? branches_.front().first : "pull")));
  }

  std::string gitlab_rules() const {
    const auto text_of = [](const std::string& branch) {
      const std::string quote = branch.find('"') == std::string::npos ? "\"" : "'";
      return quote + branch + quote;
    };
    const auto rule = [&](const std::string& condition, const std::vector<std::string>& names) {
      const std::string variables = "\n      variables: {ENVIRONMENT: " + yaml(names.front()) + "}";
      return "    - if: " + condition + (are_on_one_branch() ? "" : variables) + "\n";
    };
    const std::string is_request = "$CI_PIPELINE_SOURCE == \"merge_request_event\"";
    std::string rules;
    for (const auto& [branch, names] : branches_) {
      const bool is_last = branch == branches_.back().first;
      const std::string target = " && $CI_MERGE_REQUEST_TARGET_BRANCH_NAME == " + text_of(branch);
      rules += rule(is_request + (is_last ? "" : target), names);
    }
    for (const auto& [branch, names] : branches_) rules += rule("$CI_COMMIT_BRANCH == " + text_of(branch), names);
    return rules;
  }

  std::string text_;
  const std::vector<DeployTarget>& targets_;
  Branches branches_;
};

}  // namespace

std::vector<DeployTarget> targets_of(const deploy::Config& config, const std::string& otherwise) {
  std::vector<DeployTarget> all;
  std::vector<DeployTarget> with_branch;
  for (const auto& [name, environment] : config.environments) {
    all.push_back({name, otherwise});
    if (!environment.branch.empty()) with_branch.push_back({name, environment.branch});
  }
  return with_branch.empty() ? all : with_branch;
}

std::vector<std::string> left_out(git::Host host, const std::vector<DeployTarget>& targets) {
  const Branches branches = branches_of(targets);
  std::vector<std::string> names;
  if (host != git::Host::gitlab || branches.size() < 2) return names;
  for (const auto& branch : branches) names.insert(names.end(), branch.second.begin() + 1, branch.second.end());
  return names;
}

std::string adapted(const Workflow& workflow, const std::vector<DeployTarget>& targets) {
  Adaptation adaptation(workflow.text, targets);
  return workflow.host == git::Host::github ? adaptation.github() : adaptation.gitlab();
}

}  // namespace flowship::cli
