#pragma once

#include "api/service.hpp"
#include "deploy/live/classify.hpp"
#include "flow/describe/description.hpp"
#include "flow/model/flow.hpp"

#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace flowship::deploy {

/// A flow whose live state differs from the last deployed state, or could not be read.
struct Drift {
  std::string flow_id;
  LiveMatch match = LiveMatch::edited;
  /// What was edited in the console.
  flow::Description edits;
  /// Why the live state is unknown.
  std::string error;
  /// Whether the service refused the key for it.
  bool is_refused = false;
  /// Whether the repository no longer has it, so that it can't be restored from there.
  bool is_removed = false;

  /// Whether the environment has drifted for it: what the repository no longer has is left behind, edited or not.
  bool counts() const { return is_drift(match) && !is_removed; }
  /// `drifted`, `missing`, `unmanaged`, `unknown`.
  std::string_view state() const;
  /// What happened, without the edits: "edited in the console since the last deployment".
  std::string sentence() const;
  /// What the command that found it sends: the revision, or what a record of the ledger has.
  enum class Sends { revision, record };
  /// The commands that keep and discard the console's version, with the environment's `name_in_commands`. `target` has
  /// the options without which a deployment takes another target, or refuses this one.
  std::string hint(const std::string& environment, const std::string& target = {}, Sends sends = Sends::revision) const;
};

/// The answer to an export.
class Export {
 public:
  /// `flow` is the flow in the response.
  Export(json::DocumentPtr response, json::Value flow) : response_(std::move(response)), flow_(flow) {}

  flow::Flow flow() const;
  /// One member a line, sorted: how it is kept in the ledger.
  std::string text() const;
  /// Frees most of its memory until it is next used.
  void rest() const;

 private:
  json::DocumentPtr response_;
  json::Value flow_;
};

/// A flow as the service exports it.
struct LiveVersion {
  explicit LiveVersion(const Export& from) : exported(from), flow(from.flow()) {}

  Export exported;
  flow::Flow flow;
};

/// The live state of one flow, compared with what was deployed and what is desired.
struct LiveFlow {
  LiveMatch match = LiveMatch::as_deployed;
  /// Whether the service lists the flow.
  bool is_listed = false;
  /// Nothing where it was not exported, and where only the comparison was asked for.
  std::optional<LiveVersion> version;
  /// The flows that its version runs as subflows; nothing where it was not exported or stays as it is.
  std::optional<std::set<std::string>> subflows;
  /// Of the service's version; empty where it was not exported.
  std::string digest;
  /// What was edited in the console since the last deployment.
  flow::Description edits;
  /// What the list says of its version.
  std::optional<api::FlowTag> tag;
  /// Why the live state is unknown.
  std::string error;
  /// Whether the service refused the key for it.
  bool is_refused = false;
};

/// Whether the service refused the key for one of the flows.
bool is_key_refused(const std::vector<Drift>& drift);

}  // namespace flowship::deploy
