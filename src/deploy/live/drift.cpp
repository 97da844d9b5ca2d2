#include "base/text/printable.hpp"
#include "deploy/live/live_flow.hpp"
#include "flow/layouts/reading.hpp"
#include "json/readable.hpp"

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

std::string Drift::hint(const std::string& environment) const {
  const std::string flow = printable(flow_id) + (environment == "default" ? "" : " --env " + environment);
  const std::string overwrite = "`flowship deploy " + flow + " --on-drift overwrite`";
  if (is_removed && match != LiveMatch::unknown) {
    return "keep it: `flowship pull " + flow + "`; else delete it in the console";
  }
  switch (match) {
    case LiveMatch::missing:
      return "restore it: " + overwrite + "; remove it from the repository too: `flowship pull " + flow + " --theirs`";
    case LiveMatch::foreign:
      return "take the project's version: `flowship pull " + flow + " --theirs`; replace it: " + overwrite +
             "; leave it alone for now: `--on-drift skip`";
    case LiveMatch::unknown:
      return "nothing about it was sent; run the same command again";
    default:
      return "keep the console edit: `flowship pull " + flow + "`; discard it: " + overwrite;
  }
}

}  // namespace flowship::deploy
