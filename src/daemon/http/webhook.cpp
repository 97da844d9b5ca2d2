#include "daemon/http/webhook.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "daemon/daemon.hpp"
#include "daemon/http/answers.hpp"
#include "daemon/http/hosts.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

/// The decision about a delivery.
struct Verdict {
  int status;
  /// A word for the metrics.
  const char* outcome;
  std::string why;
  /// For the log: the ref that causes a fetch.
  RefUpdate update;
};

Verdict refused() { return {403, "refused", "Wrong signature or unknown repository.", {}}; }
Verdict ignored(std::string why) { return {200, "ignored", std::move(why), {}}; }
Verdict malformed(std::string why) { return {400, "malformed", std::move(why), {}}; }

/// The webhook secret of a repository; empty, which no signature matches, if it is unknown.
const Secret& webhook_secret(const OperatorConfig& config, const std::string& repository) {
  static const Secret none;
  const auto found = config.repositories.find(repository);
  return found == config.repositories.end() ? none : found->second.webhook_secret;
}

/// GitHub and Gitea send a form by default.
std::optional<std::string> json_of(const net::Request& request) {
  const std::string type = request.headers.find("Content-Type").value_or("");
  return type.starts_with("application/x-www-form-urlencoded") ? payload_of_form(request.body) : request.body;
}

/// Why a pushed ref is ignored; empty if it is not.
std::string why_ignored(const Daemon& daemon, const std::string& repository, const RefUpdate& update) {
  const std::optional<std::string> branch = update.branch();
  if (!branch) return printable(update.ref) + " is not a branch";
  if (update.commit.empty()) return "branch " + printable(*branch) + " was deleted";
  if (!daemon.status_store().concerns(repository, *branch))
    return "branch " + printable(*branch) + " deploys no environment";
  return {};
}

Verdict verdict_on(const std::vector<RefUpdate>& updates, const Daemon& daemon, const std::string& repository) {
  std::string reasons;
  for (const RefUpdate& update : updates) {
    const std::string reason = why_ignored(daemon, repository, update);
    if (reason.empty())
      return {202, "accepted", "Branch " + printable(*update.branch()) + " is being fetched.", update};
    reasons += (reasons.empty() ? "" : ", ") + reason;
  }
  return ignored("Ignored: " + (reasons.empty() ? "nothing was pushed" : reasons) + ".");
}

Verdict judge(Daemon& daemon, const std::string& repository, const Forge& forge, const net::Request& request) {
  const std::shared_ptr<const OperatorConfig> config = daemon.config();
  if (!forge.is_signed(request, webhook_secret(*config, repository), daemon.clock().now())) return refused();
  const std::string event = request.headers.find(forge.event_field).value_or("");
  if (!forge.is_push_event(event)) return ignored("Ignored: event " + printable(event) + " is not a push.");
  std::optional<std::string> text = json_of(request);
  if (!text) return malformed("The form has no `payload`.");
  std::vector<RefUpdate> updates;
  try {
    updates = forge.read(json::Document::parse(std::move(*text), "payload")->root());
  } catch (const Error& error) {
    return malformed(error.message());
  }
  Verdict verdict = verdict_on(updates, daemon, repository);
  if (verdict.status != 202) return verdict;
  // Without an id, a repetition can't be told from an equal push (a branch that went back and forth); fetching once
  // more changes nothing.
  const std::optional<std::string> id = forge.delivery_id(request.headers);
  if (id && !daemon.deliveries().remember(repository, *id)) {
    return {200, "repeated", "Ignored: repeated delivery.", {}};
  }
  daemon.trigger(repository, Trigger::webhook);
  return verdict;
}

void log_verdict(Daemon& daemon, const std::string& repository, std::string_view forge, const Verdict& verdict,
                 const std::string& peer) {
  const Log log = daemon.log().with({{"repository", repository}, {"forge", std::string(forge)}});
  if (verdict.status == 202) {
    log.info("webhook accepted", {{"ref", verdict.update.ref}, {"commit", verdict.update.commit}});
  } else if (verdict.status == 200) {
    log.info("webhook ignored", {{"why", verdict.why}});
  } else {
    // Anyone can cause these.
    const std::optional<std::size_t> left_out = daemon.refusal_lines().take(daemon.clock().ticks());
    if (!left_out) return;
    std::vector<LogField> fields{{"why", verdict.why}, {"peer", peer}};
    if (*left_out > 0) fields.emplace_back("left_out", std::to_string(*left_out));
    log.warning("webhook refused", fields);
  }
}

}  // namespace

net::Answer answer_webhook(Daemon& daemon, const Call& call) {
  const std::string& repository = call.arguments.front();
  const Forge* const forge = forge_of(call.request.headers);
  const Verdict verdict =
      forge != nullptr ? judge(daemon, repository, *forge, call.request)
                       : malformed("No header identifies the git host, such as X-GitHub-Event or X-Gitlab-Event.");
  const std::string_view name = forge != nullptr ? forge->name : "unknown";
  daemon.status_store().delivered(std::string(name), verdict.outcome);
  log_verdict(daemon, repository, name, verdict, call.request.peer);
  return text_answer(verdict.status, verdict.why + "\n");
}

}  // namespace flowship::daemon
