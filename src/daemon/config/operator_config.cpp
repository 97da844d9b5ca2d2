#include "daemon/config/operator_config.hpp"

#include "base/duration.hpp"
#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/files/secret_file.hpp"
#include "base/text/letter_case.hpp"
#include "base/text/printable.hpp"
#include "daemon/http/signature.hpp"
#include "deploy/config/checks.hpp"
#include "deploy/config/credentials.hpp"
#include "git/objects/entry_limits.hpp"
#include "git/remote/remote_url.hpp"
#include "json/members.hpp"
#include "net/url.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <thread>
#include <utility>

namespace flowship::daemon {

namespace {

using json::Known;
using json::Member;
using json::read_members;
using json::refuse;
using json::text_of;
using json::Type;
using json::Value;

/// The value being read, and the folder that paths in it are relative to.
template <typename Target>
struct Reading {
  Target& target;
  const std::filesystem::path& folder;
};

std::chrono::milliseconds duration_of(Value value, const std::string& what) {
  const std::string text = text_of(value, what);
  const auto duration = parse_duration(text);
  const bool has_unit = text.ends_with('s') || text.ends_with('m') || text.ends_with('h');
  if (!duration || !has_unit) refuse(value, what + " must be a number with `ms`, `s`, `m` or `h`, such as \"30s\"");
  return *duration;
}

std::filesystem::path path_of(Value value, const std::string& what, const std::filesystem::path& folder) {
  const std::string text = text_of(value, what);
  if (text.find('\0') != std::string::npos) refuse(value, what + " must name a file or folder");
  return (folder / text).lexically_normal();
}

/// Runs `work`, and adds the position of `value` to its `Error`.
template <typename Work>
auto at(Value value, const Work& work) {
  try {
    return work();
  } catch (const Error& error) {
    refuse(value, error.message(), error.hint());
  }
}

/// The secret in a file that only its owner can read.
Secret read_secret(Value value, const std::string& what, const std::filesystem::path& folder) {
  const std::string path = path_of(value, what, folder).string();
  return at(value, [&] {
    Secret secret = read_secret_file(path, "file");
    const auto is_control = [](unsigned char character) { return std::iscntrl(character) != 0; };
    if (secret.empty() || std::any_of(secret.reveal().begin(), secret.reveal().end(), is_control)) {
      throw Error("the file " + printable(path) + " does not contain a valid secret",
                  "write one line of at least 16 characters into it, for example from: openssl rand -hex 32");
    }
    return secret;
  });
}

std::string ca_file_of(Value value, const std::filesystem::path& folder) {
  std::string path = path_of(value, "`caFile`", folder).string();
  if (!std::filesystem::exists(path)) refuse(value, "there is no file " + printable(path));
  return path;
}

constexpr Known<Reading<EnvironmentConfig>> kEnvironmentMembers[] = {
    {"managementKeyFile",
     [](Value value, Reading<EnvironmentConfig>& reading) {
       reading.target.key_file = path_of(value, "`managementKeyFile`", reading.folder).string();
       at(value, [&] { return deploy::read_management_key(reading.target.key_file); });
     }},
    {"baseUrl",
     [](Value value, Reading<EnvironmentConfig>& reading) {
       reading.target.base_url = text_of(value, "`baseUrl`");
       at(value, [&] { return net::parse_base_url(reading.target.base_url); });
     }},
    {"caFile", [](Value value,
                  Reading<EnvironmentConfig>& reading) { reading.target.ca_file = ca_file_of(value, reading.folder); }},
    {"projectId",
     [](Value value, Reading<EnvironmentConfig>& reading) {
       reading.target.project_id = text_of(value, "`projectId`");
       if (!deploy::is_project_id(reading.target.project_id)) {
         refuse(value, "`projectId` must be a Descope project id, which begins with `P`");
       }
     }},
    {"branch",
     [](Value value, Reading<EnvironmentConfig>& reading) { reading.target.branch = deploy::read_branch(value); }},
    {"sign",
     [](Value value, Reading<EnvironmentConfig>& reading) { reading.target.sign = json::flag_of(value, "`sign`"); }},
    {"config",
     [](Value value, Reading<EnvironmentConfig>& reading) {
       const std::filesystem::path path = text_of(value, "`config`");
       reading.target.config_path = path.lexically_normal().string();
       const bool is_inside = path.is_relative() && !reading.target.config_path.starts_with("..");
       if (!is_inside || !path.has_filename() || git::leads_into_git(reading.target.config_path)) {
         refuse(value, "`config` must be the path of a file in the repository, such as \"staging/flowship.json\"");
       }
     }},
};

void read_environments(Value value, Reading<RepositoryConfig>& reading) {
  json::expect_object(value, "`environments`");
  for (const Member member : value.members()) {
    EnvironmentConfig environment;
    environment.name = member.name();
    if (!deploy::is_environment_name(environment.name)) {
      refuse(member.key, "an environment's name consists of letters, digits, `-` and `_`, and doesn't begin with `-`");
    }
    Reading<EnvironmentConfig> inner{environment, reading.folder};
    read_members(member.value, "environment `" + environment.name + "`", kEnvironmentMembers, inner);
    for (const auto& [name, other] : reading.target.environments) {
      if (environment.project_id.empty() || other.project_id != environment.project_id) continue;
      refuse(member.value.find("projectId"),
             "the environments `" + name + "` and `" + environment.name + "` have the same `projectId`",
             "give each its own project, or remove one of them");
    }
    reading.target.environments.emplace(environment.name, std::move(environment));
  }
  for (auto& [name, environment] : reading.target.environments) {
    for (const auto& [other, settings] : reading.target.environments) {
      if (other != name) environment.others.emplace(other, settings.config_path);
    }
  }
}

constexpr Known<Reading<RepositoryConfig>> kRepositoryMembers[] = {
    {"url",
     [](Value value, Reading<RepositoryConfig>& reading) {
       reading.target.url = text_of(value, "`url`");
       at(value, [&] {
         git::require_safe_url(reading.target.url);
         return 0;
       });
     }},
    {"poll",
     [](Value value, Reading<RepositoryConfig>& reading) { reading.target.poll = duration_of(value, "`poll`"); }},
    {"webhookSecretFile",
     [](Value value, Reading<RepositoryConfig>& reading) {
       reading.target.webhook_secret = read_secret(value, "`webhookSecretFile`", reading.folder);
       const Secret& secret = reading.target.webhook_secret;
       if (secret.reveal().starts_with(kSigningTokenMark) && !is_signing_token(secret)) {
         refuse(value, "the secret in `webhookSecretFile` begins with `whsec_` but is not a signing token",
                "copy the whole token, `whsec_` followed by base64");
       }
     }},
    {"environments", read_environments},
};

void read_repositories(Value value, Reading<OperatorConfig>& reading) {
  json::expect_object(value, "`repositories`");
  for (const Member member : value.members()) {
    RepositoryConfig repository;
    repository.name = member.name();
    if (!deploy::is_environment_name(repository.name)) {
      refuse(member.key, "a repository's name consists of letters, digits, `-` and `_`, and doesn't begin with `-`");
    }
    Reading<RepositoryConfig> inner{repository, reading.folder};
    const std::string what = "repository `" + repository.name + "`";
    read_members(member.value, what, kRepositoryMembers, inner);
    if (repository.url.empty()) refuse(member.value, what + " needs a `url`");
    if (repository.environments.empty()) refuse(member.value, what + " needs an environment in `environments`");
    reading.target.repositories.emplace(repository.name, std::move(repository));
  }
  if (reading.target.repositories.empty()) refuse(value, "`repositories` names no repository");
}

constexpr std::pair<std::string_view, NotifyConfig::Event> kEvents[] = {
    {"success", NotifyConfig::Event::success},
    {"failure", NotifyConfig::Event::failure},
    {"drift", NotifyConfig::Event::drift},
};

constexpr Known<Reading<NotifyConfig>> kNotifyMembers[] = {
    {"url",
     [](Value value, Reading<NotifyConfig>& reading) {
       const std::string url = text_of(value, "`url`");
       const std::size_t scheme = url.find("://");
       const std::size_t path = scheme == std::string::npos ? scheme : url.find_first_of("/?", scheme + 3);
       reading.target.base_url = url.substr(0, path);
       std::string target = path == std::string::npos ? "/" : url.substr(path);
       if (target.front() == '?') target.insert(0, "/");
       if (target.find_first_of(" \t\r\n#") != std::string::npos) refuse(value, "`url` is not a valid URL");
       reading.target.target = Secret(std::move(target));
       at(value, [&] { return net::parse_base_url(reading.target.base_url); });
     }},
    {"on",
     [](Value value, Reading<NotifyConfig>& reading) {
       reading.target.on.clear();
       for (const std::string& event : json::texts_of(value, "`on`")) {
         const auto found = std::find_if(std::begin(kEvents), std::end(kEvents),
                                         [&](const auto& known) { return event == known.first; });
         if (found == std::end(kEvents)) refuse(value, "`on` lists `success`, `failure` and `drift`");
         reading.target.on.insert(found->second);
       }
     }},
    {"form",
     [](Value value, Reading<NotifyConfig>& reading) {
       const std::string form = text_of(value, "`form`");
       if (form != "json" && form != "slack") refuse(value, "`form` must be `json` or `slack`");
       reading.target.form = form == "slack" ? NotifyConfig::Form::slack : NotifyConfig::Form::plain;
     }},
    {"caFile",
     [](Value value, Reading<NotifyConfig>& reading) { reading.target.ca_file = ca_file_of(value, reading.folder); }},
};

void read_notify(Value value, Reading<OperatorConfig>& reading) {
  if (!value.is(Type::array)) refuse(value, "`notify` must be a list");
  for (const Value item : value.items()) {
    NotifyConfig notify;
    Reading<NotifyConfig> inner{notify, reading.folder};
    read_members(item, "an entry of `notify`", kNotifyMembers, inner);
    if (notify.base_url.empty()) refuse(item, "an entry of `notify` needs a `url`");
    reading.target.notify.push_back(std::move(notify));
  }
}

void read_listen(Value value, Reading<OperatorConfig>& reading) {
  OperatorConfig& config = reading.target;
  std::string text = text_of(value, "`listen`");
  config.port = 0;
  constexpr std::string_view kAnyPort = ":0";
  const bool has_port = text.find(':') != std::string::npos && !text.ends_with(']');
  if (has_port && text.ends_with(kAnyPort)) text.resize(text.size() - kAnyPort.size());
  if (!has_port || !net::split_authority(text, config.address, config.port)) {
    refuse(value, "`listen` must be an address and a port, such as \"127.0.0.1:8642\" or \"[::1]:8642\"");
  }
  if (config.address == "localhost") config.address = "127.0.0.1";
  if (!net::is_address(config.address)) refuse(value, "`listen` must name an IP address of this machine");
}

void read_allowed_hosts(Value value, Reading<OperatorConfig>& reading) {
  for (const std::string& text : json::texts_of(value, "`allowedHosts`")) {
    const std::string host = net::without_final_dot(lower_case(text));
    if (host.empty() || (!net::is_address(host) && host.find_first_of(" /:@*[]") != std::string::npos)) {
      refuse(value, "`allowedHosts` lists host names without ports, such as \"flowship.example\"");
    }
    reading.target.allowed_hosts.insert(host);
  }
}

constexpr std::size_t kMostThreads = 256;

/// `100/60s`: at most so many requests in any window of that length.
void read_rate_limit(Value value, Reading<OperatorConfig>& reading) {
  constexpr int kMostRequests = 1'000'000;
  const std::string text = text_of(value, "`rateLimit`");
  const std::size_t slash = std::min(text.find('/'), text.size());
  api::Rate rate;
  const auto [end, error] = std::from_chars(text.data(), text.data() + slash, rate.requests);
  const auto window = slash == text.size() ? std::nullopt : parse_duration(std::string_view(text).substr(slash + 1));
  if (error != std::errc() || end != text.data() + slash || rate.requests < 1 || rate.requests > kMostRequests ||
      !window || window->count() < 1) {
    refuse(value, "`rateLimit` must be a number of requests and a duration, such as \"100/60s\"");
  }
  rate.window = *window;
  reading.target.rate_limit = rate;
}

constexpr Known<Reading<OperatorConfig>> kMembers[] = {
    {"listen", read_listen},
    {"allowedHosts", read_allowed_hosts},
    {"data", [](Value value,
                Reading<OperatorConfig>& reading) { reading.target.data = path_of(value, "`data`", reading.folder); }},
    {"statusTokenFile",
     [](Value value, Reading<OperatorConfig>& reading) {
       reading.target.status_token = read_secret(value, "`statusTokenFile`", reading.folder);
     }},
    {"driftCheck",
     [](Value value, Reading<OperatorConfig>& reading) {
       reading.target.drift_check = duration_of(value, "`driftCheck`");
     }},
    {"shutdown",
     [](Value value, Reading<OperatorConfig>& reading) { reading.target.shutdown = duration_of(value, "`shutdown`"); }},
    {"unhealthyAfter",
     [](Value value, Reading<OperatorConfig>& reading) {
       reading.target.unhealthy_after = duration_of(value, "`unhealthyAfter`");
     }},
    {"watchdog",
     [](Value value, Reading<OperatorConfig>& reading) { reading.target.watchdog = duration_of(value, "`watchdog`"); }},
    {"threads",
     [](Value value, Reading<OperatorConfig>& reading) {
       const std::string text(value.text());
       const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), reading.target.threads);
       if (!value.is(Type::number) || error != std::errc() || end != text.data() + text.size() ||
           reading.target.threads < 1 || reading.target.threads > kMostThreads) {
         refuse(value, "`threads` must be a number from 1 to " + std::to_string(kMostThreads));
       }
     }},
    {"rateLimit", read_rate_limit},
    {"notify", read_notify},
    {"repositories", read_repositories},
    {"$schema", [](Value, Reading<OperatorConfig>&) {}},
};

}  // namespace

