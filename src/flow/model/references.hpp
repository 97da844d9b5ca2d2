#pragma once

#include "flow/model/flow.hpp"
#include "flow/model/overrides.hpp"

#include <string>
#include <unordered_map>

// Connectors and roles have names, and an id in each project. A flow refers to them by the ids of the project that it
// comes from, and `references` gives their names; a list of roles has names alone, which are the same in every project.

namespace flowship::flow {

/// Ids of connectors and roles in one project to those in another.
using ReferenceIds = std::unordered_map<std::string, std::string>;

/// From the ids in the flow's own `references` to those of the environment, without ids that stay the same. Throws an
/// `Error` if one id would become two.
ReferenceIds reference_ids(const Overrides& overrides, const Flow& flow);

/// Replaces every string of `flow` that is one of these ids. Each value that changes gets a document of its own.
void replace_references(Flow& flow, const ReferenceIds& ids);

/// The inverse of `replace_references`, for the service's export `held` of `source`: the environment's ids become the
/// source's ids of the same names, as far as `held` still has these names. If several ids of the source share one in
/// the environment, the string at the same place in the source decides.
void restore_references(Flow& held, const Flow& source, const Overrides& overrides);

}  // namespace flowship::flow
