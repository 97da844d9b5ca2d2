#include "deploy/config/config.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/secret.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "base/text/word.hpp"
#include "deploy/config/checks.hpp"
#include "deploy/config/credentials.hpp"
#include "deploy/config/ledger_refs.hpp"
#include "deploy/config/policies.hpp"
#include "deploy/config/reference.hpp"
#include "git/remote/pushed_refs.hpp"
#include "json/document.hpp"
#include "json/members.hpp"
#include "json/pointer.hpp"

#include <charconv>

namespace flowship::deploy {

namespace {

/// In the order of `OnDrift`.
constexpr std::array<std::string_view, 4> kDriftPolicies{"fail", "skip", "overwrite", "adopt"};

using json::expect_object;
using json::flag_of;
using json::Known;
using json::read_members;
using json::refuse;
using json::text_of;
using json::texts_of;
using json::Type;
using json::Value;

bool is_variable_name(std::string_view text) {
  return is_environment_name(text) && text.find('-') == std::string_view::npos && text.find_first_of("0123456789") != 0;
}

/// Names to ids; `what` names an id in messages.
std::map<std::string, std::string> ids_by_name(Value value, const std::string& member_name, const char* what) {
  expect_object(value, member_name);
  std::map<std::string, std::string> ids;
  for (const json::Member member : value.members()) {
    ids.emplace(member.name(), text_of(member.value, what));
  }
  return ids;
}

void read_set(Value value, Environment& environment) {
  expect_object(value, "`set`");
  for (const json::Member flow : value.members()) {
    if (!flow::FlowId::from(flow.name())) refuse(flow.key, "`" + printable(flow.name()) + "` is not a valid flow id");
    expect_object(flow.value, "a flow in `set`");
    for (const json::Member entry : flow.value.members()) {
      const std::optional<json::Pointer> pointer = json::parse_pointer(entry.name());
      if (!pointer || pointer->empty()) {
        refuse(entry.key, "`" + printable(entry.name()) + "` is not a JSON Pointer to a part of a flow",
               "for example \"/metadata/disabled\"");
      }
      if (pointer->front() == "flowId") refuse(entry.key, "`set` can't change a flow's id");
      environment.overrides.set[flow.name()][entry.name()] = std::string(entry.value.text());
    }
  }
}

void read_ignore_drift(Value value, Environment& target) {
  for (const std::string& text : texts_of(value, "`ignoreDrift`")) {
    const std::optional<json::Pointer> pointer = json::parse_pointer(text);
    if (!pointer || pointer->empty()) {
      refuse(value, "`" + printable(text) + "` is not a JSON Pointer to a part of a flow",
             "for example \"/metadata/description\"");
    }
    target.ignore_drift.push_back(text);
  }
}

/// The name of a remote in the clone's own configuration: whoever writes the file must not choose where git connects to
/// or what it runs.
void read_ledger_remote(Value value, Environment& target) {
  target.ledger_remote = text_of(value, "`remote`");
  const std::string& name = target.ledger_remote;
  if (name.find_first_of("-.") != 0 && printable(name) == name && name.find_first_of("/:\\ ") == std::string::npos) {
    return;
  }
  refuse(value, "`ledger.remote` must be the name of a remote, not a URL or a path", "for example \"origin\"");
}

void read_ledger_ref(Value value, Environment& target) {
  target.ledger_ref = text_of(value, "`ref`");
  for (const std::string_view folder : {kLedgerRefs, kLedgerBranches}) {
    if (target.ledger_ref.starts_with(folder) && git::is_ref_name(target.ledger_ref)) return;
  }
  refuse(value, "`ledger.ref` must be the full name of a ref below refs/flowship/ or refs/heads/flowship/",
         "for example \"refs/heads/flowship/" + target.name + "\"");
}

constexpr Known<Environment> kLedgerMembers[] = {
    {"remote", read_ledger_remote},
    {"ref", read_ledger_ref},
    {"sign", [](Value value, Environment& target) { target.ledger_sign = flag_of(value, "`ledger.sign`"); }},
};

constexpr Known<Environment> kEnvironmentMembers[] = {
    {"projectId",
     [](Value value, Environment& target) {
       target.project_id = text_of(value, "`projectId`");
       if (!is_project_id(target.project_id)) {
         refuse(value, "`projectId` must be a Descope project id, which starts with `P`");
       }
     }},
    {"sources", [](Value value, Environment& target) { target.sources = read_sources(value); }},
    {"branch", [](Value value, Environment& target) { target.branch = read_branch(value); }},
    {"managementKeyEnv",
     [](Value value, Environment& target) {
       target.management_key_env = text_of(value, "`managementKeyEnv`");
       if (!is_variable_name(target.management_key_env)) {
         refuse(value, "`managementKeyEnv` must be the name of an environment variable",
                "never write the key itself here");
       }
     }},
    {"ledger",
     [](Value value, Environment& target) { read_members(value, "`ledger`", kLedgerMembers, target, right_place); }},
    {"ignoreDrift", read_ignore_drift},
    {"onDrift",
     [](Value value, Environment& target) {
       const std::optional<OnDrift> policy = on_drift_from(text_of(value, "`onDrift`"));
       if (!policy) refuse(value, "`onDrift` must be `fail`, `skip`, `overwrite` or `adopt`");
       target.on_drift = *policy;
     }},
    {"changelog", [](Value value, Environment& target) { target.changelog = flag_of(value, "`changelog`"); }},
    {"prune", [](Value value, Environment& target) { target.prune = flag_of(value, "`prune`"); }},
    {"protect",
     [](Value value, Environment& target) {
       for (const std::string& id : texts_of(value, "`protect`")) target.protect.insert(id);
     }},
    {"maxDeletes",
     [](Value value, Environment& target) {
       const std::string_view text = value.text();
       const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), target.max_deletes);
       if (!value.is(Type::number) || error != std::errc() || end != text.data() + text.size() ||
           target.max_deletes < 0) {
         refuse(value, "`maxDeletes` must be a whole number, 0 or more");
       }
     }},
    {"connectors",
     [](Value value, Environment& target) {
       target.overrides.connectors = ids_by_name(value, "`connectors`", "a connector's id");
     }},
    {"roles",
     [](Value value, Environment& target) { target.overrides.roles = ids_by_name(value, "`roles`", "a role's id"); }},
    {"set", read_set},
};

