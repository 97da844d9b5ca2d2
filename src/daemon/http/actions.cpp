#include "daemon/http/actions.hpp"

#include "base/hmac.hpp"
#include "daemon/daemon.hpp"
#include "daemon/http/access.hpp"
#include "daemon/http/answers.hpp"
#include "daemon/http/signature.hpp"
#include "daemon/status/environment_page.hpp"
#include "daemon/status/form_page.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace flowship::daemon {

namespace {

/// What is asked for: something for an environment, or for one of its flows.
struct Asked {
  EnvironmentStatus environment;
  std::string flow_id;
  FlowLook look;
};

/// What became of it, for the log and for whoever asked.
struct Started {
  std::string result;
  net::Answer answer;
};

/// One thing that can be started.
struct Action {
  /// The first part of its paths.
  std::string_view name;
  /// Why it is not possible for what is asked; nothing if it is.
  std::optional<std::string> (*obstacle)(const Asked&);
  /// The page that asks.
  Form (*form)(const Asked&);
  Started (*start)(Daemon&, const Asked&);
};

Started queued(const Asked& asked, bool is_new) {
  if (!is_new) {
    return {.result = "nothing to do",
            .answer = problem_answer(409, "Nothing to do", "This is under way already, or no commit is known yet.",
                                     &asked.environment)};
  }
  net::Answer answer = text_answer(303, "Queued.\n");
  answer.headers.add("Location", html::path_of(asked.environment));
  return {.result = "queued", .answer = std::move(answer)};
}

Form retry_form(const Asked& asked) {
  return {.title = "Deploy again",
          .question = "Deploy the newest commit of " + asked.environment.branch + " to " + asked.environment.key +
                      " now? It is checked and sent like any deployment; what is deployed already is not sent again.",
          .edits = {},
          .button = "Deploy again"};
}

Form restore_form(const Asked& asked) {
  return {.title = "Restore " + asked.flow_id,
          .question = "Overwrite this flow on the service with the newest commit of " + asked.environment.branch +
                      "? The console's version is lost, except for the copy that the ledger keeps:",
          .edits = asked.look.edits,
          .button = "Overwrite the console's version"};
}

Form adopt_form(const Asked& asked) {
  return {
      .title = "Adopt " + asked.flow_id,
      .question = "Merge these edits of the console into the sources of " + asked.environment.branch +
                  ", as a new branch to review? Nothing is deployed. Where the daemon may not push, you get a patch.",
      .edits = asked.look.edits,
      .button = "Adopt the console's version"};
}

Started start_retry(Daemon& daemon, const Asked& asked) { return queued(asked, daemon.retry(asked.environment.id)); }

Started start_restore(Daemon& daemon, const Asked& asked) {
  return queued(asked, daemon.restore_flow(asked.environment.id, asked.flow_id));
}

net::Answer download(const std::string& name, std::string text) {
  net::Answer answer;
  answer.headers.add("Content-Type", "text/x-patch; charset=utf-8");
  answer.headers.add("Content-Disposition", "attachment; filename=\"" + name + "\"");
  answer.body = std::move(text);
  return answer;
}

Started start_adopt(Daemon& daemon, const Asked& asked) {
  const Adoption adoption = daemon.adopt_flow(asked.environment.id, asked.flow_id);
  switch (adoption.outcome) {
    case Adoption::Outcome::pushed: {
      const Message message{.title = "Adopted " + asked.flow_id,
                            .text = "The console's version is on the branch `" + adoption.branch +
                                    "`. Review and merge it; the next deployment then finds nothing to do.",
                            .warnings = adoption.warnings};
      return {.result = "pushed as " + adoption.branch,
              .answer = page_answer(message_page(message, &asked.environment))};
    }
    case Adoption::Outcome::patch:
      return {.result = "downloaded as a patch, since it could not be pushed: " + adoption.why,
              .answer = download(asked.flow_id + ".patch", adoption.patch)};
    case Adoption::Outcome::nothing:
      break;
  }
  return {.result = "not adopted: " + adoption.why,
          .answer = problem_answer(409, "Not adopted", adoption.why, &asked.environment)};
}

std::optional<std::string> no_obstacle(const Asked&) { return std::nullopt; }

std::optional<std::string> restore_obstacle(const Asked& asked) {
  if (!asked.look.is_drift()) return "No drift of this flow is known.";
  return asked.look.is_left_behind ? std::optional(removed_text(asked.environment, asked.flow_id)) : std::nullopt;
}

std::optional<std::string> adopt_obstacle(const Asked& asked) {
  if (asked.look.word == "missing") return "It was deleted in the console, so there is nothing to adopt.";
  return restore_obstacle(asked);
}

constexpr Action kActions[] = {
    {"retry", no_obstacle, retry_form, start_retry},
    {"restore", restore_obstacle, restore_form, start_restore},
    {"adopt", adopt_obstacle, adopt_form, start_adopt},
};

/// The path of a request without its query, which is what a form's proof is for.
std::string path_without_query(const Call& call) {
  return call.request.target.substr(0, call.request.target.find('?'));
}

/// The action of a path that the table of routes has.
const Action& action_of(const Call& call) {
  const std::string path = path_without_query(call);
  const std::string_view name = std::string_view(path).substr(1, path.find('/', 1) - 1);
  return *std::find_if(std::begin(kActions), std::end(kActions),
                       [&](const Action& action) { return action.name == name; });
}

std::optional<Asked> asked_for(const Daemon& daemon, const Call& call) {
  std::optional<EnvironmentStatus> environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return std::nullopt;
  Asked asked{.environment = std::move(*environment), .flow_id = {}, .look = {}};
  if (call.arguments.size() > 1) {
    asked.flow_id = call.arguments[1];
    asked.look = look_of_flow(asked.environment, asked.flow_id);
  }
  return asked;
}

net::Answer impossible(const Asked& asked, const std::string& obstacle) {
  return problem_answer(409, "Not possible", obstacle, &asked.environment);
}

/// What a form of this process has for this path and this status token.
std::string proof_for(const Daemon& daemon, const std::string& path) {
  return hex_signature(daemon.config()->status_token.reveal() + "\n" + path, daemon.form_secret());
}

/// Why a request is not from a form of this process; nothing if it is.
std::optional<std::string> forgery(const Daemon& daemon, const Call& call) {
  if (!is_same_origin(call.request)) return "the request is not from a page of this server";
  if (!same_in_constant_time(call.request.body, "proof=" + proof_for(daemon, path_without_query(call)))) {
    return "the form is out of date; load its page again";
  }
  return std::nullopt;
}

void log_action(const Daemon& daemon, const Call& call, const Asked& asked, const std::string& result) {
  const EnvironmentId& id = asked.environment.id;
  const Log log = daemon.log().with({{"repository", id.repository}, {"environment", id.environment}});
  std::vector<LogField> fields{
      {"action", std::string(action_of(call).name)}, {"who", "status token"}, {"peer", call.request.peer}};
  if (!asked.flow_id.empty()) fields.emplace_back("flow", asked.flow_id);
  fields.emplace_back("result", result);
  log.info("asked for on the page", fields);
}

}  // namespace

