#include "deploy/apply/apply.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "deploy/ledger/kept_export.hpp"
#include "deploy/live/live_state.hpp"
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

/// Whether the service now has what `change` sent; nothing if it can't be queried.
std::optional<bool> has_arrived(const Change& change, api::Service& service) {
  const api::Exported exported = service.export_flow(change.flow_id);
  if (!exported.outcome.ok()) return std::nullopt;
  if (exported.absent()) return false;
  const flow::Flow held = flow::flow_of_export(exported.document, exported.flow);
  return flow::holds(held, *change.flow, change.before ? &*change.before : nullptr);
}

/// What became of one step.
struct Done {
  FlowResult result;
  std::string returned;
  std::vector<std::string> warnings;
  bool credentials_refused = false;
};

/// State shared by the threads: which step may start next, and how each one ended.
class Run {
 public:
  Run(const Plan& plan, api::Service& service, const DeployOptions& options, const StopSignal& stop, Progress& progress)
      : service_(service), options_(options), stop_(stop), progress_(progress) {
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
    Applied applied{.flows = {}, .returned = {}, .warnings = {}, .credentials_refused = credentials_refused_};
    for (auto& [change, state, done] : steps_) {
      if (!done.returned.empty()) applied.returned.emplace(change->flow_id, std::move(done.returned));
      applied.warnings.insert(applied.warnings.end(), done.warnings.begin(), done.warnings.end());
      applied.flows.push_back(std::move(done.result));
    }
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
    // Nothing is deleted while a flow that used it may still be in flight.
    if (step.change->action == Action::remove) {
      return std::all_of(steps_.begin(), steps_.end(), [](const Step& other) {
        return other.state == State::done || other.change->action == Action::remove;
      });
    }
    return std::all_of(step.change->after.begin(), step.change->after.end(),
                       [this](const std::string& id) { return steps_[place_.at(id)].state == State::done; });
  }

  /// Why a step must not start; empty if it may.
  std::string why_not(const Step& step) const {
    if (credentials_refused_) return "not tried: the service refused the key";
    if (stop_.requested()) return "not tried: the deployment was stopped";
    if (options_.atomic && failed_) return "not tried: another flow failed";
    for (const std::string& id : step.change->after) {
      const Step& subflow = steps_[place_.at(id)];
      if (subflow.state == State::done && !is_done(subflow.done.result.outcome)) {
        return "not tried: its subflow `" + id + "` was not deployed";
      }
    }
    return {};
  }

  static Done skipped(const Change& change, const std::string& why) {
    Done done{.result = pending_result(change), .returned = {}, .warnings = {}};
    done.result.outcome = FlowOutcome::skipped;
    done.result.error = why;
    return done;
  }

  /// One step, request and all. Lets no exception out, since it runs in a thread of its own.
  Done send(const Change& change) {
    Done done{.result = pending_result(change), .returned = {}, .warnings = {}};
    if (const std::optional<FlowResult> result = result_without_request(change)) {
      done.result = *result;
      const bool is_there = change.live && change.live->version;
      if (change.treatment == Treatment::record && is_there) done.returned = change.live->version->text;
      return done;
    }
    done.result.outcome = FlowOutcome::failed;
    try {
      if (change.action == Action::remove) {
        conclude(service_.delete_flow(change.flow_id), done);
        if (done.result.outcome == FlowOutcome::deployed) done.result.outcome = FlowOutcome::deleted;
        return done;
      }
      import(change, done);
      if (done.result.outcome == FlowOutcome::deployed && options_.read_back) read_back(change, done);
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

  void import(const Change& change, Done& done) {
    const auto arrived = [&] { return has_arrived(change, service_); };
    const std::optional<bool> is_there = change.uncertain && !change.live ? arrived() : std::optional(false);
    if (!is_there) {
      done.result.error = "not sent: an earlier attempt may have arrived, and the service could not be queried";
    } else if (*is_there) {
      done.result.outcome = FlowOutcome::deployed;
    } else {
      const std::string payload = flow::import_payload(*change.flow);
      if (has_digests(payload)) {
        done.result.error = "not sent: it has a digest from the ledger in place of a secret";
        done.result.hint = "put the secret itself, or better a reference to a connector, in its place";
      } else {
        conclude(service_.import_flow(payload, arrived), done);
      }
    }
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
    const bool never_sent = failure.kind == api::Failure::Kind::stopped && outcome.attempts == 0;
    if (never_sent) done.result.outcome = FlowOutcome::skipped;
    done.credentials_refused = failure.kind == api::Failure::Kind::credentials;
  }

  /// Exports the flow again, and warns of what was lost or changed; what the service adds is its own.
  void read_back(const Change& change, Done& done) const {
    const api::Exported exported = service_.export_flow(change.flow_id);
    if (!exported.outcome.ok() || exported.absent()) {
      const std::string why =
          exported.outcome.ok() ? "the service has no such flow" : exported.outcome.failure->message;
      done.warnings.push_back("`" + change.flow_id + "` was imported but could not be read back: " + why);
      return;
    }
    done.returned = json::readable(exported.flow);
    const flow::Flow held = flow::flow_of_export(exported.document, exported.flow);
    constexpr int kMost = 5;
    int told = 0;
    for (const json::Difference& difference : flow::differences(*change.flow, held)) {
      if (!difference.before || json::is_empty(difference.before) || ++told > kMost) continue;
      done.warnings.push_back("the service changed `" + change.flow_id + "` on import: " +
                              printable(difference.pointer) + (difference.after ? " differs" : " is missing"));
    }
  }

  void finish(Step& step, Done done) {
    credentials_refused_ = credentials_refused_ || done.credentials_refused;
    failed_ = failed_ || done.result.outcome == FlowOutcome::failed;
    step.done = std::move(done);
    step.state = State::done;
    progress_.done(step.done.result);
    changed_.notify_all();
  }

  api::Service& service_;
  const DeployOptions& options_;
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

Applied apply(const Plan& plan, api::Service& service, const DeployOptions& options, const StopSignal& stop,
              Progress& progress) {
  Run run(plan, service, options, stop, progress);
  progress.started(run.size());
  for_each_in_parallel(std::min(run.size(), static_cast<std::size_t>(std::max(options.concurrency, 1))), run.size(),
                       [&run](std::size_t) { run.work(); });
  progress.finished();
  return run.result();
}

std::optional<FlowResult> result_without_request(const Change& change) {
  if (change.treatment == Treatment::send) return std::nullopt;
  FlowResult result = pending_result(change);
  switch (change.treatment) {
    case Treatment::send:
    case Treatment::record:
      result.outcome = FlowOutcome::unchanged;
      break;
    case Treatment::leave:
      result.outcome = FlowOutcome::drifted;
      result.error = drift_text(change.live->differences);
      break;
    case Treatment::withhold:
      result.outcome = FlowOutcome::skipped;
      result.error = "not sent: another flow of the plan has drifted";
      break;
  }
  return result;
}

}  // namespace flowship::deploy
