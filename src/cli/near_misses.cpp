#include "cli/near_misses.hpp"

#include "base/text/did_you_mean.hpp"

#include <algorithm>
#include <span>
#include <vector>

namespace flowship::cli {

namespace {

struct NearMiss {
  std::string_view name;
  /// What it is called here; several with ` or ` between them.
  std::string_view meant;
};

/// What other tools call it.
constexpr NearMiss kCommandMisses[] = {
    {"apply", "deploy"},
    {"check", "validate"},
    {"delete", "deploy --prune"},
    {"destroy", "deploy --prune"},
    {"draw", "render"},
    {"dry-run", "plan"},
    {"emulator", "sandbox"},
    {"export", "pull"},
    {"fetch", "pull"},
    {"graph", "render"},
    {"import", "deploy` or `pull"},
    {"lint", "validate"},
    {"list", "status"},
    {"log", "history"},
    {"man", "help man"},
    {"preview", "plan"},
    {"push", "deploy"},
    {"release", "deploy"},
    {"revert", "rollback"},
    {"schema", "help schema"},
    {"setup", "init"},
    {"show", "render` or `status"},
    {"sync", "deploy` or `pull"},
    {"test", "validate"},
    {"undo", "rollback"},
};

constexpr NearMiss kOptionMisses[] = {
    {"--branch", "--rev"},
    {"--commit", "--rev"},
    {"--dry-run", "flowship plan"},
    {"--environment", "--env"},
    {"--json", "--format json"},
    {"--no-color", "--color never"},
    {"--no-colour", "--color never"},
    {"--output", "--out` or `--format"},
    {"--ref", "--rev"},
    {"--target", "--env"},
    {"-C", "--repo"},
    {"-V", "flowship version"},
    {"-c", "--config"},
    {"-e", "--env"},
    {"-f", "--format` or `--force"},
    {"-n", "flowship plan"},
    {"-o", "--out"},
    {"-q", "--quiet"},
    {"-v", "--verbose"},
    {"-y", "--yes"},
};

constexpr NearMiss kFormatMisses[] = {
    {"console", "text"}, {"csv", "json"}, {"graphviz", "dot"}, {"jsonl", "json"}, {"md", "markdown"}, {"pdf", "html"},
    {"plain", "text"},   {"png", "svg"},  {"table", "text"},   {"xml", "junit"},  {"yaml", "json"},   {"yml", "json"},
};

std::string guess(std::span<const NearMiss> misses, std::string_view name) {
  for (const NearMiss& miss : misses) {
    if (miss.name == name) return "did you mean `" + std::string(miss.meant) + "`?";
  }
  return {};
}

/// "an option of `plan` and `deploy`", where these have it.
std::string takers_of(std::string_view option) {
  std::vector<std::string> takers;
  for (const Command& command : commands()) {
    if (std::find(command.options.begin(), command.options.end(), option) != command.options.end()) {
      takers.push_back("`" + std::string(command.name) + "`");
    }
  }
  return takers.empty() ? "" : "an option of " + listed(takers, "and");
}

}  // namespace

std::string guess_command(const std::string& name) {
  if (std::string text = guess(kCommandMisses, name); !text.empty()) return text;
  std::vector<std::string> names;
  for (const Command& command : commands()) names.emplace_back(command.name);
  return did_you_mean(name, names);
}

std::string guess_option(const std::string& name, const Command* command) {
  const bool is_dry_run = name == "--dry-run" || name == "-n";
  if (is_dry_run && command != nullptr && command->name == "plan") return "leave it out: `plan` sends nothing";
  if (std::string text = guess(kOptionMisses, name); !text.empty()) return text;
  if (std::string takers = takers_of(name); !takers.empty()) {
    return command == nullptr ? takers + ", behind the command" : takers;
  }
  std::vector<std::string> names(global_options().begin(), global_options().end());
  if (command != nullptr) names.insert(names.end(), command->options.begin(), command->options.end());
  return did_you_mean(name, names);
}

std::string guess_format(const std::string& name) { return guess(kFormatMisses, name); }

}  // namespace flowship::cli
