#include "daemon/http/webhook.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "daemon/daemon.hpp"
#include "daemon/http/answers.hpp"
#include "daemon/http/hosts.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

/// What becomes of a delivery.
struct Verdict {
  int status;
  /// A word for the metrics.
  const char* outcome;
  std::string why;
  /// For the log: the ref that makes it worth a fetch.
  RefUpdate update;
};

Verdict refused() { return {403, "refused", "The signature is not that of a repository known here.", {}}; }
Verdict ignored(std::string why) { return {200, "ignored", std::move(why), {}}; }
Verdict malformed(std::string why) { return {400, "malformed", std::move(why), {}}; }

/// The secret of a configured repository; an empty one, with which nothing is signed, where there is none.
const Secret& secret_of(const OperatorConfig& config, const std::string& repository) {
  static const Secret none;
  const auto found = config.repositories.find(repository);
  return found == config.repositories.end() ? none : found->second.webhook_secret;
}

/// GitHub and Gitea send a form where they are not told otherwise.
std::optional<std::string> json_of(const net::Request& request) {
  const std::string type = request.headers.find("Content-Type").value_or("");
  return type.starts_with("application/x-www-form-urlencoded") ? payload_of_form(request.body) : request.body;
}

/// Why a ref that was pushed changes nothing here; empty when it may.
std::string no_interest(const Daemon& daemon, const std::string& repository, const RefUpdate& update) {
  const std::optional<std::string> branch = update.branch();
  if (!branch) return printable(update.ref) + " is no branch";
  if (update.commit.empty()) return "branch " + printable(*branch) + " was deleted";
  if (!daemon.board().concerns(repository, *branch)) return "branch " + printable(*branch) + " deploys nothing here";
  return {};
}

Verdict verdict_on(const std::vector<RefUpdate>& updates, const Daemon& daemon, const std::string& repository) {
  std::string reasons;
  for (const RefUpdate& update : updates) {
    const std::string reason = no_interest(daemon, repository, update);
    if (reason.empty()) return {202, "accepted", "Branch " + printable(*update.branch()) + " is looked at.", update};
    reasons += (reasons.empty() ? "" : ", ") + reason;
  }
  return ignored("Nothing is done: " + (reasons.empty() ? "nothing was pushed" : reasons) + ".");
}

Verdict judge(Daemon& daemon, const std::string& repository, const Forge& forge, const net::Request& request) {
  const std::shared_ptr<const OperatorConfig> config = daemon.config();
  if (!forge.is_signed(request, secret_of(*config, repository), daemon.clock().now())) return refused();
  const std::string event = request.headers.find(forge.event_field).value_or("");
  if (!forge.tells_of_push(event)) return ignored("Nothing is done: the event " + printable(event) + " is no push.");
  std::optional<std::string> text = json_of(request);
  if (!text) return malformed("The form holds no `payload`.");
  std::vector<RefUpdate> updates;
  try {
    updates = forge.read(json::Document::parse(std::move(*text), "payload")->root());
  } catch (const Error& error) {
    return malformed(error.message());
  }
  Verdict verdict = verdict_on(updates, daemon, repository);
  if (verdict.status != 202) return verdict;
  const std::string id = forge.delivery_id(request.headers).value_or(sha256_hex(request.body));
  if (!daemon.deliveries().remember(repository, id)) {
    return {200, "repeated", "Nothing is done: this delivery came before.", {}};
  }
  daemon.trigger(repository, Trigger::webhook);
  return verdict;
}

/// Says nothing of repositories that are not configured, whose names anybody can make up.
void log_verdict(const Daemon& daemon, const std::string& repository, std::string_view forge, const Verdict& verdict,
                 const std::string& peer) {
  if (!daemon.config()->repositories.contains(repository)) return;
  const Log log = daemon.log().with({{"repository", repository}, {"forge", std::string(forge)}});
  if (verdict.status == 202) {
    log.info("a webhook tells of a push", {{"ref", verdict.update.ref}, {"commit", verdict.update.commit}});
  } else if (verdict.status == 200) {
    log.info("a webhook of no interest", {{"why", verdict.why}});
  } else {
    log.warning("a webhook was refused", {{"why", verdict.why}, {"peer", peer}});
  }
}

}  // namespace

net::Answer answer_webhook(Daemon& daemon, const Call& call) {
  const std::string& repository = call.arguments.front();
  const Forge* const forge = forge_of(call.request.headers);
  const Verdict verdict =
      forge != nullptr
          ? judge(daemon, repository, *forge, call.request)
          : malformed("No header field tells which git host sends this, such as X-GitHub-Event or X-Gitlab-Event.");
  const std::string_view name = forge != nullptr ? forge->name : "unknown";
  daemon.board().delivered(std::string(name), verdict.outcome);
  log_verdict(daemon, repository, name, verdict, call.request.peer);
  return text_answer(verdict.status, verdict.why + "\n");
}

}  // namespace flowship::daemon
