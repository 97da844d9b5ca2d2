#include "deploy/apply/read_back.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "check/rules/secrets.hpp"
#include "deploy/live/live_state.hpp"
#include "flow/compare/compare.hpp"
#include "flow/describe/description.hpp"

#include <algorithm>
#include <mutex>
#include <utility>

namespace flowship::deploy {

namespace {

constexpr std::chrono::milliseconds kFirstPause{100};
constexpr std::chrono::milliseconds kLongestPause{2'000};

/// What the service holds of a flow that was sent. Nothing: it does not list it.
api::Arrival compared(const Change& change, const flow::Flow* held) {
  const bool was_absent = change.live && !change.live->is_listed;
  if (!change.flow && held == nullptr) return api::Arrival::arrived;
  if (held == nullptr) return was_absent ? api::Arrival::not_arrived : api::Arrival::superseded;
  const flow::Flow* sent_before = change.before ? &*change.before : nullptr;
  if (change.flow && flow::holds(*held, *change.flow, sent_before, flow::Upgrades::ignored)) {
    return api::Arrival::arrived;
  }
  if (was_absent) return api::Arrival::superseded;
  const flow::Flow* before = change.live && change.live->version ? &change.live->version->flow : sent_before;
  return before != nullptr && flow::same(*held, *before) ? api::Arrival::not_arrived : api::Arrival::superseded;
}

/// Looks again and again, until every flow is settled or the time is up.
class ReadBack {
 public:
  ReadBack(const Plan& plan, api::Service& service, const DeployOptions& options, const Context& context,
           const KeepReturned& keep, Applied& applied)
      : plan_(plan), service_(service), options_(options), context_(context), keep_(keep), applied_(applied) {
    for (std::size_t number = 0; number < applied_.flows.size(); ++number) {
      const FlowResult& flow = applied_.flows[number];
      if (flow.attempts > 0 && (is_done(flow.outcome) || flow.unknown)) open_.push_back(number);
      const std::optional<LiveFlow>& live = plan_.changes[number].live;
      if (flow.outcome == FlowOutcome::unchanged && live && live->version) {
        applied_.returned[flow.flow_id].exported = live->version->exported;
      }
    }
  }

  void run() {
    if (open_.empty()) return;
    context_.progress.phase("reading back", open_.size());
    const Ticks ends = context_.clock.ticks() + options_.read_back_wait;
    for (std::chrono::milliseconds pause = kFirstPause;; pause = std::min(pause * 2, kLongestPause)) {
      look();
      if (open_.empty()) return;
      const Ticks next = context_.clock.ticks() + pause;
      if (next > ends || !context_.clock.sleep_until(next, context_.stop)) break;
    }
    for (const std::size_t number : open_) give_up(number);
  }

 private:
  /// One list, then an export of each flow that is not settled yet.
  void look() {
    api::Listed answer = service_.list_flows(api::Service::AfterStop::ask);
    if (!answer.outcome.ok()) {
      for (const std::size_t number : open_) lose(number, *answer.outcome.failure);
      open_.clear();
      return;
    }
    LiveList listed;
    for (api::ListedFlow& flow : answer.flows) listed.emplace(std::move(flow.id), std::move(flow.tag));
    std::vector<std::size_t> still_open;
    std::mutex mutex;
    const auto concurrency = static_cast<std::size_t>(std::max(options_.concurrency, 1));
    for_each_in_parallel(open_.size(), concurrency, [&](std::size_t index) {
      const std::size_t number = open_[index];
      const bool is_settled = look_at(number, listed, mutex);
      const std::lock_guard lock(mutex);
      if (is_settled) {
        settle(number);
      } else {
        still_open.push_back(number);
      }
    });
    std::sort(still_open.begin(), still_open.end());
    open_ = std::move(still_open);
  }

  /// Whether the flow is settled.
  bool look_at(std::size_t number, const LiveList& listed, std::mutex& mutex) {
    const Change& change = plan_.changes[number];
    const auto found = listed.find(change.flow_id);
    if (change.action == Action::remove) return found == listed.end();
    if (found == listed.end()) return is_settled(number, nullptr, mutex);
    const api::Exported exported = service_.export_flow(change.flow_id);
    if (!exported.outcome.ok()) {
      const std::lock_guard lock(mutex);
      lose(number, *exported.outcome.failure);
      return !is_lag(*exported.outcome.failure);
    }
    const LiveVersion held({exported.document, exported.flow});
    const bool is_settled = this->is_settled(number, &held, mutex);
    for (const std::optional<flow::Flow>* used : {&change.flow, &change.before}) {
      if (*used) flow::rest(**used);
    }
    if (!is_settled) return false;
    const std::lock_guard lock(mutex);
    if (is_done(applied_.flows[number].outcome)) applied_.flows[number].tag = found->second;
    return true;
  }

  bool is_settled(std::size_t number, const LiveVersion* held, std::mutex& mutex) {
    const Change& change = plan_.changes[number];
    const api::Arrival arrival = compared(change, held == nullptr ? nullptr : &held->flow);
    if (arrival == api::Arrival::not_arrived) return false;
    FlowResult& flow = applied_.flows[number];
    flow.unknown = false;
    flow.hint.clear();
    if (arrival == api::Arrival::arrived) {
      flow.outcome = FlowOutcome::deployed;
      flow.error.clear();
      if (held == nullptr) return true;
      Returned kept = returned(held->exported);
      const std::lock_guard lock(mutex);
      applied_.returned[change.flow_id] = std::move(kept);
      return true;
    }
    flow.outcome = FlowOutcome::drifted;
    flow.error = held == nullptr ? "deleted in the console right after it was imported"
                                 : "it was imported, but the service now holds another version";
    if (held != nullptr) flow.edits = flow::describe(*change.flow, held->flow);
    return true;
  }

  /// Written while others are being asked for: a thousand objects take a while.
  Returned returned(const Export& exported) const {
    if (keep_) {
      try {
        return {.kept = keep_(exported)};
      } catch (const Error&) {
        // Whoever records the result tries it again, with the space that is kept for that.
      }
    }
    Returned unwritten{.exported = exported};
    unwritten.exported->rest();
    return unwritten;
  }

  /// A flow that was just created may be listed a little earlier than it can be exported.
  static bool is_lag(const api::Failure& failure) { return failure.status == 404 || failure.status == 400; }

  /// The service could not be asked: the next deployment asks.
  void lose(std::size_t number, const api::Failure& failure) {
    FlowResult& flow = applied_.flows[number];
    flow.outcome = FlowOutcome::failed;
    flow.error = "it was sent, but could not be read back: " + check::with_message_masked(failure.message);
    flow.hint = failure.hint;
    flow.unknown = true;
    applied_.credentials_refused |= failure.kind == api::Failure::Kind::credentials;
  }

  void settle(std::size_t number) {
    context_.progress.stepped();
    context_.progress.done(applied_.flows[number]);
  }

  /// It may yet arrive, so the next deployment asks.
  void give_up(std::size_t number) {
    FlowResult& flow = applied_.flows[number];
    flow.outcome = FlowOutcome::failed;
    flow.error = flow.action == Action::remove ? "the service accepted the deletion, but still lists the flow"
                 : flow.unknown                ? flow.error
                                : "the service accepted the import, but still holds the previous version";
    flow.unknown = true;
    settle(number);
  }

  const Plan& plan_;
  api::Service& service_;
  const DeployOptions& options_;
  const Context& context_;
  const KeepReturned& keep_;
  Applied& applied_;
  /// The places of the flows that are not settled.
  std::vector<std::size_t> open_;
};

}  // namespace

api::Arrival arrival_of(const Change& change, api::Service& service) {
  const api::Exported exported = service.export_flow(change.flow_id);
  if (exported.outcome.ok()) {
    const LiveVersion held({exported.document, exported.flow});
    return compared(change, &held.flow);
  }
  const api::Listed listed = service.list_flows(api::Service::AfterStop::ask);
  if (!listed.outcome.ok()) return api::Arrival::unknown;
  const bool is_listed = std::any_of(listed.flows.begin(), listed.flows.end(),
                                     [&](const api::ListedFlow& flow) { return flow.id == change.flow_id; });
  return is_listed ? api::Arrival::unknown : compared(change, nullptr);
}

void read_back(const Plan& plan, api::Service& service, const DeployOptions& options, const Context& context,
               const KeepReturned& keep, Applied& applied) {
  ReadBack(plan, service, options, context, keep, applied).run();
}

}  // namespace flowship::deploy
