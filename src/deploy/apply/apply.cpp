#include "deploy/apply/apply.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "check/rules/secrets.hpp"
#include "deploy/apply/read_back.hpp"
#include "deploy/ledger/kept_export.hpp"
#include "flow/model/payload.hpp"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <map>
#include <mutex>

namespace flowship::deploy {

namespace {

/// What became of one step.
struct Done {
  FlowResult result;
  bool credentials_refused = false;
};

/// State shared by the threads: which step may start next, and how each one ended.
class Run {
 public:
  Run(const Plan& plan, api::Service& service, const DeployOptions& options, const Context& context)
      : service_(service), options_(options), note_(plan.note), stop_(context.stop), progress_(context.progress) {
    for (const Change& change : plan.changes) {
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
      Done done = send(*step->change);
      lock.lock();
      finish(*step, std::move(done));
    }
  }

  Applied result() {
    Applied applied;
    applied.credentials_refused = credentials_refused_;
    for (auto& [change, state, done] : steps_) applied.flows.push_back(std::move(done.result));
    return applied;
  }

 private:
  enum class State { waiting, taken, done };
  struct Step {
    const Change* change;
    State state = State::waiting;
    Done done = {};
  };

  /// Waits for a step whose subflows are done; null when none is left.
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
    // Deletions come last.
    const bool is_early =
        step.change->action == Action::remove && std::any_of(steps_.begin(), steps_.end(), [](const Step& other) {
          return other.state != State::done && other.change->action != Action::remove;
        });
    if (is_early) return false;
    return std::all_of(step.change->after.begin(), step.change->after.end(),
                       [this](const std::string& id) { return steps_[place_.at(id)].state == State::done; });
  }

  /// Why a step must not start; empty if it may.
  std::string why_not(const Step& step) const {
    if (credentials_refused_) return "not tried: the service refused the key";
    if (stop_.requested()) return "not tried: the deployment was stopped";
    if (options_.atomic && failed_) return "not tried: another flow failed";
    for (const std::string& id : step.change->after) {
      const Step& earlier = steps_[place_.at(id)];
      if (step.change->action == Action::remove) {
        if (earlier.state == State::done && !is_done(earlier.done.result.outcome)) {
          return "not tried: `" + id + "`, which runs it, was not deployed";
        }
        continue;
      }
      // One that was edited in the console is there all the same.
      const bool is_there = earlier.done.result.outcome == FlowOutcome::drifted && !earlier.done.result.absent;
      if (earlier.state == State::done && !is_done(earlier.done.result.outcome) && !is_there) {
        return "not tried: its subflow `" + id + "` was not deployed";
      }
    }
    return {};
  }

  static Done skipped(const Change& change, const std::string& why) {
    Done done{.result = pending_result(change)};
    done.result.outcome = FlowOutcome::skipped;
    done.result.error = why;
    return done;
  }

  /// One step, request and all. Lets no exception out, since it runs in a thread of its own.
  Done send(const Change& change) {
    Done done{.result = pending_result(change)};
    if (const std::optional<FlowResult> result = result_without_request(change)) {
      done.result = *result;
      return done;
    }
    done.result.outcome = FlowOutcome::failed;
    try {
      if (change.action == Action::remove) {
        conclude(service_.delete_flow(change.flow_id), done);
        if (done.result.outcome == FlowOutcome::deployed) done.result.outcome = FlowOutcome::deleted;
        return done;
      }
      const std::string payload = flow::import_payload(*change.flow);
      flow::rest(*change.flow);
      if (has_digests(payload)) {
        done.result.error = "not sent: it has a digest from the ledger in place of a secret";
        done.result.hint = "put the secret itself, or better a reference to a connector, in its place";
      } else {
        const auto arrival = [&] { return arrival_of(change, service_); };
        conclude(service_.import_flow(payload, arrival, note_), done);
      }
    } catch (const Error& error) {
      done.result.error = check::with_message_masked(error.message());
      done.result.hint = error.hint();
      // A request may have been sent by then.
      done.result.unknown = true;
    } catch (const std::exception& error) {
      done.result.error = std::string("unexpected: ") + error.what();
      done.result.unknown = true;
    }
    return done;
  }

  static void conclude(const api::Outcome& outcome, Done& done) {
    done.result.attempts = outcome.attempts;
    if (outcome.ok()) {
      done.result.outcome = FlowOutcome::deployed;
      return;
    }
    const api::Failure& failure = *outcome.failure;
    done.result.error = check::with_message_masked(failure.message);
    done.result.hint = failure.hint;
    done.result.unknown = failure.kind == api::Failure::Kind::unknown;
    if (failure.kind == api::Failure::Kind::superseded) done.result.outcome = FlowOutcome::drifted;
    const bool never_sent = failure.kind == api::Failure::Kind::stopped && outcome.attempts == 0;
    if (never_sent) done.result.outcome = FlowOutcome::skipped;
    done.credentials_refused = failure.kind == api::Failure::Kind::credentials;
  }

  void finish(Step& step, Done done) {
    credentials_refused_ = credentials_refused_ || done.credentials_refused;
    failed_ = failed_ || done.result.outcome == FlowOutcome::failed;
    step.done = std::move(done);
    step.state = State::done;
    // What was sent is only done once the service was seen to hold it.
    const bool is_ended = step.done.result.attempts == 0 || !is_done(step.done.result.outcome);
    is_ended ? progress_.done(step.done.result) : progress_.accepted(*step.change);
    changed_.notify_all();
  }

  api::Service& service_;
  const DeployOptions& options_;
  const std::string& note_;
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

Applied apply(const Plan& plan, api::Service& service, const DeployOptions& options, const Context& context,
              const KeepReturned& keep) {
  Run run(plan, service, options, context);
  context.progress.started(run.size());
  for_each_in_parallel(std::min(run.size(), static_cast<std::size_t>(std::max(options.concurrency, 1))), run.size(),
                       [&run](std::size_t) { run.work(); });
  Applied applied = run.result();
  applied.is_cut_off = has_cut_off(service, applied.flows);
  read_back(plan, service, options, context, keep, applied);
  context.progress.finished();
  return applied;
}

bool has_cut_off(const api::Service& service, const std::vector<FlowResult>& flows) {
  return service.is_cut() &&
         std::any_of(flows.begin(), flows.end(), [](const FlowResult& flow) { return flow.unknown; });
}

std::optional<FlowResult> result_without_request(const Change& change) {
  if (change.treatment == Treatment::send) return std::nullopt;
  FlowResult result = pending_result(change);
  const auto drift = [&] {
    return Drift{.flow_id = change.flow_id,
                 .match = change.live->match,
                 .edits = change.live->edits,
                 .error = change.live->error};
  };
  switch (change.treatment) {
    case Treatment::send:
    case Treatment::record:
      result.outcome = FlowOutcome::unchanged;
      result.tag = change.live ? change.live->tag : std::nullopt;
      break;
    case Treatment::leave:
      result.outcome = FlowOutcome::drifted;
      result.error = drift().sentence();
      result.edits = change.live->edits;
      break;
    case Treatment::unknown:
      result.outcome = FlowOutcome::failed;
      result.error = drift().sentence();
      break;
    case Treatment::withhold:
      result.outcome = FlowOutcome::skipped;
      result.error = "not sent: another flow has drifted";
      break;
  }
  return result;
}

}  // namespace flowship::deploy
