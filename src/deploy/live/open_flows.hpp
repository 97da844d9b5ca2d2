#pragma once

#include "deploy/ledger/ledger.hpp"

#include <map>
#include <optional>
#include <string>

namespace flowship::deploy {

/// The flows that a deployment was sending when it died, or whose outcome it does not know, as it was to send them; by
/// id, nothing for one that it was deleting.
using OpenFlows = std::map<std::string, std::optional<flow::Flow>>;

/// Those of the newest entry.
OpenFlows open_flows(const git::Repository& repository, const Ledger& ledger, const std::optional<LedgerEntry>& head);

}  // namespace flowship::deploy
