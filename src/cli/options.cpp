#include "cli/options.hpp"

#include "base/duration.hpp"
#include "base/error.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "flow/layouts/layouts.hpp"
#include "sandbox/faults.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

namespace flowship::cli {

namespace {

using std::chrono::milliseconds;

/// A whole number between two bounds, both included.
int number(const std::string& text, std::string_view name, int least, int most) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < least || value > most) {
    throw usage_error(std::string(name) + " takes a whole number from " + std::to_string(least) + " to " +
                      std::to_string(most) + ", not `" + printable(text) + "`");
  }
  return value;
}

milliseconds duration(const std::string& text, std::string_view name) {
  const std::optional<milliseconds> value = parse_duration(text);
  if (!value) {
    throw usage_error(std::string(name) + " takes a time such as 500ms, 30s, 5m or 2h, not `" + printable(text) + "`");
  }
  return *value;
}

template <sandbox::PlannedFault::Kind kind>
void plan_silence(Options& options, const std::string& value) {
  sandbox::plan_silence(kind, value, options.sandbox.faults);
}

ReportFile report_file(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals + 1 == text.size()) {
    throw usage_error("--report takes a format and a file, such as json=plan.json, not `" + printable(text) + "`");
  }
  return {.format = &report::format_of(text.substr(0, equals)), .path = text.substr(equals + 1)};
}

/// A time in which something has to be done, so not none.
milliseconds limit(const std::string& text, std::string_view name) {
  const milliseconds value = duration(text, name);
  if (value.count() == 0) throw usage_error(std::string(name) + " has to leave some time");
  return value;
}

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> names;
  for (const report::Format& format : report::formats()) names.push_back(format.name);
  return names;
}

std::vector<std::string_view> layout_names() {
  std::vector<std::string_view> names;
  for (const flow::LayoutFacts& layout : flow::layouts()) names.push_back(layout.name);
  return names;
}

std::vector<std::string_view> drift_policies() { return {"fail", "skip", "overwrite", "adopt"}; }

std::vector<std::string_view> log_formats() { return {"text", "json"}; }

