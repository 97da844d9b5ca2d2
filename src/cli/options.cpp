#include "cli/options.hpp"

#include "base/duration.hpp"
#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "cli/near_misses.hpp"
#include "sandbox/authorization.hpp"
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

/// A timeout, which can't be zero.
milliseconds timeout(const std::string& text, std::string_view name) {
  const milliseconds value = duration(text, name);
  if (value.count() == 0) throw usage_error(std::string(name) + " must be longer than zero");
  return value;
}

template <auto member>
void assign(Options& options, const std::string& value) {
  options.*member = value;
}

template <auto member>
void enable(Options& options, const std::string&) {
  options.*member = true;
}

template <auto member>
void connect_to(Options& options, const std::string& value) {
  options.deploy.connection.*member = value;
}

template <sandbox::PlannedFault::Kind kind>
void plan_silence(Options& options, const std::string& value) {
  sandbox::plan_silence(kind, value, options.sandbox.faults);
}

const report::Format& format_named(const std::string& name) {
  if (const std::string guess = guess_format(name); !guess.empty()) {
    throw usage_error("unknown format `" + printable(name) + "` (" + guess + ")", "see `flowship help formats`");
  }
  return report::format_of(name);
}

ReportFile report_file(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals + 1 == text.size()) {
    throw usage_error("--report takes a format and a file, such as json=plan.json, not `" + printable(text) + "`");
  }
  return {.format = &format_named(text.substr(0, equals)), .path = text.substr(equals + 1)};
}

