#include "cli/completion/completion.hpp"

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "check/engine/check.hpp"
#include "cli/hooks/hook.hpp"
#include "cli/run.hpp"
#include "cli/scripts.hpp"
#include "cli/workspace.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/plan/flow_index.hpp"
#include "flow/model/flow_id.hpp"
#include "git/branch.hpp"

#include <algorithm>
#include <exception>
#include <ostream>
#include <set>
#include <utility>

namespace flowship::cli {

namespace {

/// Collects the candidates for one word.
class Candidates {
 public:
  /// Only what begins with `word` is a candidate; `options` say which repository to look into.
  Candidates(std::string word, const Options& options) : word_(std::move(word)), options_(options) {}

  void add(std::string_view candidate, std::string_view description = {}) {
    const std::string whole = prefix_ + std::string(candidate);
    // A shell shows a candidate as it is, so what is shown as an escape can't be one.
    if (!whole.starts_with(word_) || printable(whole) != whole || !added_.insert(whole).second) return;
    text_ += whole + (description.empty() ? "" : "\t") + std::string(description) + "\n";
  }

  void add_options(std::span<const std::string_view> names) {
    for (const std::string_view name : names) add(name, option_of(name).summary);
  }

  void add_commands() {
    for (const Command& command : commands()) add(command.name, command.summary);
  }

  /// What the words of a placeholder text stand for.
  void add_all(std::string_view placeholders) {
    for (const std::string& word : words_of(placeholders)) is_literal(word) ? add(word) : add_for(word);
  }

  /// The value of an option; `prefix` is what stands before it in the same word (`--env=`).
  void add_value(const OptionSpec& option, const std::string& prefix) {
    prefix_ = prefix;
    const std::size_t equals = option.value.find('=');
    if (equals == std::string_view::npos) return add_all(option.value);
    if (word_.find('=', prefix.size()) != std::string::npos) return add_all(option.value.substr(equals + 1));
    for (const report::Format& format : report::formats()) add(std::string(format.name) + "=", format.summary);
  }

  const std::string& text() const { return text_; }

 private:
  void add_for(std::string_view placeholder) {
    struct Source {
      std::string_view placeholder;
      void (Candidates::*add)();
    };
    static constexpr Source kSources[] = {
        {"COMMAND", &Candidates::add_commands}, {"DIR", &Candidates::add_folders},
        {"ENV", &Candidates::add_environments}, {"FILE", &Candidates::add_files},
        {"FLOW", &Candidates::add_flows},       {"FORMAT", &Candidates::add_formats},
        {"HOOK", &Candidates::add_hooks},       {"PATH", &Candidates::add_files},
        {"RECORD", &Candidates::add_records},   {"REV", &Candidates::add_revisions},
        {"RULE", &Candidates::add_rules},       {"SOURCE", &Candidates::add_files},
        {"TARGET", &Candidates::add_files},
    };
    for (const Source& source : kSources) {
      if (source.placeholder == placeholder) return (this->*source.add)();
    }
  }

  void add_files() { text_ = ":files\n"; }
  void add_folders() { text_ = ":folders\n"; }

  void add_formats() {
    for (const report::Format& format : report::formats()) add(format.name, format.summary);
  }

  void add_hooks() {
    for (const Hook& hook : hooks()) add(hook.name);
  }

  void add_rules() {
    for (const check::RuleFacts& rule : check::rules()) add(rule.id, rule.summary);
  }

  void add_environments() {
    for (const std::string& name : environment_names(options_)) add(name);
  }

  git::Revision revision(const git::Repository& repository) const {
    const bool is_chosen = options_.staged || !options_.revision.empty();
    return is_chosen || repository.is_bare() ? chosen_revision(repository, options_)
                                             : git::Revision::of_worktree(repository);
  }

  void add_flows() {
    const git::Repository repository = open_repository(options_);
    const git::Revision read = revision(repository);
    const deploy::Config config = deploy::load_config(read, options_.config_file);
    const deploy::FlowIndex flows(read, {.sources = config.all_sources(), .known = {}});
    for (const auto& [id, paths] : flows.sources()) {
      if (flow::FlowId::from(id)) add(id);
    }
  }

