#pragma once

#include "deploy/ledger/ledger.hpp"
#include "flow/layouts/reading.hpp"
#include "git/repository.hpp"

#include <optional>
#include <string>
#include <vector>

namespace flowship::deploy {

/// Everything in the ledger is a flow's, so its folders and files need no proof.
flow::Scope ledger_scope(const std::vector<git::Entry>& entries);

/// The flows below a tree of the ledger (zero: none); with `paths` those in these files or folders alone.
flow::Reading flows_in(const git::Repository& repository, const git::ObjectId& tree,
                       const std::vector<std::string>& paths = {});

/// The flow of that id; null when it is not among them.
const flow::Flow* find_flow(const flow::Reading& reading, const std::string& flow_id);

/// A flow of the ledger as it was sent the last time, with the overrides of then, or as it is where the record says
/// that it went so; nothing where the record does not tell.
std::optional<flow::Flow> as_sent(const flow::Flow& flow, const Record& record);

/// A deployed flow, and how it was sent as far as that is known.
struct Deployed {
  std::string id;
  std::optional<flow::Flow> sent;
};

/// Everything that is deployed.
std::vector<Deployed> deployed_flows(const git::Repository& repository, const Ledger& ledger, const LedgerEntry& entry);

/// How one deployment sends a flow: as its source says where `digest` is that of the source, else with the overrides.
flow::Flow to_send(const flow::Flow& source, const flow::Overrides& overrides, const std::string& digest);

/// Notes that a flow was sent as `digest` says, where that is not what its source and the record's overrides say.
void note_exact(Record& record, const flow::Flow& source, const std::string& digest);

}  // namespace flowship::deploy
