#include "daemon/http/actions.hpp"

#include "base/hmac.hpp"
#include "daemon/daemon.hpp"
#include "daemon/http/access.hpp"
#include "daemon/http/answers.hpp"
#include "daemon/http/signature.hpp"
#include "daemon/status/environment_page.hpp"
#include "daemon/status/form_page.hpp"

#include <optional>

namespace flowship::daemon {

namespace {

/// The path of a request without its query, which is what a form's proof is for.
std::string path_of(const Call& call) { return call.request.target.substr(0, call.request.target.find('?')); }

/// What a form of this process has for this path and this status token.
std::string proof_for(const Daemon& daemon, const std::string& path) {
  return hex_signature(daemon.config()->status_token.reveal() + "\n" + path, daemon.form_secret());
}

net::Answer form_answer(const Daemon& daemon, const Call& call, Form form) {
  form.action = path_of(call);
  form.proof = proof_for(daemon, form.action);
  net::Answer answer = page_answer(form_page(form));
  // With `no-referrer` browsers would send `Origin: null`.
  answer.headers.add("Referrer-Policy", "same-origin");
  return answer;
}

/// Why a request is not from a form of this process; nothing if it is.
std::optional<std::string> forgery(const Daemon& daemon, const Call& call) {
  if (!is_same_origin(call.request)) return "the request is not from a page of this server";
  if (!same_in_constant_time(call.request.body, "proof=" + proof_for(daemon, path_of(call)))) {
    return "the form is out of date; load its page again";
  }
  return std::nullopt;
}

/// What is asked for.
struct Action {
  std::string_view name;
  EnvironmentStatus environment;
  std::string flow_id = {};
};

void log_action(const Daemon& daemon, const Call& call, const Action& action, const std::string& result) {
  const Log log = daemon.log().with(
      {{"repository", action.environment.id.repository}, {"environment", action.environment.id.environment}});
  std::vector<LogField> fields{
      {"action", std::string(action.name)}, {"who", "status token"}, {"peer", call.request.peer}};
  if (!action.flow_id.empty()) fields.emplace_back("flow", action.flow_id);
  fields.emplace_back("result", result);
  log.info("asked for on the page", fields);
}

net::Answer refuse_forgery(const Daemon& daemon, const Call& call, const Action& action, const std::string& why) {
  log_action(daemon, call, action, "refused: " + why);
  return text_answer(403, "Refused: " + why + ".\n");
}

net::Answer accepted(const Daemon& daemon, const Call& call, const Action& action, bool is_new) {
  log_action(daemon, call, action, is_new ? "queued" : "nothing to do");
  if (!is_new) return text_answer(409, "This is under way already, or no commit is known yet.\n");
  net::Answer answer = text_answer(303, "Queued.\n");
  answer.headers.add("Location", "/environments/" + action.environment.key);
  return answer;
}

net::Answer unknown_environment() { return text_answer(404, "Unknown environment.\n"); }

bool can_be_restored(const EnvironmentStatus& environment, const std::string& flow_id) {
  return look_of_flow(environment, flow_id).is_drift();
}

/// A flow that was deleted in the console has nothing to adopt.
bool can_be_adopted(const EnvironmentStatus& environment, const std::string& flow_id) {
  return look_of_flow(environment, flow_id).word == "drifted";
}

net::Answer download(const std::string& name, std::string text) {
  net::Answer answer;
  answer.headers.add("Content-Type", "text/x-patch; charset=utf-8");
  answer.headers.add("Content-Disposition", "attachment; filename=\"" + name + "\"");
  answer.body = std::move(text);
  return answer;
}

net::Answer nothing_to_restore() { return text_answer(409, "No drift of this flow is known.\n"); }

}  // namespace

net::Answer answer_retry_form(Daemon& daemon, const Call& call) {
  const auto environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return unknown_environment();
  return form_answer(daemon, call,
                     {.title = "Deploy again",
                      .question = "Deploy the newest commit of " + environment->branch + " to " + environment->key +
                                  " now? It is checked and sent like any deployment; what is deployed already is not "
                                  "sent again.",
                      .edits = {},
                      .button = "Deploy again",
                      .back = "/environments/" + environment->key});
}

net::Answer answer_retry(Daemon& daemon, const Call& call) {
  const auto environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return unknown_environment();
  const Action action{.name = "retry", .environment = *environment};
  if (const auto why = forgery(daemon, call)) return refuse_forgery(daemon, call, action, *why);
  return accepted(daemon, call, action, daemon.retry(environment->id));
}

net::Answer answer_restore_form(Daemon& daemon, const Call& call) {
  const auto environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return unknown_environment();
  const std::string& flow_id = call.arguments[1];
  if (!can_be_restored(*environment, flow_id)) return nothing_to_restore();
  return form_answer(
      daemon, call,
      {.title = "Restore " + flow_id,
       .question = "Overwrite this flow on the service with the newest commit of " + environment->branch +
                   "? The console's version is lost, except for the copy that the ledger keeps:",
       .edits = look_of_flow(*environment, flow_id).edits,
       .button = "Overwrite the console's version",
       .back = "/environments/" + environment->key});
}

net::Answer answer_restore(Daemon& daemon, const Call& call) {
  const auto environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return unknown_environment();
  const Action action{.name = "restore", .environment = *environment, .flow_id = call.arguments[1]};
  if (const auto why = forgery(daemon, call)) return refuse_forgery(daemon, call, action, *why);
  if (!can_be_restored(*environment, action.flow_id)) return nothing_to_restore();
  return accepted(daemon, call, action, daemon.restore_flow(environment->id, action.flow_id));
}

net::Answer answer_adopt_form(Daemon& daemon, const Call& call) {
  const auto environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return unknown_environment();
  const std::string& flow_id = call.arguments[1];
  if (!can_be_adopted(*environment, flow_id)) return nothing_to_restore();
  return form_answer(daemon, call,
                     {.title = "Adopt " + flow_id,
                      .question = "Merge these edits of the console into the sources of " + environment->branch +
                                  ", as a new branch to review? Nothing is deployed. Where the daemon may not push, "
                                  "you get a patch.",
                      .edits = look_of_flow(*environment, flow_id).edits,
                      .button = "Adopt the console's version",
                      .back = "/environments/" + environment->key});
}

net::Answer answer_adopt(Daemon& daemon, const Call& call) {
  const auto environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return unknown_environment();
  const Action action{.name = "adopt", .environment = *environment, .flow_id = call.arguments[1]};
  if (const auto why = forgery(daemon, call)) return refuse_forgery(daemon, call, action, *why);
  if (!can_be_adopted(*environment, action.flow_id)) return nothing_to_restore();
  const Adoption adoption = daemon.adopt_flow(environment->id, action.flow_id);
  switch (adoption.outcome) {
    case Adoption::Outcome::pushed:
      log_action(daemon, call, action, "pushed as " + adoption.branch);
      return page_answer(done_page({.title = "Adopted " + action.flow_id,
                                    .text = "The console's version is on the branch " + adoption.branch +
                                            ". Review and merge it; the next deployment then finds nothing to do.",
                                    .warnings = adoption.warnings,
                                    .back = "/environments/" + environment->key}));
    case Adoption::Outcome::patch:
      log_action(daemon, call, action, "downloaded as a patch, since it could not be pushed: " + adoption.why);
      return download(action.flow_id + ".patch", adoption.patch);
    case Adoption::Outcome::nothing:
      break;
  }
  log_action(daemon, call, action, "not adopted: " + adoption.why);
  return text_answer(409, "Not adopted: " + adoption.why + "\n");
}

}  // namespace flowship::daemon
