#include "deploy/live/classify.hpp"

#include "flow/compare/compare.hpp"
#include "flow/compare/drift.hpp"

namespace flowship::deploy {

namespace {

bool is_like(const flow::Flow& before, const Versions& versions) {
  static const std::vector<std::string> kNone;
  return flow::drift(before, *versions.live, versions.ignore_drift == nullptr ? kNone : *versions.ignore_drift).empty();
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
    return versions.is_deployed ? LiveMatch::missing : LiveMatch::as_deployed;
  }
  if (versions.live == nullptr) return LiveMatch::unknown;
  const bool sends = versions.intent == Intent::send && versions.desired != nullptr;
  if (sends && flow::holds(*versions.live, *versions.desired, versions.sent, flow::Upgrades::count)) {
    return LiveMatch::as_desired;
  }
  if (is_as_deployed(versions)) return LiveMatch::as_deployed;
  return versions.is_deployed ? LiveMatch::edited : LiveMatch::foreign;
}

}  // namespace flowship::deploy