net::Answer answer_form(Daemon& daemon, const Call& call) {
  const std::optional<Asked> asked = asked_for(daemon, call);
  if (!asked) return unknown_environment();
  if (const auto obstacle = action_of(call).obstacle(*asked)) return impossible(*asked, *obstacle);
  Form form = action_of(call).form(*asked);
  form.action = path_without_query(call);
  form.proof = proof_for(daemon, form.action);
  net::Answer answer = page_answer(form_page(form, asked->environment));
  // With `no-referrer` browsers would send `Origin: null`.
  answer.headers.add("Referrer-Policy", "same-origin");
  return answer;
}

net::Answer answer_action(Daemon& daemon, const Call& call) {
  const std::optional<Asked> asked = asked_for(daemon, call);
  if (!asked) return unknown_environment();
  if (const std::optional<std::string> why = forgery(daemon, call)) {
    log_action(daemon, call, *asked, "refused: " + *why);
    return problem_answer(403, "Refused", "Nothing was started: " + *why + ".", &asked->environment);
  }
  if (const auto obstacle = action_of(call).obstacle(*asked)) {
    log_action(daemon, call, *asked, "refused: " + *obstacle);
    return impossible(*asked, *obstacle);
  }
  Started started = action_of(call).start(daemon, *asked);
  log_action(daemon, call, *asked, started.result);
  return std::move(started.answer);
}

}  // namespace flowship::daemon