  void add_records() {
    const git::Repository repository = open_repository(options_);
    const deploy::Workspace workspace = open_workspace(repository, options_, revision(repository));
    for (const deploy::PastDeployment& past : deploy::history(workspace.ledger)) {
      if (past.unfinished) continue;
      add(past.record.abbreviated(), to_rfc3339(past.time) + ", " + pluralize(past.flows.size(), "flow"));
    }
  }

  void add_revisions() {
    const git::Repository repository = open_repository(options_);
    for (const std::string_view prefix : {git::kBranches, std::string_view("refs/tags/")}) {
      for (const std::string& ref : repository.refs(std::string(prefix)))
        add(std::string_view(ref).substr(prefix.size()));
    }
  }

  std::string word_;
  const Options& options_;
  std::string prefix_;
  std::set<std::string> added_;
  std::string text_;
};

const OptionSpec* find_option(std::string_view name) {
  const auto found = std::find_if(all_options().begin(), all_options().end(),
                                  [&](const OptionSpec& option) { return option.name == name; });
  return found == all_options().end() ? nullptr : &*found;
}

/// What the words before the one to complete say. Mistakes among them are somebody else's concern.
struct Context {
  Options options;
  const Command* command = nullptr;
  /// The option whose value the next word is.
  const OptionSpec* pending = nullptr;
  bool options_ended = false;
  bool is_unknown = false;

  void read(const std::string& word) {
    const std::size_t equals = word.find('=');
    if (pending != nullptr) {
      set(*std::exchange(pending, nullptr), word);
    } else if (word == "--") {
      options_ended = true;
    } else if (word.starts_with('-') && !options_ended) {
      const OptionSpec* option = find_option(word.substr(0, equals));
      if (option == nullptr) return;
      if (!option->value.empty() && equals == std::string::npos) {
        pending = option;
      } else {
        set(*option, equals == std::string::npos ? "" : word.substr(equals + 1));
      }
    } else if (command == nullptr) {
      const auto found =
          std::find_if(commands().begin(), commands().end(), [&](const Command& known) { return known.name == word; });
      is_unknown = found == commands().end();
      command = is_unknown ? nullptr : &*found;
    } else {
      options.arguments.push_back(word);
    }
  }

 private:
  void set(const OptionSpec& option, const std::string& value) {
    try {
      option.set(options, value);
    } catch (const Error&) {
      return;
    }
  }
};

std::string candidates(std::span<const std::string> words) {
  Context context;
  for (const std::string& word : words.first(words.size() - 1)) context.read(word);
  const std::string& word = words.back();
  Candidates found(word, context.options);
  if (context.is_unknown) return {};
  if (context.pending != nullptr) {
    found.add_value(*context.pending, "");
    return found.text();
  }
  const auto add_options = [&] {
    if (context.command != nullptr) found.add_options(context.command->options);
    found.add_options(global_options());
  };
  if (word.starts_with('-') && !context.options_ended) {
    const std::size_t equals = word.find('=');
    const OptionSpec* option = find_option(word.substr(0, equals));
    if (equals == std::string::npos) {
      add_options();
    } else if (option != nullptr) {
      found.add_value(*option, word.substr(0, equals + 1));
    }
    return found.text();
  }
  if (context.command == nullptr) {
    found.add_commands();
    return found.text();
  }
  if (context.options.arguments.size() < arity_of(*context.command).most) found.add_all(context.command->arguments);
  if (found.text().empty() && word.empty()) add_options();
  return found.text();
}

}  // namespace

std::string complete(std::span<const std::string> words) {
  if (words.empty()) return {};
  try {
    return candidates(words);
  } catch (const std::exception&) {
    return {};
  }
}

ExitCode run_completion(const Invocation& invocation) {
  const auto write = writer(invocation, &report::Format::note);
  const std::string& shell = invocation.options.arguments.front();
  const std::string_view script = shell == "bash"   ? kBashScript
                                  : shell == "zsh"  ? kZshScript
                                  : shell == "fish" ? kFishScript
                                                    : std::string_view();
  if (script.empty()) {
    throw usage_error("no completion for `" + printable(shell) + "`", did_you_mean(shell, {"bash", "zsh", "fish"}));
  }
  invocation.out << write({"completion", std::string(script), std::string(script)}, invocation.style);
  return ExitCode::done;
}

}  // namespace flowship::cli
