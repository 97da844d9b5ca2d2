#pragma once

#include "deploy/ledger/ledger.hpp"

#include <optional>
#include <string>

namespace flowship::deploy {

/// Fetches a shared ledger; returns a warning where that fails and the last known state has to do, and where this clone
/// keeps a result that the ledger does not have.
std::optional<std::string> fetch_if_reachable(Ledger& ledger);

}  // namespace flowship::deploy
