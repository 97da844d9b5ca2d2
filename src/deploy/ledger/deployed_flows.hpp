#pragma once

#include "deploy/ledger/ledger.hpp"
#include "flow/layouts/reading.hpp"
#include "git/repository.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// Every file in the ledger belongs to a flow, so none needs to be recognized.
flow::Scope ledger_scope(const std::vector<git::Entry>& entries);

/// The flows below a tree of the ledger (zero: none); with `paths` only those in these files or folders.
flow::Reading flows_in(const git::Repository& repository, const git::ObjectId& tree,
                       const std::vector<std::string>& paths = {});

/// A flow of the ledger as it was last sent: with the record's overrides, or unchanged if the record says so; nothing
/// if that is unknown.
std::optional<flow::Flow> as_sent(const flow::Flow& flow, const Record& record);

/// A deployed flow as it was sent, as far as that is known.
struct Deployed {
  std::string id;
  std::optional<flow::Flow> sent;
};

/// All deployed flows.
std::vector<Deployed> deployed_flows(const git::Repository& repository, const Ledger& ledger, const LedgerEntry& entry);

/// The flow to send: `source` itself if `digest` is its digest, else with the overrides applied.
flow::Flow to_send(const flow::Flow& source, const flow::Overrides& overrides, const std::string& digest);

/// Adds the flow to `unsettled` if `digest`, which was sent, does not follow from its source and the record's
/// overrides.
void note_exact(Record& record, const flow::Flow& source, const std::string& digest);

}  // namespace flowship::deploy