void note_names(Value overrides, check::ConfiguredName::Kind kind, const std::string& environment,
                std::vector<check::ConfiguredName>& names) {
  for (const json::Member& member : overrides.members()) {
    names.push_back({.kind = kind,
                     .name = member.name(),
                     .environment = environment,
                     .path = member.key.document().name(),
                     .line = member.key.position().line,
                     .column = member.key.position().column});
  }
}

/// Two environments would send their flows over each other's.
void expect_other_project(Value at, const Config& config, const Environment& environment) {
  if (!at) return;
  for (const auto& [name, other] : config.environments) {
    if (other.project_id != environment.project_id) continue;
    refuse(at, "the environments `" + name + "` and `" + environment.name + "` have the same `projectId`",
           "give each its own project, or remove one of them");
  }
}

/// Each would refuse the other's entries, or git its ref. At the last `ref` that is at fault.
void expect_own_ledgers(Value environments, const Config& config) {
  Value at;
  std::string what;
  for (const json::Member member : environments.members()) {
    const Value ledger = member.value.find("ledger");
    const Value ref = ledger ? ledger.find("ref") : Value();
    if (!ref) continue;
    const Environment& own = config.environments.at(member.name());
    for (const auto& [name, other] : config.environments) {
      if (name == own.name || !exclude_each_other(own.ledger_ref, other.ledger_ref)) continue;
      at = ref;
      what = own.ledger_ref == other.ledger_ref
                 ? "is the ledger of the environment `" + name + "`"
                 : "and " + other.ledger_ref + ", the ledger of the environment `" + name + "`, exclude each other";
      what = own.ledger_ref + " " + what;
    }
  }
  if (at) refuse(at, what, "give each environment a ref of its own; git has no ref below another");
}

void read_environments(Value value, Config& config) {
  expect_object(value, "`environments`");
  for (const json::Member member : value.members()) {
    Environment environment;
    environment.name = member.name();
    if (!is_environment_name(environment.name)) {
      refuse(member.key, "an environment's name consists of letters, digits, `-` and `_`, and doesn't begin with `-`");
    }
    environment.ledger_ref = usual_ledger_ref(environment.name);
    read_members(member.value, "environment `" + environment.name + "`", kEnvironmentMembers, environment, right_place);
    // Being there counts, even if nothing is mapped: then nothing may be used.
    const Value connectors = member.value.find("connectors");
    const Value roles = member.value.find("roles");
    if (connectors) config.check.mapped_connectors[environment.name] = environment.overrides.connectors;
    if (roles) config.check.mapped_roles[environment.name] = environment.overrides.roles;
    note_names(connectors, check::ConfiguredName::Kind::connector, environment.name, config.check.names);
    note_names(roles, check::ConfiguredName::Kind::role, environment.name, config.check.names);
    note_names(member.value.find("set"), check::ConfiguredName::Kind::flow, environment.name, config.check.names);
    expect_other_project(member.value.find("projectId"), config, environment);
    config.environments.emplace(environment.name, std::move(environment));
  }
  if (config.environments.empty()) refuse(value, "`environments` is empty");
  expect_own_ledgers(value, config);
}

void read_guarantees(Value value, Config& target) {
  const std::string text = text_of(value, "`guarantees`");
  if (text == "off") {
    target.guarantees = GuaranteeChecks::off;
  } else if (text == "warn") {
    target.guarantees = GuaranteeChecks::warn;
  } else if (text == "error") {
    target.guarantees = GuaranteeChecks::error;
  } else {
    refuse(value, "`guarantees` must be `off`, `warn` or `error`");
  }
}

