#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/live/live_flow.hpp"
#include "flow/layouts/reading.hpp"
#include "json/readable.hpp"

#include <algorithm>

namespace flowship::deploy {

flow::Flow Export::flow() const { return flow::flow_of_export(response_, flow_); }

std::string Export::text() const {
  std::string text = json::readable(flow_);
  response_->rest();
  return text;
}

void Export::rest() const {
  response_->pack();
  response_->rest();
}

bool is_key_refused(const std::vector<Drift>& drift) {
  return std::any_of(drift.begin(), drift.end(), [](const Drift& flow) { return flow.is_refused; });
}

std::string_view Drift::state() const {
  switch (match) {
    case LiveMatch::missing:
      return "missing";
    case LiveMatch::foreign:
      return "unmanaged";
    case LiveMatch::unknown:
      return "unknown";
    default:
      return "drifted";
  }
}

std::string Drift::sentence() const {
  switch (match) {
    case LiveMatch::missing:
      return "deleted in the console since the last deployment";
    case LiveMatch::foreign:
      return "exists in the project and was never deployed by flowship";
    case LiveMatch::unknown:
      return "the service lists it, but it could not be exported: " + error;
    default:
      return "edited in the console since the last deployment";
  }
}

std::string Drift::hint(const std::string& environment, const std::string& target, Sends sends) const {
  const std::string overwrite =
      sends == Sends::record
          ? "the same command with `--on-drift overwrite`"
          : command_hint("deploy", environment, joined_options(target, "--on-drift overwrite"), {flow_id});
  const std::string pull = command_hint("pull", environment, {}, {flow_id});
  const std::string theirs = command_hint("pull", environment, "--theirs", {flow_id});
  if (is_removed && match != LiveMatch::unknown) {
    return "keep it: " + theirs + "; else delete it in the console";
  }
  switch (match) {
    case LiveMatch::missing:
      return "restore it: " + overwrite + "; remove it from the repository too: " + theirs;
    case LiveMatch::foreign:
      return "take the project's version: " + theirs + "; replace it: " + overwrite +
             "; leave it alone for now: `--on-drift skip`";
    case LiveMatch::unknown:
      return "nothing about it was sent; run the same command again";
    default:
      return "keep the console edit: " + pull + "; discard it: " + overwrite;
  }
}

}  // namespace flowship::deploy
