#include "cli/command_line.hpp"

#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "cli/near_misses.hpp"
#include "cli/workspace.hpp"

#include <Poco/Util/Option.h>
#include <Poco/Util/OptionProcessor.h>
#include <Poco/Util/OptionSet.h>

#include <algorithm>
#include <vector>

namespace flowship::cli {

namespace {

std::string in_parentheses(const std::string& guess) { return guess.empty() ? "" : " (" + guess + ")"; }

/// Where to read on about a command, or about all of them.
std::string see_help(const Command* command) {
  return "see `flowship help" + (command == nullptr ? "" : " " + std::string(command->name)) + "`";
}

/// A value of a fixed list (`auto|always|never`) must be on it.
void expect_choice(const OptionSpec& option, const std::string& value) {
  const std::vector<std::string> choices = words_of(option.value);
  if (!is_literal(choices.front()) || std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  throw usage_error(std::string(option.name) + " takes " + listed(choices, "or") + ", not `" + printable(value) + "`",
                    did_you_mean(value, choices));
}

/// Reads the options of one command, or those before it, with Poco's processor. What Poco would let pass is refused
/// beforehand: abbreviated names, other cases, `--name:value`, and an empty value, for which it takes the next word.
class Reader {
 public:
  Reader(const Command* command, Options& options) : command_(command), options_(options), processor_(set_) {
    for (const std::string_view name : global_options()) add(name);
    if (command != nullptr)
      std::for_each(command->options.begin(), command->options.end(), [&](auto name) { add(name); });
  }

  /// Whether the word is an option, an option's value or `--`, and not an argument.
  bool read(const std::string& word) {
    if (pending_ == nullptr && !ended_) expect_known(word);
    const bool is_value = pending_ != nullptr;
    std::string name;
    std::string value;
    if (!processor_.process(word, name, value)) return false;
    if (!name.empty()) {
      set(option_of("--" + name), value);
      pending_ = nullptr;
    } else if (!is_value && word == "--") {
      ended_ = true;
    } else {
      pending_ = &option_of(word);
    }
    return true;
  }

  void end() const {
    if (pending_ != nullptr) refuse_empty(*pending_);
  }

 private:
  void add(std::string_view name) {
    const OptionSpec& spec = option_of(name);
    Poco::Util::Option option(std::string(name.substr(2)), name == "--help" ? "h" : "", std::string(spec.summary));
    option.repeatable(true);
    if (!spec.value.empty()) option.argument(std::string(spec.value));
    set_.addOption(option);
  }

  void expect_known(const std::string& word) const {
    if (!word.starts_with('-') || word == "-" || word == "--" || word == "-h") return;
    const std::size_t equals = word.find('=');
    const std::string name = word.substr(0, equals);
    if (!name.starts_with("--") || !has(name)) {
      throw usage_error("unknown option `" + printable(name) + "`" + in_parentheses(guess_option(name, command_)),
                        see_help(command_));
    }
    if (equals == std::string::npos) return;
    const OptionSpec& option = option_of(name);
    if (option.value.empty()) throw usage_error(name + " takes no value");
    if (equals + 1 == word.size()) refuse_empty(option);
  }

  bool has(const std::string& name) const {
    return std::any_of(set_.begin(), set_.end(), [&](const auto& option) { return "--" + option.fullName() == name; });
  }

  void set(const OptionSpec& option, const std::string& value) {
    if (!option.value.empty()) {
      if (value.empty()) refuse_empty(option);
      expect_choice(option, value);
    }
    option.set(options_, value);
  }

  /// Mostly a variable that a script did not set: leaving the option out would do something else.
  [[noreturn]] static void refuse_empty(const OptionSpec& option) {
    const std::string name(option.name);
    throw usage_error(name + " needs a value: " + name + " " + std::string(option.value));
  }

  const Command* command_;
  Options& options_;
  Poco::Util::OptionSet set_;
  Poco::Util::OptionProcessor processor_;
  /// The option whose value is the next word.
  const OptionSpec* pending_ = nullptr;
  bool ended_ = false;
};

const Command& command_named(const std::string& name) {
  for (const Command& command : commands()) {
    if (command.name == name) return command;
  }
  throw usage_error("unknown command `" + printable(name) + "`" + in_parentheses(guess_command(name)),
                    see_help(nullptr));
}

/// For an argument too many: mostly the name of an environment.
std::string guess_argument(const Options& options, const std::string& argument) {
  const std::vector<std::string> near = nearest_names(argument, environment_names(options), 1);
  return near.empty() ? "" : "did you mean `--env " + near.front() + "`?";
}

void expect_arity(const Command& command, const Options& options) {
  const Arity arity = arity_of(command);
  const std::vector<std::string>& arguments = options.arguments;
  if (arguments.size() < arity.least) throw usage_error("missing argument", usage_line(command));
  if (arguments.size() > arity.most) {
    const std::string& argument = arguments[arity.most];
    throw usage_error(
        "unexpected argument `" + printable(argument) + "`" + in_parentheses(guess_argument(options, argument)),
        usage_line(command));
  }
}

}  // namespace

CommandLine parse_command_line(std::span<const std::string> words) {
  CommandLine line;
  Options& options = line.options;
  std::size_t at = 0;
  {
    Reader reader(nullptr, options);
    while (at < words.size() && words[at] != "--version" && reader.read(words[at])) ++at;
    reader.end();
  }
  if (at == words.size()) {
    if (!options.help) throw usage_error("no command", see_help(nullptr));
    return line;
  }
  line.command = &command_named(words[at] == "--version" ? "version" : words[at]);
  Reader reader(line.command, options);
  while (++at < words.size()) {
    if (!reader.read(words[at])) options.arguments.push_back(words[at]);
  }
  reader.end();
  if (!options.to.empty()) {
    if (!options.environment.empty() && options.environment != options.to) {
      throw usage_error("--env and --to name different environments", "leave --env out");
    }
    options.environment = options.to;
  }
  if (!options.help) expect_arity(*line.command, options);
  return line;
}

}  // namespace flowship::cli
