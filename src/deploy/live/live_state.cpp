#include "deploy/live/live_state.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/reading.hpp"
#include "json/readable.hpp"

#include <algorithm>
#include <mutex>
#include <set>

namespace flowship::deploy {

namespace {

/// The beginning of a value's text, short enough for a line.
std::string beginning(json::Value value) {
  constexpr std::size_t kMost = 60;
  if (!value) return {};
  std::string text;
  for (const char letter : value.text()) {
    const bool is_space = letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
    if (is_space && (text.empty() || text.back() == ' ')) continue;
    if (text.size() >= kMost && !continues_character(letter)) return text + "…";
    text += is_space ? ' ' : letter;
  }
  return text;
}

std::vector<DriftDifference> differences_of(const flow::Flow& before, const flow::Flow& after) {
  std::vector<DriftDifference> result;
  for (const json::Difference& difference : flow::differences(before, after)) {
    result.push_back(
        {.pointer = difference.pointer, .deployed = beginning(difference.before), .held = beginning(difference.after)});
  }
  return result;
}

Sighting judge(Held held, const Subject& subject, const flow::Flow* after) {
  Sighting sighting{.state = Sighting::State::drifted, .held = std::move(held), .digest = {}, .differences = {}};
  const flow::Flow& there = sighting.held->flow;
  sighting.digest = flow::digest(there);
  if (subject.wanted != nullptr && flow::holds(there, *subject.wanted, subject.sent)) {
    sighting.state = Sighting::State::as_wanted;
  } else if (is_as_recorded(there, after, subject.sent, subject.wanted)) {
    sighting.state = Sighting::State::as_recorded;
  } else if (const flow::Flow* left = after != nullptr ? after : subject.sent; left != nullptr) {
    sighting.differences = differences_of(*left, there);
  } else if (subject.wanted != nullptr) {
    sighting.differences = differences_of(*subject.wanted, there);
  }
  return sighting;
}

}  // namespace

void throw_failure(const std::string& doing, const api::Failure& failure) {
  Fault fault = Fault::failed;
  if (failure.kind == api::Failure::Kind::credentials) fault = Fault::credentials;
  throw Error(doing + ": " + failure.message, failure.hint, fault);
}

std::string drift_text(const std::vector<DriftDifference>& differences) {
  constexpr std::size_t kMost = 5;
  const auto value = [](const std::string& text) { return text.empty() ? std::string("nothing") : printable(text); };
  std::string text = "the service holds something else than was deployed: ";
  for (std::size_t number = 0; number < std::min(differences.size(), kMost); ++number) {
    const DriftDifference& difference = differences[number];
    text += (number == 0 ? "" : ", ") + printable(difference.pointer) + " (" + value(difference.deployed) +
            " was deployed, " + value(difference.held) + " is there)";
  }
  if (differences.size() > kMost) text += " and " + std::to_string(differences.size() - kMost) + " more";
  return text;
}

std::optional<Held> ask_for(const std::string& flow_id, api::Service& service) {
  const api::Exported exported = service.export_flow(flow_id, api::Service::AfterStop::leave);
  if (!exported.outcome.ok()) throw_failure("asking for `" + flow_id + "`", *exported.outcome.failure);
  if (exported.absent()) return std::nullopt;
  return Held{.flow = flow::flow_of_export(exported.document, exported.flow), .text = json::readable(exported.flow)};
}

Subject subject_of(const Change& change) {
  return {.flow_id = change.flow_id,
          .sent = change.before ? &*change.before : nullptr,
          .wanted = change.flow ? &*change.flow : nullptr};
}

std::vector<std::string> ask_for_list(api::Service& service) {
  api::Listed listed = service.list_flows();
  if (!listed.outcome.ok()) throw_failure("asking for the list of flows", *listed.outcome.failure);
  return std::move(listed.flow_ids);
}

Survey survey(const std::vector<Subject>& subjects, const Ledger& ledger, const std::optional<LedgerEntry>& head,
              api::Service& service, int concurrency, Keep keep) {
  Survey survey;
  const std::vector<std::string> listed = ask_for_list(service);
  survey.there.insert(listed.begin(), listed.end());
  std::vector<std::pair<const Subject*, std::optional<flow::Flow>>> present;
  for (const Subject& subject : subjects) {
    survey.sightings[subject.flow_id];
    if (!survey.there.contains(subject.flow_id)) continue;
    present.emplace_back(&subject, head ? ledger.after(*head, subject.flow_id) : std::nullopt);
  }
  std::mutex mutex;
  for_each_in_parallel(present.size(), static_cast<std::size_t>(std::max(concurrency, 1)), [&](std::size_t number) {
    const auto& [subject, after] = present[number];
    std::optional<Held> held = ask_for(subject->flow_id, service);
    Sighting sighting;
    if (held) sighting = judge(std::move(*held), *subject, after ? &*after : nullptr);
    if (keep == Keep::verdict) sighting.held.reset();
    const std::lock_guard lock(mutex);
    survey.sightings[subject->flow_id] = std::move(sighting);
  });
  return survey;
}

}  // namespace flowship::deploy
