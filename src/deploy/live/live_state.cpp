#include "deploy/live/live_state.hpp"

#include "base/error.hpp"
#include "base/parallel.hpp"
#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/secrets.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "flow/compare/compare.hpp"
#include "flow/describe/secret_members.hpp"
#include "flow/layouts/reading.hpp"
#include "json/pointer.hpp"
#include "json/readable.hpp"

#include <algorithm>
#include <mutex>
#include <set>

namespace flowship::deploy {

namespace {

/// The start of a value's text with its secrets masked, short enough for one line; `source` if that is not as written.
std::string beginning(json::Value value, const std::optional<std::string>& source) {
  constexpr std::size_t kMost = 60;
  if (!value) return {};
  std::string text;
  for (const char letter : check::with_secrets_masked(with_digests_masked(source ? *source : value.text()))) {
    const bool is_space = letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
    if (is_space && (text.empty() || text.back() == ' ')) continue;
    if (text.size() >= kMost && !continues_character(letter)) return text + "…";
    text += is_space ? ' ' : letter;
  }
  return text;
}

std::vector<DriftDifference> differences_of(const flow::Flow& before, const flow::Flow& after) {
  flow::SecretMembers secrets;
  std::vector<DriftDifference> result;
  for (const json::Difference& difference : flow::differences(before, after)) {
    const json::Pointer path = json::parse_pointer(difference.pointer).value_or(json::Pointer());
    const auto shown = [&](json::Value value) { return beginning(value, secrets.masked(value, path)); };
    result.push_back({.pointer = check::with_secrets_masked(difference.pointer),
                      .deployed = shown(difference.before),
                      .held = shown(difference.after)});
  }
  return result;
}

LiveFlow compared(LiveVersion version, Versions versions) {
  versions.live = &version.flow;
  LiveFlow live{.match = classify(versions), .version = {}, .digest = flow::digest(version.flow), .differences = {}};
  if (live.match == LiveMatch::edited) {
    const flow::Flow* last = versions.returned != nullptr ? versions.returned : versions.sent;
    if (last == nullptr) last = versions.desired;
    if (last != nullptr) live.differences = differences_of(*last, version.flow);
  }
  live.version = std::move(version);
  return live;
}

/// Throws the failure of a call as an `Error` with the right `Fault`.
[[noreturn]] void throw_failure(const std::string& doing, const api::Failure& failure) {
  const bool is_refused = failure.kind == api::Failure::Kind::credentials;
  throw Error(doing + ": " + failure.message, failure.hint, is_refused ? Fault::credentials : Fault::failed);
}

}  // namespace

std::string drift_text(const std::vector<DriftDifference>& differences) {
  constexpr std::size_t kMost = 5;
  const auto value = [](const std::string& text) { return text.empty() ? std::string("nothing") : printable(text); };
  std::string text = "changed outside flowship since the last deployment (drift): ";
  for (std::size_t number = 0; number < std::min(differences.size(), kMost); ++number) {
    const DriftDifference& difference = differences[number];
    text += (number == 0 ? "" : ", ") + printable(difference.pointer) + " (deployed " + value(difference.deployed) +
            ", now " + value(difference.held) + ")";
  }
  if (differences.size() > kMost) text += " and " + std::to_string(differences.size() - kMost) + " more";
  return text;
}

Lookup lookup_of(const Deployed& flow) {
  return {.flow_id = flow.id,
          .versions = {.intent = Intent::keep, .is_deployed = true, .sent = flow.sent ? &*flow.sent : nullptr}};
}

std::optional<LiveVersion> read_live_flow(const std::string& flow_id, api::Service& service) {
  const api::Exported exported = service.export_flow(flow_id, api::Service::AfterStop::leave);
  if (!exported.outcome.ok()) throw_failure("asking for `" + flow_id + "`", *exported.outcome.failure);
  if (exported.absent()) return std::nullopt;
  return LiveVersion{.flow = flow::flow_of_export(exported.document, exported.flow),
                     .text = json::readable(exported.flow)};
}

std::vector<std::string> list_live_flows(api::Service& service) {
  api::Listed listed = service.list_flows();
  if (!listed.outcome.ok()) throw_failure("asking for the list of flows", *listed.outcome.failure);
  std::vector<std::string> ids;
  for (api::ListedFlow& flow : listed.flows) ids.push_back(std::move(flow.id));
  return ids;
}

LiveState read_live_state(const std::vector<Lookup>& lookups, const Ledger& ledger,
                          const std::optional<LedgerEntry>& head, api::Service& service, int concurrency, Keep keep) {
  LiveState state;
  const std::vector<std::string> listed = list_live_flows(service);
  state.flow_ids.insert(listed.begin(), listed.end());
  std::vector<std::pair<const Lookup*, std::optional<KeptExport>>> present;
  for (const Lookup& lookup : lookups) {
    state.flows[lookup.flow_id].match = classify(lookup.versions);
    if (!state.flow_ids.contains(lookup.flow_id)) continue;
    present.emplace_back(&lookup, head ? ledger.after(*head, lookup.flow_id) : std::nullopt);
  }
  std::mutex mutex;
  for_each_in_parallel(present.size(), static_cast<std::size_t>(std::max(concurrency, 1)), [&](std::size_t number) {
    const auto& [lookup, kept] = present[number];
    std::optional<LiveVersion> version = read_live_flow(lookup->flow_id, service);
    if (!version) return;
    Versions versions = lookup->versions;
    std::optional<flow::Flow> returned;
    if (kept) returned = kept->flow({version->text});
    if (returned) versions.returned = &*returned;
    LiveFlow live = compared(std::move(*version), versions);
    if (keep == Keep::comparison) live.version.reset();
    const std::lock_guard lock(mutex);
    state.flows[lookup->flow_id] = std::move(live);
  });
  return state;
}

}  // namespace flowship::deploy
