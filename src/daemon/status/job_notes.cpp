#include "daemon/status/job_notes.hpp"

#include "base/text/pluralize.hpp"

namespace flowship::daemon {

namespace {

using html::filled;
using html::Markup;
using html::time;

Markup trouble(const EnvironmentStatus& environment, Buttons buttons) {
  if (environment.failing_since) {
    return filled("failing", {{"since", time(*environment.failing_since)},
                              {"failure", report::markup_words(environment.failure)},
                              {"button", html::button(buttons, "retry", environment)}});
  }
  return environment.not_followed.empty() ? Markup() : filled("no-branch", {{"why", environment.not_followed}});
}

Markup running(const EnvironmentStatus& environment) {
  const std::optional<RunningJob>& job = environment.running;
  if (!job) return {};
  const Markup progress = job->steps == 0 ? Markup()
                                          : filled("progress", {{"flows", std::to_string(job->steps)},
                                                                {"done", std::to_string(job->done)},
                                                                {"count", pluralize(job->steps, "flow")}});
  return filled("running", {{"commit", html::commit(job->commit, environment.commit_pages)},
                            {"job", job->id},
                            {"since", time(job->since)},
                            {"progress", progress},
                            {"pause", job->pause.empty() ? Markup() : filled("pause", {{"why", job->pause}})}});
}

Markup waiting(const EnvironmentStatus& environment) {
  const std::optional<WaitingJob>& job = environment.waiting;
  if (!job) return {};
  if (job->lease) {
    return filled("waiting-for-lease", {{"commit", html::commit(job->commit, environment.commit_pages)},
                                        {"holder", job->lease->holder},
                                        {"since", time(job->lease->since)}});
  }
  return filled("waiting", {{"commit", html::commit(job->commit, environment.commit_pages)},
                            {"chosen", chosen_text(job->chosen)},
                            {"since", time(job->since)},
                            {"failures", job->failures > 0 ? ", after " + pluralize(job->failures, "failure") : ""},
                            {"next", job->not_before ? ", next attempt " + time(*job->not_before) : Markup()}});
}

}  // namespace

Markup job_notes(const EnvironmentStatus& environment, Buttons buttons) {
  return trouble(environment, buttons) + running(environment) + waiting(environment);
}

Markup chosen_text(const std::vector<std::string>& chosen) {
  std::string flows;
  for (const std::string& flow : chosen) flows += (flows.empty() ? "" : ", ") + flow;
  return flows.empty() ? Markup() : filled("only", {{"flows", flows}});
}

}  // namespace flowship::daemon
