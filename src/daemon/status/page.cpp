#include "daemon/status/page.hpp"

#include "base/text/percent.hpp"
#include "base/text/pluralize.hpp"
#include "daemon/status/html.hpp"
#include "daemon/status/job_notes.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

using html::badge;
using html::filled;
using html::Markup;
using html::time;

std::string_view kind_of(JobOutcome outcome) {
  if (outcome == JobOutcome::deployed || outcome == JobOutcome::unchanged) return "good";
  if (outcome == JobOutcome::partial || outcome == JobOutcome::drifted) return "warn";
  return is_failure(outcome) ? "bad" : "quiet";
}

std::string_view kind_of(deploy::FlowOutcome outcome) {
  switch (outcome) {
    case deploy::FlowOutcome::deployed:
    case deploy::FlowOutcome::deleted:
    case deploy::FlowOutcome::unchanged:
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

/// `90 s`, `15 min`.
std::string minutes(std::chrono::milliseconds length) {
  const auto time = std::chrono::round<std::chrono::seconds>(length);
  constexpr std::chrono::seconds kInSeconds{120};
  return time < kInSeconds ? std::to_string(time.count()) + " s"
                           : std::to_string(std::chrono::duration_cast<std::chrono::minutes>(time).count()) + " min";
}

Markup fact(std::string_view term, const Markup& value) { return filled("fact", {{"term", term}, {"value", value}}); }

Markup flow_items(const EnvironmentStatus& environment, const std::vector<deploy::FlowResult>& flows) {
  Markup items;
  for (const deploy::FlowResult& flow : flows) {
    items += filled("flow", {{"badge", badge(kind_of(flow.outcome), to_text(flow.outcome))},
                             {"action", to_text(flow.action)},
                             {"flow", html::link(environment, flow.flow_id)},
                             {"error", html::paragraph("error", flow.error)},
                             {"hint", html::paragraph("hint", flow.hint)}});
  }
  return items.empty() ? items : filled("flows", {{"flows", items}});
}

/// One environment as a card.
class Card {
 public:
  Card(const EnvironmentStatus& environment, std::size_t number, Buttons buttons)
      : environment_(environment), id_("environment-" + std::to_string(number)), buttons_(buttons) {}

  Markup html() const {
    const html::Look look = html::look_of(state_of(environment_));
    const std::optional<Deployed>& deployed = environment_.deployed;
    return filled(
        "card", {{"kind", look.kind},
                 {"id", id_},
                 {"name", html::link(environment_)},
                 {"badge", badge(look.kind, look.word)},
                 {"deployed",
                  deployed ? filled("deployed", {{"commit", html::commit(deployed->commit, environment_.commit_pages)}})
                           : filled("not-deployed")},
                 {"facts", facts()},
                 {"notes", flows_note("not-updated", not_updated(environment_)) + job_notes(environment_, buttons_) +
                               drift() + flows_note("left-behind", environment_.left_behind)},
                 {"recent", recent()}});
  }

 private:
  Markup facts() const {
    Markup facts;
    if (const std::optional<Deployed>& deployed = environment_.deployed) {
      facts += fact("Deployed", time(deployed->time));
      facts += fact("By", deployed->job.empty() ? "an earlier run" : "job " + html::optional("code", deployed->job));
      facts += fact("Flows", std::to_string(deployed->flows));
    }
    facts += fact("Repository", html::optional("name", environment_.id.repository));
    if (!environment_.branch.empty()) facts += fact("Branch", html::optional("name", environment_.branch));
    if (!environment_.project_id.empty()) facts += fact("Project", html::optional("code", environment_.project_id));
    return facts;
  }

  static Markup flows_note(std::string_view skeleton, const std::vector<std::string>& flow_ids) {
    const Markup flows = html::list("names", flow_ids);
    return flows.empty() ? flows : filled(skeleton, {{"flows", flows}});
  }

  Markup drift() const {
    const std::optional<DriftReport>& drift = environment_.drift;
    if (!drift) return {};
    Markup when = "Checked " + time(drift->checked) + ".";
    if (drift->is_stretched()) {
      when += " Checks are " + minutes(drift->apart) + " apart instead of " + minutes(drift->interval) +
              ": more don't fit beside the deployments.";
    }
    const Markup checked = filled("when", {{"text", when}});
    Markup note;
    if (!drift->error.empty()) {
      note = filled("drift-unknown", {{"error", report::markup_words(drift->error)}, {"checked", checked}});
    } else if (!drift->any() && drift->unknown.empty()) {
      note = filled("no-drift", {{"badge", badge("good", "No drift")}, {"checked", checked}});
    } else if (drift->any()) {
      note = filled("drift", {{"edited", drifted("edited in the console", drift->drifted)},
                              {"missing", drifted("deleted in the console", drift->missing)},
                              {"next", next_step(*drift)},
                              {"checked", checked}});
    } else {
      note = checked;
    }
    if (!drift->unknown.empty())
      note += filled("unreadable", {{"flows", drifted("that can't be exported", drift->unknown)}});
    if (drift->unmanaged.empty()) return note;
    return note + filled("unmanaged", {{"id", id_},
                                       {"count", pluralize(drift->unmanaged.size(), "flow")},
                                       {"flows", html::list("names", drift->unmanaged)}});
  }

  Markup drifted(std::string_view how, const std::vector<std::string>& flows) const {
    if (flows.empty()) return {};
    Markup items;
    for (const std::string& flow : flows) {
      const auto edits = environment_.drift->edits.find(flow);
      const Markup sentences = edits == environment_.drift->edits.end() ? Markup() : html::list("edits", edits->second);
      items += filled("drifted-flow", {{"flow", html::link(environment_, flow)}, {"edits", sentences}});
    }
    return filled("drifted", {{"count", pluralize(flows.size(), "flow")}, {"how", how}, {"flows", items}});
  }

  Markup recent() const {
    Markup jobs;
    for (const FinishedJob& job : environment_.recent) jobs += finished(job);
    return jobs.empty() ? filled("no-jobs") : filled("jobs", {{"jobs", jobs}});
  }

  Markup finished(const FinishedJob& job) const {
    std::string counts;
    if (!job.flows.empty()) counts += " · " + pluralize(job.flows.size(), "flow");
    if (job.tries > 1) counts += " · " + std::to_string(job.tries) + " attempts";
    Markup origin;
    if (!job.id.empty()) {
      origin += "Job " + html::optional("code", job.id) + ", trigger: " + to_text(job.trigger) + ". ";
    }
    origin += chosen_text(job.chosen);
    if (!job.record.empty()) origin += "Record " + html::optional("code", job.record.substr(0, 8)) + ". ";
    return filled("job", {{"id", id_ + "-job-" + (job.id.empty() ? job.record : job.id)},
                          {"badge", badge(kind_of(job.outcome), to_text(job.outcome))},
                          {"commit", html::commit(job.commit, {})},
                          {"finished", time(job.finished)},
                          {"counts", counts},
                          {"link", link(job.commit)},
                          {"losses", html::losses(job.losses)},
                          {"error", html::paragraph("error", job.error)},
                          {"hint", html::paragraph("hint", job.hint)},
                          {"findings", html::list("findings", job.findings)},
                          {"flows", flow_items(environment_, job.flows)},
                          {"warnings", html::list("warnings", job.warnings)},
                          {"origin", origin},
                          {"unchanged", std::to_string(job.unchanged)}});
  }

  /// The commit with its link, which has no place in a summary.
  Markup link(const CommitLine& commit) const {
    if (environment_.commit_pages.empty()) return {};
    return filled("job-commit", {{"commit", html::commit(commit, environment_.commit_pages)}});
  }

  const EnvironmentStatus& environment_;
  const std::string id_;
  const Buttons buttons_;
};

/// The overall state as one badge.
Markup summary_badge(const DaemonStatus& status, const Health& health) {
  if (!health.ready) return badge("bad", "Needs attention");
  const auto is = [&](State state) {
    return std::any_of(status.environments.begin(), status.environments.end(),
                       [&](const EnvironmentStatus& one) { return state_of(one) == state; });
  };
  if (is(State::failing)) return badge("bad", "Failing");
  if (is(State::running) || is(State::waiting)) return badge("busy", "Deploying");
  if (is(State::drifted)) return badge("warn", "Drifted");
  if (is(State::unknown)) return badge("warn", "Unknown");
  return badge("good", "All up to date");
}

Markup fetch_badge(const MirrorStatus& mirror) {
  if (mirror.reachable) return badge("good", "fetched");
  return mirror.since ? badge("bad", "unreachable") : badge("quiet", "not yet");
}

Markup repository(const MirrorStatus& mirror) {
  return filled("repository",
                {{"badge", fetch_badge(mirror)},
                 {"name", mirror.repository},
                 {"fetched", mirror.last_fetch ? " " + filled("when", {{"text", time(*mirror.last_fetch)}}) : Markup()},
                 {"failure", html::paragraph("error", mirror.failure)}});
}

/// The search field, where there is something to search in.
Markup search(const DaemonStatus& status, const View& view) {
  if (status.environments.size() < 2 && view.environment.empty()) return {};
  return filled("search", {{"environment", view.environment}});
}

/// What precedes the page's number in a query.
std::string query_of(const View& view) {
  return view.environment.empty() ? "" : "environment=" + percent_encoded(view.environment, "-._~") + "&";
}

}  // namespace

std::string status_page(const DaemonStatus& status, Time now, const View& view, Buttons buttons) {
  const Health health = health_of(status, now);
  const ViewPage page = page_of(status, view);
  Markup cards;
  for (std::size_t index = 0; index < page.environments.size(); ++index) {
    cards += Card(*page.environments[index], index, buttons).html();
  }
  if (page.total == 0 && !view.environment.empty()) {
    cards = filled("no-match", {{"environment", view.environment}});
  }
  Markup repositories;
  for (const MirrorStatus* mirror : page.mirrors) repositories += repository(*mirror);
  if (!repositories.empty()) repositories = filled("repositories", {{"repositories", repositories}});
  const Markup reasons = html::list("reasons", health.reasons);
  const Markup body = filled("status", {{"summary", summary_badge(status, health)},
                                        {"search", search(status, view)},
                                        {"pager", html::pager({.path = "/",
                                                               .query = query_of(view),
                                                               .page = page.page,
                                                               .pages = page.pages,
                                                               .count = pluralize(page.total, "environment")})},
                                        {"version", std::to_string(status.version)},
                                        {"reasons", health.ready ? reasons : filled("reasons", {{"reasons", reasons}})},
                                        {"cards", cards},
                                        {"repositories", repositories},
                                        {"started", time(status.started)}});
  return filled("page", {{"title", "flowship: deployments"}, {"body", body}}).str();
}

}  // namespace flowship::daemon