// A value of lower-case words with bars between them is checked before `set` sees it.
constexpr OptionSpec kOptions[] = {
    {"--repo", "DIR", "repository to work on (default: the one around the current directory)",
     assign<&Options::repository>},
    {"--config", "FILE", "configuration file (default: flowship.json of the revision that is read)",
     assign<&Options::config_file>},
    {"--env", "ENV", "environment to work on (default: FLOWSHIP_ENV, else the only one)",
     assign<&Options::environment>},
    {"--format", "FORMAT", "output format: text (default), json, … (see `flowship help formats`)",
     [](Options& options, const std::string& value) { options.format = format_named(value).name; }},
    {"--report", "FORMAT=FILE", "also write the result to FILE in another format; repeatable",
     [](Options& options, const std::string& value) { options.reports.push_back(report_file(value)); }},
    {"--quiet", "", "print only what needs attention", enable<&Options::quiet>},
    {"--verbose", "", "print more detail", enable<&Options::verbose>},
    {"--color", "auto|always|never", "when to use colour (default: auto, on a terminal unless NO_COLOR is set)",
     [](Options& options, const std::string& value) {
       options.colour = value == "auto"     ? ColourWhen::automatic
                        : value == "always" ? ColourWhen::always
                                            : ColourWhen::never;
     }},
    {"--help", "", "show this help", enable<&Options::help>},
    {"--rev", "REV", "read this commit, branch or tag", assign<&Options::revision>},
    {"--staged", "", "read the index", enable<&Options::staged>},
    {"--worktree", "", "read the working tree", enable<&Options::worktree>},
    {"--baseline", "FILE", "don't report the findings in FILE, the output of an earlier `validate --format json`",
     assign<&Options::baseline_file>},
    {"--exit-code", "", "exit with 2 if there are differences (plan and status: with 5 if there is drift)",
     enable<&Options::exit_code>},
    {"--layout", "snapshot|exported|console", "layout to write (pull: snapshot or exported)", assign<&Options::layout>},
    {"--force", "", "overwrite existing files", enable<&Options::force>},
    {"--ours", "", "at a conflict, keep the version of the working tree", enable<&Options::ours>},
    {"--theirs", "", "at a conflict, take the version of the service", enable<&Options::theirs>},
    {"--path", "PATH", "where the file is in the repository (default: the name of OURS)", assign<&Options::path>},
    {"--marker-size", "N", "length of conflict markers (default: 7)",
     [](Options& options, const std::string& value) { options.marker_size = number(value, "--marker-size", 1, 1000); }},
    {"--chain", "", "keep an existing hook and run it before flowship's", enable<&Options::chain>},
    {"--base-url", "URL", "address of the service (default: DESCOPE_BASE_URL, else the project's region)",
     connect_to<&deploy::Connection::base_url>},
    {"--key-file", "FILE", "file with the management key, readable by its owner only",
     connect_to<&deploy::Connection::key_file>},
    {"--ca-file", "FILE", "certificate authorities to trust besides the system's (PEM)",
     connect_to<&deploy::Connection::ca_file>},
    {"--concurrency", "N", "parallel requests, 1 to 32 (default: 4)",
     [](Options& options, const std::string& value) {
       options.deploy.concurrency = number(value, "--concurrency", 1, 32);
     }},
    {"--limit", "N", "list at most N paths (default: 100)",
     [](Options& options, const std::string& value) { options.limit = number(value, "--limit", 1, 100'000); }},
    {"--max-wait", "TIME", "longest pause before a retry that the service may ask for (default: 5m)",
     [](Options& options, const std::string& value) {
       options.deploy.connection.retry.longest_wait = duration(value, "--max-wait");
     }},
    {"--connect-timeout", "TIME", "connect timeout, including the TLS handshake (default: 10s)",
     [](Options& options, const std::string& value) {
       options.deploy.connection.connect_limit = timeout(value, "--connect-timeout");
     }},
    {"--request-timeout", "TIME", "timeout for a whole request, response included (default: 60s)",
     [](Options& options, const std::string& value) {
       options.deploy.connection.request_limit = timeout(value, "--request-timeout");
     }},
    {"--git-timeout", "TIME", "timeout for one fetch or push of a shared ledger (default: 5m)",
     [](Options& options, const std::string& value) {
       options.deploy.connection.git_limit = timeout(value, "--git-timeout");
     }},
    {"--lock-wait", "TIME", "how long to wait while another deployment holds the environment (default: 90s; 0s: not)",
     [](Options& options, const std::string& value) { options.lock_wait = duration(value, "--lock-wait"); }},
    {"--lock-timeout", "TIME", "how long the ledger stands still before its lease counts as abandoned (default: 60s)",
     [](Options& options, const std::string& value) {
       options.deploy.lease.timeout = timeout(value, "--lock-timeout");
     }},
    {"--grace", "TIME", "how long requests in flight may take after SIGINT or SIGTERM (default: 6s)",
     [](Options& options, const std::string& value) { options.deploy.grace = duration(value, "--grace"); }},
    {"--share-wait", "TIME", "how long to retry when the result can't be shared with the ledger's remote (default: 5m)",
     [](Options& options, const std::string& value) { options.deploy.share_wait = duration(value, "--share-wait"); }},
    {"--accept-rewritten-ledger", "", "go on from a shared ledger that was rewritten or deleted, after a look at it",
     enable<&Options::accept_rewritten_ledger>},
    {"--on-drift", "fail|skip|overwrite|adopt",
     "what to do about flows edited in the console (default: onDrift in flowship.json, else fail)",
     [](Options& options, const std::string& value) {
       options.deploy.request.on_drift = deploy::on_drift_from(value);
     }},
    {"--prune", "", "delete flows that the repository no longer has",
     [](Options& options, const std::string&) { options.deploy.request.prune = true; }},
    {"--max-deletes", "N", "how many flows may be deleted at once (default: 5)",
     [](Options& options, const std::string& value) {
       options.deploy.request.max_deletes = number(value, "--max-deletes", 0, 1'000'000);
     }},
    {"--refresh", "", "compare every deployed flow, also those whose version is as recorded",
     [](Options& options, const std::string&) { options.deploy.refresh = true; }},
    {"--read-back-wait", "TIME", "how long to wait for the service to show what it accepted (default: 10s)",
     [](Options& options, const std::string& value) {
       options.deploy.read_back_wait = duration(value, "--read-back-wait");
     }},
    {"--atomic", "", "if a flow fails, restore those already imported",
     [](Options& options, const std::string&) { options.deploy.atomic = true; }},
    {"--out", "FILE", "plan: save the plan for `deploy --plan`; plan and diff with --format html: write the page there",
     assign<&Options::plan_file>},
    {"--plan", "FILE", "carry out exactly the plan that `plan --out` saved, or nothing", assign<&Options::plan_file>},
    {"--record", "RECORD", "show what `rollback RECORD` would do", assign<&Options::record>},
    {"--to-before", "RECORD", "restore the flows from before this deployment, console edits included",
     assign<&Options::to_before>},
    {"--check-drift", "", "also ask the service, and show changes made outside flowship",
     enable<&Options::check_drift>},
    {"--any-branch", "", "deploy also while another branch than the environment's is checked out",
     [](Options& options, const std::string&) { options.target.any_branch = true; }},
    {"--allow-older", "", "deploy also a commit that is older than what is there by now",
     [](Options& options, const std::string&) { options.target.allow_older = true; }},
    {"--skip-superseded", "", "where the commit is older than what is there by now, send nothing and succeed",
     [](Options& options, const std::string&) { options.target.skip_superseded = true; }},
    {"--yes", "", "don't ask; unlock: even if the process that holds the environment may still be running",
     enable<&Options::yes>},
    {"--offline", "", "use the ledger alone, without asking the service", enable<&Options::offline>},
    {"--all", "", "every environment of flowship.json", enable<&Options::all>},
    {"--from", "ENV", "environment to take the deployed flows from", assign<&Options::from>},
    {"--to", "ENV", "environment to deploy them to", assign<&Options::to>},
    {"--port", "N", "port to listen on (default: a free one)",
     [](Options& options, const std::string& value) {
       options.sandbox.port = static_cast<std::uint16_t>(number(value, "--port", 0, 65535));
     }},
    {"--address", "ADDRESS", "address to listen on (default: 127.0.0.1)",
     [](Options& options, const std::string& value) { options.sandbox.address = value; }},
    {"--data", "DIR", "keep flows in this directory (default: in memory)",
     [](Options& options, const std::string& value) { options.sandbox.data = value; }},
    {"--require-key", "KEY", "accept only this management key (default: any)",
     [](Options& options, const std::string& value) {
       if (!sandbox::is_key(value))
         throw usage_error("--require-key takes a management key: K, then letters and digits");
       options.sandbox.required_key = Secret(value);
     }},
    {"--no-retry-after", "", "don't send Retry-After with the 429 of --rate-limit",
     [](Options& options, const std::string&) { options.sandbox.faults.rate_with_retry_after = false; }},
    {"--list-format", "full|old", "old: lists of flows have no versions, as those of older services (default: full)",
     [](Options& options, const std::string& value) {
       options.sandbox.list_format = value == "old" ? sandbox::ListFormat::old : sandbox::ListFormat::full;
     }},
    {"--latency", "MS", "delay each response by this many milliseconds",
     [](Options& options, const std::string& value) {
       options.sandbox.faults.latency = milliseconds(number(value, "--latency", 0, 3'600'000));
     }},
    {"--rate-limit", "N/SECONDS", "respond with 429 beyond N requests in this many seconds",
     [](Options& options, const std::string& value) { sandbox::parse_rate_limit(value, options.sandbox.faults); }},
    {"--fail", "STATUS[:COUNT][@ENDPOINT]",
     "respond with STATUS to COUNT requests (default: to all); ENDPOINT, here and below, is import (default), export, "
     "list, delete, license or any (but license); the options with ENDPOINT are repeatable",
     [](Options& options, const std::string& value) { sandbox::plan_failure(value, options.sandbox.faults); }},
    {"--retry-after", "SECONDS", "send Retry-After with the responses of --fail",
     [](Options& options, const std::string& value) { sandbox::parse_retry_after(value, options.sandbox.faults); }},
    {"--drop", "COUNT[@ENDPOINT]", "drop the connection of COUNT requests without processing them",
     plan_silence<sandbox::PlannedFault::Kind::drop>},
    {"--drop-after", "COUNT[@ENDPOINT]", "process COUNT requests, then drop the connection without responding",
     plan_silence<sandbox::PlannedFault::Kind::drop_after>},
    {"--hang", "COUNT[@ENDPOINT]", "never respond to COUNT requests, nor process them",
     plan_silence<sandbox::PlannedFault::Kind::hang>},
    {"--hang-after", "COUNT[@ENDPOINT]", "process COUNT requests, then never respond",
     plan_silence<sandbox::PlannedFault::Kind::hang_after>},
    {"--lie", "COUNT[@ENDPOINT]", "respond 200 to COUNT requests without processing them",
     plan_silence<sandbox::PlannedFault::Kind::lie>},
    {"--stale", "COUNT", "respond to COUNT exports with the version before",
     plan_silence<sandbox::PlannedFault::Kind::stale>},
    {"--tls-cert", "FILE", "serve HTTPS with this certificate (PEM)",
     [](Options& options, const std::string& value) { options.sandbox.certificate_file = value; }},
    {"--tls-key", "FILE", "private key of the certificate (PEM)",
     [](Options& options, const std::string& value) { options.sandbox.key_file = value; }},
    {"--check", "", "check the configuration and exit", enable<&Options::check>},
    {"--daemon", "", "run in the background, and log to flowship.log in the data directory",
     enable<&Options::in_background>},
    {"--pidfile", "FILE", "write the process id to FILE while running",
     [](Options& options,
        const std::string& value) { options.pid_file = std::filesystem::absolute(value).lexically_normal().string(); }},
    {"--log-format", "text|json", "log format, one line per event (default: text)",
     [](Options& options, const std::string& value) {
       options.log_format = value == "json" ? daemon::LogFormat::json : daemon::LogFormat::text;
     }},
};

constexpr std::string_view kGlobal[] = {"--repo",  "--config",  "--env",   "--format", "--report",
                                        "--quiet", "--verbose", "--color", "--help"};

}  // namespace

std::span<const OptionSpec> all_options() { return kOptions; }

std::span<const std::string_view> global_options() { return kGlobal; }

const OptionSpec& option_of(std::string_view name) {
  return *std::find_if(std::begin(kOptions), std::end(kOptions),
                       [&](const OptionSpec& option) { return option.name == name; });
}

}  // namespace flowship::cli
