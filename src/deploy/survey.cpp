#include "deploy/survey.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/printable.hpp"
#include "flow/compare.hpp"
#include "flow/reading.hpp"
#include "json/readable.hpp"

#include <algorithm>
#include <mutex>
#include <set>

namespace flowship::deploy {

namespace {

std::vector<std::string> pointers_of(const flow::Flow& before, const flow::Flow& after) {
  std::vector<std::string> pointers;
  for (const json::Difference& difference : flow::differences(before, after)) pointers.push_back(difference.pointer);
  return pointers;
}

Sighting judge(Held held, const Change& change, const flow::Flow* after) {
  Sighting sighting{.state = Sighting::State::drifted, .held = std::move(held), .differences = {}};
  const flow::Flow& there = sighting.held->flow;
  const flow::Flow* sent = change.before ? &*change.before : nullptr;
  const flow::Flow* wanted = change.flow ? &*change.flow : nullptr;
  if (wanted != nullptr && flow::holds(there, *wanted, sent)) {
    sighting.state = Sighting::State::as_wanted;
  } else if (is_as_recorded(there, after, sent, wanted)) {
    sighting.state = Sighting::State::as_recorded;
  } else if (after != nullptr || sent != nullptr) {
    sighting.differences = pointers_of(after != nullptr ? *after : *sent, there);
  } else {
    sighting.differences = pointers_of(*wanted, there);
  }
  return sighting;
}

}  // namespace

void throw_failure(const std::string& doing, const api::Failure& failure) {
  Fault fault = Fault::failed;
  if (failure.kind == api::Failure::Kind::credentials) fault = Fault::credentials;
  throw Error(doing + ": " + failure.message, failure.hint, fault);
}

std::string drift_text(const Sighting& sighting) {
  constexpr std::size_t kMost = 5;
  std::string text = "the service holds something else than was deployed: ";
  for (std::size_t number = 0; number < std::min(sighting.differences.size(), kMost); ++number) {
    text += (number == 0 ? "" : ", ") + printable(sighting.differences[number]);
  }
  if (sighting.differences.size() > kMost) {
    text += " and " + std::to_string(sighting.differences.size() - kMost) + " more";
  }
  return text;
}

std::optional<Held> ask_for(const std::string& flow_id, api::Service& service) {
  const api::Exported exported = service.export_flow(flow_id, api::Service::AfterStop::leave);
  if (!exported.outcome.ok()) throw_failure("asking for `" + flow_id + "`", *exported.outcome.failure);
  if (exported.absent()) return std::nullopt;
  return Held{.flow = flow::flow_of_export(exported.document, exported.flow), .text = json::readable(exported.flow)};
}

std::vector<std::string> ask_for_list(api::Service& service) {
  api::Listed listed = service.list_flows();
  if (!listed.outcome.ok()) throw_failure("asking for the list of flows", *listed.outcome.failure);
  return std::move(listed.flow_ids);
}

bool is_as_recorded(const flow::Flow& held, const flow::Flow* after, const flow::Flow* sent, const flow::Flow* wanted) {
  if (after != nullptr) return flow::same(held, *after);
  return sent != nullptr && flow::holds(held, *sent, wanted);
}

Sightings survey(const std::vector<const Change*>& changes, const Ledger& ledger,
                 const std::optional<LedgerEntry>& head, api::Service& service, int concurrency) {
  Sightings sightings;
  if (changes.empty()) return sightings;
  std::vector<std::pair<const Change*, std::optional<flow::Flow>>> present;
  const std::vector<std::string> listed = ask_for_list(service);
  const std::set<std::string> there(listed.begin(), listed.end());
  for (const Change* change : changes) {
    if (!there.contains(change->flow_id)) {
      sightings[change->flow_id];
      continue;
    }
    present.emplace_back(change, head ? ledger.after(*head, change->flow_id) : std::nullopt);
  }
  std::mutex mutex;
  for_each_in_parallel(present.size(), static_cast<std::size_t>(std::max(concurrency, 1)), [&](std::size_t number) {
    const auto& [change, after] = present[number];
    std::optional<Held> held = ask_for(change->flow_id, service);
    Sighting sighting;
    if (held) sighting = judge(std::move(*held), *change, after ? &*after : nullptr);
    const std::lock_guard lock(mutex);
    sightings[change->flow_id] = std::move(sighting);
  });
  return sightings;
}

}  // namespace flowship::deploy
