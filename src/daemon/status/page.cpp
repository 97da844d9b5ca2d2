#include "daemon/status/page.hpp"

#include "base/text/pluralize.hpp"
#include "daemon/status/html.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

using html::badge;
using html::text;

struct Look {
  std::string_view kind;
  std::string_view word;
};

Look look_of(State state) {
  switch (state) {
    case State::failing:
      return {"bad", "Failing"};
    case State::running:
      return {"busy", "Deploying"};
    case State::waiting:
      return {"busy", "Waiting"};
    case State::drifted:
      return {"warn", "Drifted"};
    case State::live:
      return {"good", "Live"};
    case State::unfollowed:
      return {"quiet", "No branch"};
    case State::empty:
      return {"quiet", "Nothing yet"};
  }
  return {"quiet", "Nothing yet"};
}

std::string_view kind_of(JobOutcome outcome) {
  if (outcome == JobOutcome::deployed || outcome == JobOutcome::unchanged) return "good";
  if (outcome == JobOutcome::partial || outcome == JobOutcome::drifted) return "warn";
  return is_failure(outcome) ? "bad" : "quiet";
}

std::string_view kind_of(deploy::FlowOutcome outcome) {
  switch (outcome) {
    case deploy::FlowOutcome::deployed:
      return "good";
    case deploy::FlowOutcome::failed:
      return "bad";
    case deploy::FlowOutcome::drifted:
    case deploy::FlowOutcome::restored:
      return "warn";
    case deploy::FlowOutcome::pending:
    case deploy::FlowOutcome::skipped:
      return "quiet";
  }
  return "quiet";
}

std::string list_of(const std::vector<std::string>& items, std::string_view kind) {
  if (items.empty()) return "";
  std::string html = "<ul class=\"" + std::string(kind) + "\">\n";
  for (const std::string& item : items) html += "<li>" + text(item) + "</li>\n";
  return html + "</ul>\n";
}

std::string fact(std::string_view term, const std::string& html) {
  return "<div><dt>" + std::string(term) + "</dt><dd>" + html + "</dd></div>\n";
}

/// One environment as a card.
class Card {
 public:
  Card(const EnvironmentStatus& environment, std::size_t number)
      : environment_(environment), id_("environment-" + std::to_string(number)) {}

  std::string html() {
    const Look look = look_of(state_of(environment_));
    html_ = "<section class=\"card " + std::string(look.kind) + "\" aria-labelledby=\"" + id_ +
            "\">\n<header><h2 id=\"" + id_ + "\"><bdi>" + text(environment_.key) + "</bdi></h2>" +
            badge(look.kind, look.word) + "</header>\n";
    add_deployed();
    add_troubles();
    add_running();
    add_waiting();
    add_drift();
    add_recent();
    return std::move(html_) + "</section>\n";
  }

 private:
  void add_deployed() {
    const std::optional<Deployed>& deployed = environment_.deployed;
    if (deployed) {
      html_ += "<p class=\"deployed\">" + html::commit(deployed->commit) + "</p>\n<dl class=\"facts\">\n";
      html_ += fact("Deployed", html::time(deployed->time));
      html_ += fact("By", deployed->job.empty() ? "an earlier run" : "job <code>" + text(deployed->job) + "</code>");
      html_ += fact("Flows", std::to_string(deployed->flows));
    } else {
      html_ += "<p class=\"deployed none\">Nothing has been deployed yet.</p>\n<dl class=\"facts\">\n";
    }
    html_ += fact("Repository", "<bdi>" + text(environment_.id.repository) + "</bdi>");
    if (!environment_.branch.empty()) html_ += fact("Branch", "<bdi>" + text(environment_.branch) + "</bdi>");
    if (!environment_.project_id.empty())
      html_ += fact("Project", "<code>" + text(environment_.project_id) + "</code>");
    html_ += "</dl>\n";
    const std::vector<std::string> behind = left_behind(environment_);
    if (behind.empty()) return;
    html_ += "<div class=\"note warn\"><p><strong>Not all of it.</strong> As before that commit " +
             std::string(behind.size() == 1 ? "is" : "are") + ":</p>\n" + list_of(behind, "names") + "</div>\n";
  }

