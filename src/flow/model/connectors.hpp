#pragma once

#include "flow/model/flow.hpp"
#include "flow/model/overrides.hpp"

#include <string>
#include <unordered_map>

namespace flowship::flow {

/// Ids of connectors in one project to those in another.
using ConnectorIds = std::unordered_map<std::string, std::string>;

/// From the ids that the flow's own `references.connectors` has to those of the environment; ids that stay the same are
/// not among them. Two ids for one connector are an error.
ConnectorIds connector_ids(const Overrides& overrides, const Flow& flow);

/// Replaces every string of `flow` that is one of these ids. Of what changes, each value gets a document of its own.
void replace_connectors(Flow& flow, const ConnectorIds& ids);

/// The inverse of `replace_connectors` for what the service holds of `source`: the environment's ids become those that
/// the source has for the same names, as far as `held` still has these names. Where names of several ids in the source
/// share one in the environment, the string at the same place of the source says which.
void restore_connectors(Flow& held, const Flow& source, const Overrides& overrides);

}  // namespace flowship::flow