constexpr OptionSpec kOptions[] = {
    {"--repo", "DIR", "the repository (default: the one that the current folder lies in)",
     [](Options& options, const std::string& value) { options.repository = value; }},
    {"--config", "FILE", "the configuration (default: flowship.json of the revision that is read)",
     [](Options& options, const std::string& value) { options.config_file = value; }},
    {"--format", "FORMAT", "how results are written: text, json, … (see `flowship help formats`)",
     [](Options& options, const std::string& value) { options.format = value; }, format_names},
    {"--report", "FORMAT=FILE",
     "write the result to a file as well, in a format of its own; may be given several times",
     [](Options& options, const std::string& value) { options.reports.push_back(report_file(value)); }, format_names},
    {"--quiet", "", "write only what needs attention",
     [](Options& options, const std::string&) { options.quiet = true; }},
    {"--verbose", "", "write more", [](Options& options, const std::string&) { options.verbose = true; }},
    {"--no-color", "", "no colour on a terminal (NO_COLOR does the same)",
     [](Options& options, const std::string&) { options.no_color = true; }},
    {"--help", "", "show this help", [](Options& options, const std::string&) { options.help = true; }},
    {"--env", "NAME", "the environment (may be left out where there is one)",
     [](Options& options, const std::string& value) { options.environment = value; }},
    {"--rev", "REV", "read from this commit, branch or tag",
     [](Options& options, const std::string& value) { options.revision = value; }},
    {"--staged", "", "read what is staged", [](Options& options, const std::string&) { options.staged = true; }},
    {"--worktree", "", "read the working tree", [](Options& options, const std::string&) { options.worktree = true; }},
    {"--exit-code", "", "exit with 2 when there are changes, with 5 when there is drift",
     [](Options& options, const std::string&) { options.exit_code = true; }},
    {"--layout", "LAYOUT", "the layout to write in: snapshot, exported or console",
     [](Options& options, const std::string& value) { options.layout = value; }, layout_names},
    {"--force", "", "write over what is there", [](Options& options, const std::string&) { options.force = true; }},
    {"--chain", "", "keep a hook that is there, and run it before flowship's",
     [](Options& options, const std::string&) { options.chain = true; }},
    {"--base-url", "URL", "the service's address (default: DESCOPE_BASE_URL, else the project's region)",
     [](Options& options, const std::string& value) { options.deploy.connection.base_url = value; }},
    {"--key-file", "FILE", "a file with the management key, that only its owner can read",
     [](Options& options, const std::string& value) { options.deploy.connection.key_file = value; }},
    {"--ca-file", "FILE", "certificate authorities to trust besides the system's, as PEM",
     [](Options& options, const std::string& value) { options.deploy.connection.ca_file = value; }},
    {"--concurrency", "N", "requests at a time, 1 to 32 (default: 4)",
     [](Options& options, const std::string& value) {
       options.deploy.concurrency = number(value, "--concurrency", 1, 32);
     }},
    {"--max-wait", "TIME", "how long one request waits when the service asks for it (default: 5m)",
     [](Options& options, const std::string& value) {
       options.deploy.connection.retry.longest_wait = duration(value, "--max-wait");
     }},
    {"--connect-timeout", "TIME", "until a connection stands, TLS included (default: 10s)",
     [](Options& options, const std::string& value) {
       options.deploy.connection.connect_limit = limit(value, "--connect-timeout");
     }},
    {"--request-timeout", "TIME", "from a request's start to its answer's last byte (default: 60s)",
     [](Options& options, const std::string& value) {
       options.deploy.connection.request_limit = limit(value, "--request-timeout");
     }},
    {"--git-timeout", "TIME", "for one fetch or push of a shared ledger (default: 5m)",
     [](Options& options, const std::string& value) {
       options.deploy.connection.git_limit = limit(value, "--git-timeout");
     }},
    {"--lock-timeout", "TIME", "when another machine's unfinished deployment counts as dead (default: 15m)",
     [](Options& options, const std::string& value) {
       options.deploy.lock_timeout = duration(value, "--lock-timeout");
     }},
    {"--on-drift", "POLICY", "what to do about flows edited on the service: fail, skip, overwrite or adopt",
     [](Options& options, const std::string& value) {
       options.deploy.request.on_drift = deploy::on_drift_from(value);
       if (!options.deploy.request.on_drift) throw usage_error("--on-drift takes fail, skip, overwrite or adopt");
     },
     drift_policies},
    {"--prune", "", "delete the flows that the repository no longer has",
     [](Options& options, const std::string&) { options.deploy.request.prune = true; }},
    {"--max-deletes", "N", "how many flows may be deleted at once (default: 5)",
     [](Options& options, const std::string& value) {
       options.deploy.request.max_deletes = number(value, "--max-deletes", 0, 1'000'000);
     }},
    {"--no-read-back", "", "do not ask the service before and after what it holds",
     [](Options& options, const std::string&) { options.deploy.read_back = false; }},
    {"--atomic", "", "if a flow fails, put back those that were imported",
     [](Options& options, const std::string&) { options.deploy.atomic = true; }},
    {"--out", "FILE", "write the plan to a file, for deploy --plan; with --format html, the page",
     [](Options& options, const std::string& value) { options.plan_file = value; }},
    {"--plan", "FILE", "carry out this saved plan, and nothing else",
     [](Options& options, const std::string& value) { options.plan_file = value; }},
    {"--record", "RECORD", "plan what rollback to this record would do",
     [](Options& options, const std::string& value) { options.record = value; }},
    {"--to-before", "RECORD", "put back what the service held before this deployment, console edits included",
     [](Options& options, const std::string& value) { options.to_before = value; }},
    {"--check-drift", "", "ask the service too, and show what it holds otherwise than it was deployed",
     [](Options& options, const std::string&) { options.check_drift = true; }},
    {"--yes", "", "without asking; unlock: even if the process that holds it still runs",
     [](Options& options, const std::string&) { options.yes = true; }},
    {"--offline", "", "by the ledger alone, without asking the service",
     [](Options& options, const std::string&) { options.offline = true; }},
    {"--from", "NAME", "the environment to take from",
     [](Options& options, const std::string& value) { options.from = value; }},
    {"--to", "NAME", "the environment to deploy to",
     [](Options& options, const std::string& value) { options.environment = value; }},
    {"--port", "N", "the port to listen on (default: a free one)",
     [](Options& options, const std::string& value) {
       options.sandbox.port = static_cast<std::uint16_t>(number(value, "--port", 0, 65535));
     }},
    {"--address", "A", "the address to listen on (default: 127.0.0.1)",
     [](Options& options, const std::string& value) { options.sandbox.address = value; }},
    {"--data", "DIR", "keep flows in this folder (default: in memory)",
     [](Options& options, const std::string& value) { options.sandbox.data = value; }},
    {"--latency", "MS", "answer so many milliseconds late",
     [](Options& options, const std::string& value) {
       options.sandbox.faults.latency = milliseconds(number(value, "--latency", 0, 3'600'000));
     }},
    {"--rate-limit", "N/SECONDS", "answer 429 beyond so many requests in so many seconds",
     [](Options& options, const std::string& value) { sandbox::parse_rate_limit(value, options.sandbox.faults); }},
    {"--fail", "STATUS[:COUNT][@ENDPOINT]",
     "answer with this status, so many times (default: always); ENDPOINT is import (default), export, list, delete or "
     "any, here and below; each may be given several times",
     [](Options& options, const std::string& value) { sandbox::plan_failure(value, options.sandbox.faults); }},
    {"--retry-after", "SECONDS", "send Retry-After with what --fail answers",
     [](Options& options, const std::string& value) { sandbox::parse_retry_after(value, options.sandbox.faults); }},
    {"--drop", "COUNT[@ENDPOINT]", "close so many connections without an answer, nothing done",
     plan_silence<sandbox::PlannedFault::Kind::drop>},
    {"--drop-after", "COUNT[@ENDPOINT]", "close so many connections without an answer, the request carried out",
     plan_silence<sandbox::PlannedFault::Kind::drop_after>},
    {"--hang", "COUNT[@ENDPOINT]", "never answer so many requests", plan_silence<sandbox::PlannedFault::Kind::hang>},
    {"--hang-after", "COUNT[@ENDPOINT]", "carry out so many requests, and never answer them",
     plan_silence<sandbox::PlannedFault::Kind::hang_after>},
    {"--tls-cert", "FILE", "serve HTTPS with this certificate (PEM)",
     [](Options& options, const std::string& value) { options.sandbox.certificate_file = value; }},
    {"--tls-key", "FILE", "the certificate's private key (PEM)",
     [](Options& options, const std::string& value) { options.sandbox.key_file = value; }},
    {"--check", "", "only check the configuration", [](Options& options, const std::string&) { options.check = true; }},
    {"--daemon", "", "go into the background once it serves, and log to flowship.log in the data folder",
     [](Options& options, const std::string&) { options.in_background = true; }},
    {"--pidfile", "FILE", "write the process id there, and remove it at the end",
     [](Options& options, const std::string& value) {
       options.pid_file = std::filesystem::absolute(value).lexically_normal().string();
     }},
    {"--log-format", "FORMAT", "text or json, a line for each thing that happens (default: text)",
     [](Options& options, const std::string& value) {
       if (value != "text" && value != "json") throw usage_error("--log-format takes text or json");
       options.log_format = value == "json" ? daemon::LogFormat::json : daemon::LogFormat::text;
     },
     log_formats},
};