  void add_troubles() {
    if (environment_.failing_since) {
      html_ += "<p class=\"note bad\"><strong>Failing since " + html::time(*environment_.failing_since) +
               ".</strong> " + text(environment_.failure) + "</p>\n";
    } else if (!environment_.not_followed.empty()) {
      html_ += "<p class=\"note quiet\">" + text(environment_.not_followed) + "</p>\n";
    }
  }

  void add_running() {
    const std::optional<RunningJob>& job = environment_.running;
    if (!job) return;
    html_ += "<div class=\"note busy\"><p><strong>Deploying</strong> " + html::commit(job->commit) + " as job <code>" +
             text(job->id) + "</code>, since " + html::time(job->since) + ".</p>\n";
    if (job->steps > 0) {
      const std::string most = std::to_string(job->steps);
      const std::string done = std::to_string(job->done);
      html_ += "<p><progress max=\"" + most + "\" value=\"" + done + "\" aria-label=\"Flows done\"></progress> " +
               done + " of " + pluralize(job->steps, "flow") + "</p>\n";
    }
    if (!job->pause.empty()) html_ += "<p>Pausing: " + text(job->pause) + "</p>\n";
    html_ += "</div>\n";
  }

  void add_waiting() {
    const std::optional<WaitingJob>& job = environment_.waiting;
    if (!job) return;
    html_ += "<p class=\"note busy\"><strong>Waiting:</strong> " + html::commit(job->commit) + ", since " +
             html::time(job->since);
    if (job->failures > 0) html_ += ", after " + pluralize(job->failures, "failure");
    if (job->not_before) html_ += ", next try " + html::time(*job->not_before);
    html_ += ".</p>\n";
  }

  void add_drift() {
    const std::optional<DriftReport>& drift = environment_.drift;
    if (!drift) return;
    const std::string when = " <span class=\"when\">Compared " + html::time(drift->checked) + ".</span>";
    if (!drift->error.empty()) {
      html_ +=
          "<p class=\"note warn\"><strong>Drift is not known:</strong> " + text(drift->error) + "." + when + "</p>\n";
    } else if (!drift->any()) {
      html_ += "<p class=\"drift\">" + badge("good", "No drift") + when + "</p>\n";
    } else {
      html_ +=
          "<div class=\"note warn\"><p><strong>The service differs from what was deployed.</strong>" + when + "</p>\n";
      add_drifted("edited on the service", drift->drifted);
      add_drifted("missing on the service", drift->missing);
      html_ += "</div>\n";
    }
    if (!drift->unmanaged.empty()) {
      html_ += "<details id=\"" + id_ + "-unmanaged\"><summary>" + pluralize(drift->unmanaged.size(), "flow") +
               " on the service that this repository does not manage</summary>\n" + list_of(drift->unmanaged, "names") +
               "</details>\n";
    }
  }

  void add_drifted(std::string_view how, const std::vector<std::string>& flows) {
    if (flows.empty()) return;
    html_ += "<p>" + pluralize(flows.size(), "flow") + " " + std::string(how) + ":</p>\n" + list_of(flows, "names");
  }

  void add_recent() {
    html_ += "<h3>Last deployments</h3>\n";
    if (environment_.recent.empty()) {
      html_ += "<p class=\"none\">None yet.</p>\n";
      return;
    }
    html_ += "<ol class=\"jobs\">\n";
    for (const FinishedJob& job : environment_.recent) add_job(job);
    html_ += "</ol>\n";
  }

  void add_job(const FinishedJob& job) {
    const std::string key = !job.id.empty() ? job.id : job.record;
    html_ += "<li><details id=\"" + id_ + "-job-" + text(key) + "\"><summary>" +
             badge(kind_of(job.outcome), to_text(job.outcome)) + " <span class=\"what\">" + html::commit(job.commit) +
             "</span> <span class=\"when\">" + html::time(job.finished);
    if (!job.flows.empty()) html_ += " · " + pluralize(job.flows.size(), "flow");
    if (job.tries > 1) html_ += " · " + std::to_string(job.tries) + " tries";
    html_ += "</span></summary>\n<div class=\"job\">\n";
    if (!job.error.empty()) html_ += "<p class=\"error\">" + text(job.error) + "</p>\n";
    if (!job.hint.empty()) html_ += "<p class=\"hint\">" + text(job.hint) + "</p>\n";
    html_ += list_of(job.findings, "findings");
    add_flows(job);
    html_ += list_of(job.warnings, "warnings");
    html_ += "<p class=\"origin\">";
    if (!job.id.empty())
      html_ += "Job <code>" + text(job.id) + "</code>, by " + std::string(to_text(job.trigger)) + ". ";
    if (!job.record.empty()) html_ += "Record <code>" + text(job.record.substr(0, 8)) + "</code>. ";
    html_ += std::to_string(job.unchanged) + " unchanged.</p>\n</div></details></li>\n";
  }

