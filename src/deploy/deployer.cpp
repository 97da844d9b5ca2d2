#include "deploy/deployer.hpp"

#include "base/error.hpp"
#include "flow/compare.hpp"
#include "flow/payload.hpp"
#include "flow/reading.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>
#include <thread>

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
  Run(const Plan& plan, api::Service& service, const StopSignal& stop, Progress& progress)
      : service_(service), stop_(stop), progress_(progress) {
    for (const Change& change : plan.changes) {
      if (change.action == Action::remove) continue;
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
    return std::all_of(step.change->after.begin(), step.change->after.end(),
                       [this](const std::string& id) { return steps_[place_.at(id)].state == State::done; });
  }

  /// Why a step must not be begun; empty when it may.
  std::string why_not(const Step& step) const {
    if (credentials_refused_) return "not tried, since the service refused the key";
    if (stop_.requested()) return "not tried, since the deployment was stopped";
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
    Execution::Step step{.result = result_of(change, FlowOutcome::skipped)};
    step.result.error = why;
    return step;
  }

  Execution::Step send(const Change& change) {
    Execution::Step step{.result = result_of(change, FlowOutcome::failed)};
    try {
      if (change.uncertain && has_arrived(change, service_) == true) {
        step.result.outcome = FlowOutcome::deployed;
        return step;
      }
      const api::Outcome outcome =
          service_.import_flow(flow::import_payload(*change.flow), [&] { return has_arrived(change, service_); });
      step.result.attempts = outcome.attempts;
      if (outcome.ok()) {
        step.result.outcome = FlowOutcome::deployed;
        return step;
      }
      const api::Failure& failure = *outcome.failure;
      step.result.error = failure.message;
      step.result.hint = failure.hint;
      step.unknown = failure.kind == api::Failure::Kind::unknown;
      if (failure.kind == api::Failure::Kind::stopped && outcome.attempts == 0) {
        step.result.outcome = FlowOutcome::skipped;
      }
      step.credentials_refused = failure.kind == api::Failure::Kind::credentials;
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

  void finish(Step& step, Execution::Step done) {
    credentials_refused_ = credentials_refused_ || done.credentials_refused;
    step.done = std::move(done);
    step.state = State::done;
    progress_.done(step.done.result);
    changed_.notify_all();
  }

  api::Service& service_;
  const StopSignal& stop_;
  Progress& progress_;
  std::vector<Step> steps_;
  std::map<std::string, std::size_t> place_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool credentials_refused_ = false;
};

}  // namespace

Execution carry_out(const Plan& plan, api::Service& service, int concurrency, const StopSignal& stop,
                    Progress& progress) {
  Run run(plan, service, stop, progress);
  progress.started(run.size());
  const std::size_t count = std::min(run.size(), static_cast<std::size_t>(std::max(concurrency, 1)));
  std::vector<std::thread> threads;
  for (std::size_t number = 0; number < count; ++number) threads.emplace_back([&run] { run.work(); });
  for (std::thread& thread : threads) thread.join();
  progress.finished();
  return run.result();
}

}  // namespace flowship::deploy
