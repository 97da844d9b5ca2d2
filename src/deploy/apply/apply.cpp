#include "deploy/apply/apply.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text/printable.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/payload.hpp"
#include "json/compare.hpp"
#include "json/readable.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>

namespace flowship::deploy {

namespace {

/// Whether the service now holds what `change` sent; nothing when it can't be asked.
std::optional<bool> has_arrived(const Change& change, api::Service& service) {
  const api::Exported exported = service.export_flow(change.flow_id);
  if (!exported.outcome.ok()) return std::nullopt;
  if (exported.absent()) return false;
  const flow::Flow held = flow::flow_of_export(exported.document, exported.flow);
  return flow::holds(held, *change.flow, change.before ? &*change.before : nullptr);
}

/// The threads' common state: which step may go next, and how each one ended.
class Run {
 public:
  Run(const Plan& plan, api::Service& service, const CarryOutOptions& options, const StopSignal& stop,
      Progress& progress)
      : service_(service), options_(options), stop_(stop), progress_(progress) {
    for (const Change& change : plan.changes) {
      if (change.action == Action::remove && !options.removals.contains(change.flow_id)) continue;
      place_.emplace(change.flow_id, steps_.size());
      steps_.push_back({.change = &change});
    }
  }

  std::size_t size() const { return steps_.size(); }

  /// One thread's work: takes steps until none is left.
  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      Step* step = take(lock);
      if (step == nullptr) return;
      progress_.sending(*step->change);
      lock.unlock();
      Execution::Step done = send(*step->change);
      lock.lock();
      finish(*step, std::move(done));
    }
  }

  Execution result() {
    Execution execution{.steps = {}, .credentials_refused = credentials_refused_};
    for (Step& step : steps_) execution.steps.push_back(std::move(step.done));
    return execution;
  }

 private:
  enum class State { waiting, taken, done };
  struct Step {
    const Change* change;
    State state = State::waiting;
    Execution::Step done = {};
  };

  /// The next step whose subflows are done, once there is one; null when all steps are taken.
  Step* take(std::unique_lock<std::mutex>& lock) {
    while (true) {
      bool waiting = false;
      for (Step& step : steps_) {
        if (step.state != State::waiting) continue;
        if (const std::string why = why_not(step); !why.empty()) {
          finish(step, skipped(*step.change, why));
          continue;
        }
        if (is_ready(step)) {
          step.state = State::taken;
          return &step;
        }
        waiting = true;
      }
      if (!waiting) return nullptr;
      changed_.wait(lock);
    }
  }

  bool is_ready(const Step& step) const {
    // Nothing is removed while a flow that used it may still be under way.
    if (step.change->action == Action::remove) {
      return std::all_of(steps_.begin(), steps_.end(), [](const Step& other) {
        return other.state == State::done || other.change->action == Action::remove;
      });
    }
    return std::all_of(step.change->after.begin(), step.change->after.end(),
                       [this](const std::string& id) { return steps_[place_.at(id)].state == State::done; });
  }

  /// Why a step must not be begun; empty when it may.
  std::string why_not(const Step& step) const {
    if (credentials_refused_) return "not tried, since the service refused the key";
    if (stop_.requested()) return "not tried, since the deployment was stopped";
    if (options_.stop_at_failure && failed_) return "not tried, since another flow failed";
    for (const std::string& id : step.change->after) {
      const Step& subflow = steps_[place_.at(id)];
      if (subflow.state == State::done && subflow.done.result.outcome != FlowOutcome::deployed) {
        return "not tried, since its subflow `" + id + "` was not deployed";
      }
    }
    return {};
  }

  static FlowResult result_of(const Change& change, FlowOutcome outcome) {
    return {.flow_id = change.flow_id,
            .action = change.action,
            .outcome = outcome,
            .attempts = 0,
            .error = {},
            .hint = {},
            .paths = change.paths};
  }

  static Execution::Step skipped(const Change& change, const std::string& why) {
    Execution::Step step;
    step.result = result_of(change, FlowOutcome::skipped);
    step.result.error = why;
    return step;
  }

