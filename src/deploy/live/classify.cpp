#include "deploy/live/classify.hpp"

#include "flow/compare/compare.hpp"

namespace flowship::deploy {

namespace {

/// By what the service returned last time where that is known, else by what it was sent.
bool is_as_deployed(const Versions& versions) {
  if (versions.returned != nullptr) return flow::same(*versions.live, *versions.returned);
  return versions.sent != nullptr && flow::holds(*versions.live, *versions.sent, versions.desired);
}

}  // namespace

LiveMatch classify(const Versions& versions) {
  if (versions.live == nullptr) {
    if (versions.intent == Intent::remove) return LiveMatch::as_desired;
    return versions.is_deployed ? LiveMatch::missing : LiveMatch::as_deployed;
  }
  const bool sends = versions.intent == Intent::send && versions.desired != nullptr;
  if (sends && flow::holds(*versions.live, *versions.desired, versions.sent)) return LiveMatch::as_desired;
  return is_as_deployed(versions) ? LiveMatch::as_deployed : LiveMatch::edited;
}

}  // namespace flowship::deploy