std::size_t default_threads() {
  constexpr std::size_t kFewest = 16;
  constexpr std::size_t kMost = 32;
  return std::clamp<std::size_t>(4 * std::size_t{std::thread::hardware_concurrency()}, kFewest, kMost);
}

OperatorConfig parse_operator_config(std::string text, const std::string& name, const std::filesystem::path& folder) {
  const json::DocumentPtr document = json::Document::parse(std::move(text), name);
  OperatorConfig config;
  Reading<OperatorConfig> reading{config, folder};
  const Value root = document->root();
  deploy::refuse_keys(root);
  read_members(root, name, kMembers, reading);
  if (config.data.empty()) refuse(root, "`data` is missing: the folder for the daemon's state");
  if (config.repositories.empty()) refuse(root, "`repositories` is missing");
  const net::Url listen{.secure = false, .host = config.address, .port = config.port, .prefix = {}};
  if (config.status_token.empty() && !listen.is_loopback()) {
    refuse(root.find("listen"), "listening on a non-loopback address requires `statusTokenFile`",
           "without it anybody could see the page; webhooks have their own secrets");
  }
  return config;
}

std::vector<std::string> weaknesses(const OperatorConfig& config) {
  std::vector<std::string> warnings;
  const auto check = [&](const Secret& secret, const std::string& of) {
    constexpr std::size_t kShortest = 16;
    if (secret.empty() || secret.reveal().size() >= kShortest) return;
    warnings.push_back("the " + of +
                       " is short and could be guessed; use 32 characters, for example from: openssl rand -hex 16");
  };
  check(config.status_token, "status token");
  for (const auto& [name, repository] : config.repositories) {
    check(repository.webhook_secret, "webhook secret of `" + printable(name) + "`");
  }
  return warnings;
}

OperatorConfig load_operator_config(const std::filesystem::path& file) {
  std::optional<std::string> text = read_file(file, kConfigLimit);
  const std::string name = printable(file.string());
  if (!text) throw usage_error("there is no file " + name, "--config names the daemon's flowshipd.json");
  return parse_operator_config(std::move(*text), name, std::filesystem::absolute(file).parent_path());
}

}  // namespace flowship::daemon
