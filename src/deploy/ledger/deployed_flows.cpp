#include "deploy/ledger/deployed_flows.hpp"

#include "base/error.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/layouts.hpp"

#include <algorithm>

namespace flowship::deploy {

flow::Scope ledger_scope(const std::vector<git::Entry>& entries) {
  flow::Scope scope;
  for (const git::Entry& entry : entries) {
    scope.known.insert(flow::source_of(entry.path));
  }
  return scope;
}

flow::Reading flows_in(const git::Repository& repository, const git::ObjectId& tree,
                       const std::vector<std::string>& paths) {
  if (tree.is_zero()) return {};
  const std::vector<git::Entry> entries = repository.files(tree, {.prefixes = paths});
  return flow::read_flows(entries, ledger_scope(entries),
                          [&](const git::Entry& entry) { return repository.blob(entry.id); });
}

std::optional<flow::Flow> as_sent(const flow::Flow& flow, const Record& record) {
  const auto unsettled = record.unsettled.find(flow.id);
  const std::string payload = unsettled == record.unsettled.end() ? std::string() : unsettled->second.payload;
  try {
    flow::Flow sent = to_send(flow, record.overrides, payload);
    if (!payload.empty() && flow::digest(sent) != payload) return std::nullopt;
    return sent;
  } catch (const Error&) {
    // These overrides don't fit, so it was sent with others.
    return std::nullopt;
  }
}

std::vector<Deployed> deployed_flows(const git::Repository& repository, const Ledger& ledger,
                                     const LedgerEntry& entry) {
  std::vector<Deployed> result;
  for (const flow::Flow& flow : flows_in(repository, ledger.deployed(entry)).flows) {
    result.push_back({.id = flow.id, .sent = as_sent(flow, entry.record)});
  }
  return result;
}

flow::Flow to_send(const flow::Flow& source, const flow::Overrides& overrides, const std::string& digest) {
  if (!digest.empty() && flow::digest(source) == digest) return source;
  return flow::overridden(source, overrides);
}

void note_exact(Record& record, const flow::Flow& source, const std::string& digest) {
  if (flow::digest(source) != digest) return;
  try {
    if (flow::digest(flow::overridden(source, record.overrides)) == digest) return;
  } catch (const Error&) {
    // Overrides that don't fit were not applied.
  }
  std::vector<std::string> paths;
  for (const git::Entry& file : source.source.files) paths.push_back(file.path);
  record.unsettled[source.id] = {.payload = digest, .paths = std::move(paths)};
}

}  // namespace flowship::deploy
