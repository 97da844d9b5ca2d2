#pragma once

#include "deploy/apply/apply.hpp"

namespace flowship::deploy {

/// What became of an import whose response was lost, by what the service holds now.
api::Arrival arrival_of(const Change& change, api::Service& service);

/// Looks at what the service holds of everything that was sent: one list, then an export of each flow. Only what holds
/// what was sent stays `deployed`. An older answer, or none yet (404, 400), is asked for again for
/// `DeployOptions::read_back_wait`, then it is a failure; a third version is drift. Fills in the tags and
/// `Applied::returned`, with blobs that `keep` writes, if there is one.
void read_back(const Plan& plan, api::Service& service, const DeployOptions& options, const Context& context,
               const KeepReturned& keep, Applied& applied);

}  // namespace flowship::deploy