  /// One step, request and all. Lets no exception out, since it runs in a thread of its own.
  Execution::Step send(const Change& change) {
    Execution::Step step;
    step.result = result_of(change, FlowOutcome::failed);
    try {
      if (settled_by_sighting(change, step)) return step;
      if (change.action == Action::remove) {
        conclude(service_.delete_flow(change.flow_id), step);
        return step;
      }
      const bool was_seen = options_.sightings.contains(change.flow_id);
      const std::optional<bool> arrived =
          change.uncertain && !was_seen ? has_arrived(change, service_) : std::optional(false);
      if (!arrived) {
        step.result.error = "not sent, since what the service holds of it is not certain, and it could not be asked";
        return step;
      }
      if (*arrived) {
        step.result.outcome = FlowOutcome::deployed;
      } else {
        conclude(
            service_.import_flow(flow::import_payload(*change.flow), [&] { return has_arrived(change, service_); }),
            step);
      }
      if (step.result.outcome == FlowOutcome::deployed && options_.read_back) read_back(change, step);
    } catch (const Error& error) {
      step.result.error = error.message();
      step.result.hint = error.hint();
      // Whether a request had gone out by then can't be told here.
      step.unknown = true;
    } catch (const std::exception& error) {
      step.result.error = std::string("unexpected: ") + error.what();
      step.unknown = true;
    }
    return step;
  }

  /// Whether what the service was seen to hold makes a request needless or forbids it.
  bool settled_by_sighting(const Change& change, Execution::Step& step) const {
    const auto found = options_.sightings.find(change.flow_id);
    if (found == options_.sightings.end()) return false;
    const Sighting& sighting = found->second;
    // Somebody's edit may be overwritten where that is wanted, but it is never deleted.
    const bool leave = options_.skip_drifted || change.action == Action::remove;
    if (sighting.state == Sighting::State::drifted && leave) {
      step.result.outcome = FlowOutcome::drifted;
      step.result.error = drift_text(sighting.differences);
      return true;
    }
    const bool is_gone = change.action == Action::remove && sighting.state == Sighting::State::absent;
    if (sighting.state != Sighting::State::as_wanted && !is_gone) return false;
    step.result.outcome = FlowOutcome::deployed;
    if (sighting.held) step.after = sighting.held->text;
    return true;
  }

  static void conclude(const api::Outcome& outcome, Execution::Step& step) {
    step.result.attempts = outcome.attempts;
    if (outcome.ok()) {
      step.result.outcome = FlowOutcome::deployed;
      return;
    }
    const api::Failure& failure = *outcome.failure;
    step.result.error = failure.message;
    step.result.hint = failure.hint;
    step.unknown = failure.kind == api::Failure::Kind::unknown;
    const bool never_sent = failure.kind == api::Failure::Kind::stopped && outcome.attempts == 0;
    if (never_sent) step.result.outcome = FlowOutcome::skipped;
    step.credentials_refused = failure.kind == api::Failure::Kind::credentials;
  }

  /// Asks what the service made of an import, and tells what of it is lost or changed; what it adds is its own.
  void read_back(const Change& change, Execution::Step& step) const {
    const api::Exported exported = service_.export_flow(change.flow_id);
    if (!exported.outcome.ok() || exported.absent()) {
      const std::string why =
          exported.outcome.ok() ? "the service does not have it" : exported.outcome.failure->message;
      step.warnings.push_back("`" + change.flow_id + "` was imported but could not be read back: " + why);
      return;
    }
    step.after = json::readable(exported.flow);
    const flow::Flow held = flow::flow_of_export(exported.document, exported.flow);
    constexpr int kMost = 5;
    int told = 0;
    for (const json::Difference& difference : flow::differences(*change.flow, held)) {
      if (!difference.before || json::is_empty(difference.before) || ++told > kMost) continue;
      step.warnings.push_back("the service does not hold `" + change.flow_id + "` as it was sent: " +
                              printable(difference.pointer) + (difference.after ? " differs" : " is missing"));
    }
  }

  void finish(Step& step, Execution::Step done) {
    credentials_refused_ = credentials_refused_ || done.credentials_refused;
    failed_ = failed_ || done.result.outcome == FlowOutcome::failed;
    step.done = std::move(done);
    step.state = State::done;
    progress_.done(step.done.result);
    changed_.notify_all();
  }

  api::Service& service_;
  const CarryOutOptions& options_;
  const StopSignal& stop_;
  Progress& progress_;
  std::vector<Step> steps_;
  std::map<std::string, std::size_t> place_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool credentials_refused_ = false;
  bool failed_ = false;
};

}  // namespace

Execution carry_out(const Plan& plan, api::Service& service, const CarryOutOptions& options, const StopSignal& stop,
                    Progress& progress) {
  Run run(plan, service, options, stop, progress);
  progress.started(run.size());
  for_each_in_parallel(std::min(run.size(), static_cast<std::size_t>(std::max(options.concurrency, 1))), run.size(),
                       [&run](std::size_t) { run.work(); });
  progress.finished();
  return run.result();
}

}  // namespace flowship::deploy