  void add_flows(const FinishedJob& job) {
    if (job.flows.empty()) return;
    html_ += "<ul class=\"flows\">\n";
    for (const deploy::FlowResult& flow : job.flows) {
      html_ += "<li>" + badge(kind_of(flow.outcome), to_text(flow.outcome)) + " " + std::string(to_text(flow.action)) +
               " <a href=\"/flows/" + text(environment_.key) + "/" + text(flow.flow_id) + "\"><bdi>" +
               text(flow.flow_id) + "</bdi></a>";
      if (!flow.error.empty()) html_ += "<p class=\"error\">" + text(flow.error) + "</p>";
      if (!flow.hint.empty()) html_ += "<p class=\"hint\">" + text(flow.hint) + "</p>";
      html_ += "</li>\n";
    }
    html_ += "</ul>\n";
  }

  const EnvironmentStatus& environment_;
  const std::string id_;
  std::string html_;
};

/// How everything is, in one line.
std::string summary(const DaemonStatus& status, const Health& health) {
  if (!health.ready) return badge("bad", "Needs attention");
  const auto is = [&](State state) {
    return std::any_of(status.environments.begin(), status.environments.end(),
                       [&](const EnvironmentStatus& one) { return state_of(one) == state; });
  };
  if (is(State::failing)) return badge("bad", "Failing");
  if (is(State::running) || is(State::waiting)) return badge("busy", "Deploying");
  if (is(State::drifted)) return badge("warn", "Drifted");
  return badge("good", "All is live");
}

std::string repositories(const DaemonStatus& status) {
  std::string html =
      "<section class=\"repositories\" aria-labelledby=\"repositories\">\n<h2 "
      "id=\"repositories\">Repositories</h2>\n<ul>\n";
  for (const MirrorStatus& mirror : status.mirrors) {
    html += "<li>" +
            (mirror.reachable ? badge("good", "fetched")
                              : badge(mirror.since ? "bad" : "quiet", mirror.since ? "unreachable" : "not yet")) +
            " <bdi>" + text(mirror.repository) + "</bdi>";
    if (mirror.last_fetch) html += " <span class=\"when\">" + html::time(*mirror.last_fetch) + "</span>";
    if (!mirror.failure.empty()) html += "<p class=\"error\">" + text(mirror.failure) + "</p>";
    html += "</li>\n";
  }
  return html + "</ul>\n</section>\n";
}

}  // namespace

std::string status_page(const DaemonStatus& status, Time now) {
  const Health health = health_of(status, now);
  std::string body =
      "<a class=\"skip\" href=\"#main\">Skip to what is deployed</a>\n<header class=\"top\">\n<h1>flowship</h1>\n";
  body += "<p id=\"summary\">" + summary(status, health) + "</p>\n<p id=\"link\" class=\"link\"></p>\n</header>\n";
  body += "<p id=\"news\" class=\"unseen\" aria-live=\"polite\"></p>\n";
  body += "<main id=\"main\" tabindex=\"-1\" data-version=\"" + std::to_string(status.version) + "\">\n";
  if (!health.ready) {
    body +=
        "<div class=\"note bad reasons\"><h2>Needs attention</h2>\n" + list_of(health.reasons, "reasons") + "</div>\n";
  }
  body += "<div class=\"cards\">\n";
  for (std::size_t index = 0; index < status.environments.size(); ++index) {
    body += Card(status.environments[index], index).html();
  }
  body += "</div>\n" + repositories(status) + "</main>\n";
  body += "<footer><p>Running since " + html::time(status.started) +
          ". Also as <a href=\"/api/status\">JSON</a> and <a href=\"/metrics\">metrics</a>.</p></footer>\n";
  return html::document("flowship: what is deployed", body);
}

}  // namespace flowship::daemon
