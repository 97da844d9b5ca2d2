#include "daemon/jobs/job_progress.hpp"

#include <vector>

namespace flowship::daemon {

void JobProgress::started(std::size_t steps) {
  status_store_.job_progressed(id_, [&](RunningJob& job) { job.steps = steps; });
}

void JobProgress::sending(const deploy::Change&) {
  task_.progressed();
  status_store_.job_progressed(id_, [](RunningJob& job) { job.pause.clear(); });
}

void JobProgress::waiting(const std::string& why) {
  task_.pauses();
  status_store_.job_progressed(id_, [&](RunningJob& job) { job.pause = why; });
  log_.info("waiting", {{"why", why}});
}

void JobProgress::done(const deploy::FlowResult& result) {
  task_.progressed();
  status_store_.job_progressed(id_, [](RunningJob& job) {
    ++job.done;
    job.pause.clear();
  });
  std::vector<LogField> fields{{"flow", result.flow_id},
                               {"action", std::string(to_text(result.action))},
                               {"outcome", std::string(to_text(result.outcome))},
                               {"attempts", std::to_string(result.attempts)}};
  if (!result.error.empty()) fields.emplace_back("error", result.error);
  const bool failed = result.outcome == deploy::FlowOutcome::failed;
  failed ? log_.error("flow", fields) : log_.info("flow", fields);
}

}  // namespace flowship::daemon