constexpr std::string_view kCommon[] = {"--repo",    "--config",   "--format", "--quiet",
                                        "--verbose", "--no-color", "--help"};

}  // namespace

std::span<const OptionSpec> all_options() { return kOptions; }

std::span<const std::string_view> common_options() { return kCommon; }

const OptionSpec& option_of(std::string_view name) {
  return *std::find_if(std::begin(kOptions), std::end(kOptions),
                       [&](const OptionSpec& option) { return option.name == name; });
}

Options parse_options(std::span<const std::string> words, std::span<const std::string_view> allowed) {
  Options options;
  std::vector<std::string> known(allowed.begin(), allowed.end());
  known.insert(known.end(), std::begin(kCommon), std::end(kCommon));
  for (std::size_t at = 0; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--") {
      options.arguments.insert(options.arguments.end(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1,
                               words.end());
      break;
    }
    if (!word.starts_with('-') || word == "-") {
      options.arguments.push_back(word);
      continue;
    }
    const std::size_t equals = word.find('=');
    const std::string name = word == "-h" ? "--help" : word.substr(0, equals);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      throw usage_error("unknown option `" + printable(name) + "`", did_you_mean(name, known));
    }
    const OptionSpec& option = option_of(name);
    if (option.value.empty()) {
      if (equals != std::string::npos) throw usage_error(name + " takes no value");
      option.set(options, {});
      continue;
    }
    const bool behind_space = equals == std::string::npos;
    if (behind_space) ++at;
    const std::string value = behind_space && at == words.size() ? "" : words[at].substr(behind_space ? 0 : equals + 1);
    // An empty one is mostly a script's variable that is not set; taking it as left out would do something else.
    if (value.empty()) throw usage_error(name + " needs a value: " + name + " " + std::string(option.value));
    option.set(options, value);
  }
  return options;
}

}  // namespace flowship::cli