constexpr Known<Config> kConfigMembers[] = {
    {"sources", [](Value value, Config& target) { target.sources = read_sources(value); }},
    {"environments", read_environments},
    {"changelog", [](Value value, Config& target) { target.changelog = flag_of(value, "`changelog`"); }},
    {"rules", [](Value value, Config& target) { read_rules(value, target.check); }},
    {"ignore", [](Value value, Config& target) { read_ignore(value, target.check); }},
    {"policies", [](Value value, Config& target) { target.check.policies = read_policies(value); }},
    {"guarantees", read_guarantees},
    {"$schema", [](Value value, Config&) { static_cast<void>(text_of(value, "`$schema`")); }},
};

template <typename Target, std::size_t Count>
void add_paths(const std::string& folder, const Known<Target> (&table)[Count], std::vector<std::string>& paths) {
  for (const Known<Target>& member : table) paths.push_back(folder + "/" + std::string(member.name));
}

}  // namespace

std::vector<std::string> known_config_members() {
  std::vector<std::string> paths;
  add_paths("", kConfigMembers, paths);
  add_paths("/environments/*", kEnvironmentMembers, paths);
  add_paths("/environments/*/ledger", kLedgerMembers, paths);
  for (const std::string& member : known_policy_members()) paths.push_back("/policies/-/" + member);
  for (const std::string& member : known_ignore_members()) paths.push_back("/ignore/-/" + member);
  return paths;
}

bool is_environment_name(std::string_view text) { return is_word(text) && text.front() != '-'; }

std::string_view to_text(OnDrift policy) { return kDriftPolicies.at(static_cast<std::size_t>(policy)); }

std::optional<OnDrift> on_drift_from(std::string_view text) {
  const auto* const found = std::find(kDriftPolicies.begin(), kDriftPolicies.end(), text);
  if (found == kDriftPolicies.end()) return std::nullopt;
  return static_cast<OnDrift>(found - kDriftPolicies.begin());
}

const Environment& Config::environment(const std::string& name) const {
  std::vector<std::string> names;
  for (const auto& [known, environment] : environments) names.push_back(known);
  if (name.empty()) {
    if (environments.size() == 1) return environments.begin()->second;
    std::string list;
    for (const std::string& known : names) list += (list.empty() ? "" : ", ") + known;
    throw usage_error("there is more than one environment: " + list, "choose one with --env NAME");
  }
  const auto found = environments.find(name);
  if (found == environments.end()) {
    std::string hint = did_you_mean(name, names);
    if (hint.empty()) {
      for (const std::string& known : names) hint += (hint.empty() ? "known environments: " : ", ") + known;
    }
    throw usage_error("there is no environment `" + printable(name) + "`", hint);
  }
  return found->second;
}

std::vector<std::string> Config::all_sources() const {
  std::set<std::string> all;
  for (const auto& [name, environment] : environments) {
    const std::vector<std::string>& own = sources_of(environment);
    if (own.empty()) return {};
    all.insert(own.begin(), own.end());
  }
  return {all.begin(), all.end()};
}

std::set<std::string> key_variables(const Config& config) {
  std::set<std::string> names;
  for (const auto& [name, environment] : config.environments) {
    if (!environment.management_key_env.empty()) names.insert(environment.management_key_env);
  }
  return names;
}

Config default_config() {
  Config config;
  Environment environment;
  environment.name = "default";
  environment.is_configured = false;
  environment.ledger_ref = usual_ledger_ref(environment.name);
  config.environments.emplace(environment.name, environment);
  return config;
}

Config parse_config(std::string text, const std::string& path) {
  const json::DocumentPtr document = json::Document::parse(std::move(text), path);
  refuse_keys(document->root());
  // Its name before the first release.
  if (const Value old = document->root().find("excuses")) {
    refuse(old, "unknown member `excuses` in " + path, "did you mean `ignore`?");
  }
  Config config;
  read_members(document->root(), path, kConfigMembers, config, right_place);
  expect_ignored_policies(document->root(), config.check);
  if (config.environments.empty()) config.environments = default_config().environments;
  for (auto& [name, environment] : config.environments) {
    if (!environment.changelog) environment.changelog = config.changelog;
  }
  return config;
}

Config load_config_at(const git::Revision& revision, const std::string& path) {
  std::optional<std::string> text = revision.read_path(path, kConfigLimit);
  if (!text) {
    throw Error("there is no file " + printable(path) + " at " + revision.name(),
                "add it, or correct `config` of the environment in flowshipd.json", Fault::invalid);
  }
  return parse_config(std::move(*text), path);
}

Config load_config(const git::Revision& revision, const std::optional<std::string>& config_file) {
  if (config_file) {
    std::optional<std::string> text = read_file(*config_file, kConfigLimit);
    if (!text)
      throw usage_error("there is no file " + printable(*config_file), "--config takes the path of a flowship.json");
    return parse_config(std::move(*text), printable(*config_file));
  }
  std::optional<std::string> text = revision.read_path(kConfigFile, kConfigLimit);
  return text ? parse_config(std::move(*text), kConfigFile) : default_config();
}

}  // namespace flowship::deploy
