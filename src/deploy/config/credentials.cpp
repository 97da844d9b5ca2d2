#include "deploy/config/credentials.hpp"

#include "base/error.hpp"
#include "base/files/secret_file.hpp"
#include "base/held_secrets.hpp"
#include "base/text/printable.hpp"
#include "base/text/word.hpp"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

namespace flowship::deploy {

namespace {

constexpr const char* kProjectVariable = "DESCOPE_PROJECT_ID";
/// Never by its name: somebody may have pasted the key there.
constexpr const char* kNamedVariable = "the variable that `managementKeyEnv` names";

Error refused(std::string message, std::string hint) {
  return Error(std::move(message), std::move(hint), Fault::credentials);
}

/// One word of printable ASCII that starts with `K`: safe in a header, and likely a key.
bool is_key(const std::string& text) {
  return text.size() > 1 && text.front() == 'K' && std::all_of(text.begin(), text.end(), [](char character) {
           return character > ' ' && character < '\x7f' && character != ':';
         });
}

void expect_key(const Secret& key, const std::string& origin) {
  if (is_key(key.reveal())) return;
  throw refused(origin + " is not a valid management key", "a management key is one word that starts with `K`");
}

}  // namespace

bool is_project_id(std::string_view text) { return text.size() > 1 && text.front() == 'P' && is_word(text); }

std::optional<std::string> process_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr || *value == '\0') return std::nullopt;
  return value;
}

std::string project_id_of(const Environment& environment, const Variables& variables) {
  return environment.project_id.empty() ? variables(kProjectVariable).value_or("") : environment.project_id;
}

void expect_own_project(const Config& config, const Environment& environment, const Variables& variables) {
  if (!environment.project_id.empty()) return;
  const std::string project = project_id_of(environment, variables);
  for (const auto& [name, other] : config.environments) {
    if (project.empty() || name == environment.name || other.project_id != project) continue;
    throw Error("the project of the environment `" + environment.name + "`, by " + kProjectVariable + ", is that of `" +
                    name + "`",
                "give `" + environment.name + "` its own `projectId` in flowship.json, or set " + kProjectVariable);
  }
}

Secret read_management_key(const std::string& path) {
  Secret key = read_secret_file(path, "key file");
  expect_key(key, "the content of " + printable(path));
  hold(key);
  return key;
}

void hold_key_of(const std::string& key_file) {
  // What comes through a pipe is read once.
  std::error_code unreadable;
  if (!std::filesystem::is_regular_file(key_file, unreadable)) return;
  try {
    read_management_key(key_file);
  } catch (const Error&) {
    // Whoever needs the key says what is wrong with it.
    return;
  }
}

void hold_keys_of(const Config& config, const Variables& variables) {
  for (const std::string& name : key_variables(config)) {
    // Somebody may have named another variable.
    const Secret key(variables(name).value_or(""));
    if (is_key(key.reveal())) hold(key);
  }
}

api::Credentials resolve_credentials(const Environment& environment, const Variables& variables,
                                     const std::string& key_file) {
  api::Credentials credentials;
  credentials.project_id = project_id_of(environment, variables);
  if (credentials.project_id.empty()) {
    throw refused("no project id for environment `" + environment.name + "`",
                  "set `projectId` in flowship.json, or DESCOPE_PROJECT_ID");
  }
  if (!is_project_id(credentials.project_id)) {
    // Without its value: a key may have been mistaken for it.
    throw refused(std::string("the value of ") + kProjectVariable + " is not a project id",
                  "a project id is `P` followed by letters and digits");
  }
  if (!key_file.empty()) {
    credentials.key = read_management_key(key_file);
    return credentials;
  }
  std::string origin = kKeyVariable;
  std::optional<std::string> key;
  if (!environment.management_key_env.empty()) {
    key = variables(environment.management_key_env);
    if (key) origin = kNamedVariable;
  }
  if (!key) key = variables(kKeyVariable);
  if (!key) {
    const std::string named = environment.management_key_env.empty() ? "" : std::string(kNamedVariable) + ", or ";
    throw refused("no management key for environment `" + environment.name + "`",
                  "set " + named + "DESCOPE_MANAGEMENT_KEY, or pass a file with --key-file");
  }
  credentials.key = Secret(std::move(*key));
  expect_key(credentials.key, origin);
  hold(credentials.key);
  return credentials;
}

}  // namespace flowship::deploy
