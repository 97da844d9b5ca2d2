#include "deploy/live/classify.hpp"

#include "flow/compare/compare.hpp"
#include "flow/compare/drift.hpp"
#include "flow/merge/merge.hpp"

#include <algorithm>

namespace flowship::deploy {

namespace {

const std::vector<std::string>& ignored_in(const Versions& versions) {
  static const std::vector<std::string> kNone;
  return versions.ignore_drift == nullptr ? kNone : *versions.ignore_drift;
}

bool is_like(const flow::Flow& before, const Versions& versions) {
  return flow::drift(before, *versions.live, ignored_in(versions)).empty();
}

/// Whether the desired state contains everything that was edited in the console: it was pulled or adopted.
bool has_all_edits(const Versions& versions) {
  const flow::Flow* last = versions.returned != nullptr ? versions.returned : versions.sent;
  return last != nullptr && flow::contains_edits(*last, *versions.desired, *versions.live, ignored_in(versions));
}

/// Another `componentsVersion` on the service counts only where `desired`, which is sent, has another one than was
/// sent.
flow::Upgrades upgrades_of(const flow::Flow& desired, const flow::Flow* sent) {
  const bool is_changed = sent != nullptr && !json::equal(flow::value_of(sent->metadata, "componentsVersion"),
                                                          flow::value_of(desired.metadata, "componentsVersion"));
  return is_changed ? flow::Upgrades::count : flow::Upgrades::ignored;
}

/// Whether the service holds `flow`, as it would after a deployment that sent it.
bool has_arrived(const flow::Flow* flow, const Versions& versions) {
  return flow != nullptr && flow::holds(*versions.live, *flow, versions.sent, upgrades_of(*flow, versions.sent));
}

/// Whether the live state is the desired one up to values that the environment ignores, and that the desired state
/// leaves as they were sent.
bool has_arrived_but_for_ignored(const Versions& versions) {
  const std::vector<std::string>& ignored = ignored_in(versions);
  if (ignored.empty() || versions.sent == nullptr || !is_like(*versions.desired, versions)) return false;
  const std::vector<json::Difference> changed = flow::differences(*versions.sent, *versions.desired);
  return std::all_of(changed.begin(), changed.end(),
                     [&](const json::Difference& difference) { return flow::is_drift(difference.pointer, ignored); });
}

/// By what the service returned last time where that is known, else by what it was sent.
bool is_as_deployed(const Versions& versions) {
  if (versions.returned != nullptr && is_like(*versions.returned, versions)) return true;
  if (versions.sent == nullptr) return false;
  if (is_like(*versions.sent, versions)) return true;
  return versions.returned == nullptr &&
         flow::holds(*versions.live, *versions.sent, versions.desired, flow::Upgrades::ignored);
}

}  // namespace

bool is_drift(LiveMatch match) {
  return match == LiveMatch::edited || match == LiveMatch::missing || match == LiveMatch::foreign;
}

LiveMatch classify(const Versions& versions) {
  if (!versions.is_listed) {
    if (versions.intent == Intent::remove) return LiveMatch::as_desired;
    return versions.is_deployed && !versions.may_be_deleted ? LiveMatch::missing : LiveMatch::as_deployed;
  }
  if (versions.live == nullptr) return LiveMatch::unknown;
  const bool sends = versions.intent == Intent::send && versions.desired != nullptr;
  if (sends && (has_arrived(versions.desired, versions) || has_arrived_but_for_ignored(versions))) {
    return LiveMatch::as_desired;
  }
  if (is_as_deployed(versions) || has_arrived(versions.open, versions)) return LiveMatch::as_deployed;
  if (!versions.is_deployed) return LiveMatch::foreign;
  return sends && has_all_edits(versions) ? LiveMatch::merged : LiveMatch::edited;
}

}  // namespace flowship::deploy
