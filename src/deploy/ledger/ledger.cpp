#include "deploy/ledger/ledger.hpp"

#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "check/rules/secrets.hpp"
#include "deploy/ledger/seen_tip.hpp"
#include "flow/layouts/layouts.hpp"
#include "flow/layouts/reading.hpp"
#include "git/branch.hpp"
#include "git/remote/signing.hpp"

#include <algorithm>
#include <span>
#include <utility>

namespace flowship::deploy {

namespace {

/// For how long the failed push of a result that a later run would write again is retried.
constexpr std::chrono::seconds kPushPatience{5};

/// In the reflogs.
constexpr const char* kReason = "flowship deploy";

/// How many flows a commit message lists: each read of an entry reads the message too.
constexpr std::size_t kMostFlowsTold = 500;

constexpr const char* kFlowsFile = "flows.json";
constexpr const char* kUnsettledFile = "unsettled.json";

/// The commit message, for `git log`.
std::string message_of(const Record& record, const std::vector<FlowResult>& flows) {
  int deployed = 0;
  int other = 0;
  for (const FlowResult& flow : flows) {
    if (is_done(flow.outcome)) {
      ++deployed;
    } else {
      ++other;
    }
  }
  std::string text;
  if (record.phase == Phase::intent) {
    text = "Begin to deploy " + pluralize(flows.size(), "flow");
  } else if (flows.empty()) {
    text = "Move on, nothing to send";
  } else {
    text = "Deploy " + pluralize(deployed, "flow");
    if (other > 0) text += ", " + std::to_string(other) + " not deployed";
  }
  text += " to " + record.environment + "\n\nTarget: " + record.target + "\n";
  if (!flows.empty()) text += "\n";
  const std::size_t told = std::min(flows.size(), kMostFlowsTold);
  for (const FlowResult& flow : std::span(flows).first(told)) {
    text += std::string(to_text(flow.action)) + " " + flow.flow_id;
    if (flow.outcome != FlowOutcome::pending) text += ": " + std::string(to_text(flow.outcome));
    text += "\n";
  }
  if (const std::size_t others = flows.size() - told; others > 0) {
    text += "and " + std::to_string(others) + " more, which " + kFlowsFile + " names\n";
  }
  return text;
}

/// The trees `deployed/` of all environments.
std::vector<git::ObjectId> deployed_trees(const git::Repository& repository, const Config& config) {
  std::vector<git::ObjectId> trees;
  for (const auto& [name, environment] : config.environments) {
    const std::optional<git::ObjectId> tip = repository.ref(environment.ledger_ref);
    const auto tree = tip ? repository.at(*tip, "deployed") : std::nullopt;
    if (tree) trees.push_back(*tree);
  }
  return trees;
}

}  // namespace

Ledger::Ledger(const git::Repository& repository, const Environment& environment)
    : repository_(repository),
      environment_(environment.name),
      ref_(environment.ledger_ref),
      remote_(environment.ledger_remote),
      tracking_(remote_.empty() ? std::string() : tracking_ref(remote_, ref_)),
      signs_(environment.ledger_sign) {}

std::optional<LedgerEntry> Ledger::head() const {
  const std::optional<git::ObjectId> commit = repository_.ref(ref_);
  if (!commit) return std::nullopt;
  return entry(*commit);
}

LedgerEntry Ledger::entry(const git::ObjectId& commit) const {
  try {
    const git::CommitFacts facts = repository_.facts(commit);
    LedgerEntry entry{.commit = commit, .tree = facts.tree, .parent = {}, .record = {}};
    if (!facts.parents.empty()) entry.parent = facts.parents.front();
    entry.author = facts.author;
    const std::string name = commit.abbreviated() + ":" + kRecordFile;
    RecordFile file = record_from_json(read(entry, kRecordFile), name, ref_);
    entry.record = std::move(file.record);
    if (entry.record.environment != environment_) {
      throw Error(ref_ + " is the ledger of environment `" + printable(entry.record.environment) + "`, not of `" +
                      environment_ + "`",
                  "give each environment a ledger of its own");
    }
    if (file.unsettled == 0) return entry;
    const std::string unsettled_name = commit.abbreviated() + ":" + kUnsettledFile;
    entry.record.unsettled = unsettled_from_json(read(entry, kUnsettledFile), unsettled_name);
    if (entry.record.unsettled.size() != file.unsettled) {
      throw Error(unsettled_name + " has " + pluralize(entry.record.unsettled.size(), "flow") + ", but " + kRecordFile +
                      " says " + std::to_string(file.unsettled),
                  "the ledger was not written by flowship; look at it with `git show`");
    }
    return entry;
  } catch (Error& error) {
    throw error.within("reading the ledger " + ref_);
  }
}

std::vector<FlowResult> Ledger::flows(const LedgerEntry& entry) const {
  try {
    return flows_from_json(read(entry, kFlowsFile), entry.commit.abbreviated() + ":" + kFlowsFile);
  } catch (Error& error) {
    throw error.within("reading the ledger " + ref_);
  }
}

std::string Ledger::read(const LedgerEntry& entry, const std::string& path) const {
  const std::optional<git::ObjectId> blob = repository_.at(entry.tree, path);
  if (!blob) {
    const std::optional<std::string> branch = git::branch_of_ref(ref_);
    throw Error(entry.commit.hex() + " has no " + path,
                "`ledger.ref` in flowship.json must name a ledger; look at it with `git show " +
                    entry.commit.abbreviated() + "`" +
                    (branch ? "; if somebody has pushed the branch `" + printable(*branch) + "`, delete it" : ""));
  }
  return repository_.blob(*blob);
}

std::vector<LedgerEntry> Ledger::entries() const {
  std::vector<LedgerEntry> entries;
  // In a shallow clone the older ones are not here.
  for (std::optional<git::ObjectId> next = repository_.ref(ref_); next && repository_.has(*next);) {
    entries.push_back(entry(*next));
    next = entries.back().parent;
  }
  return entries;
}

git::ObjectId Ledger::deployed(const LedgerEntry& entry) const {
  return repository_.at(entry.tree, "deployed").value_or(git::ObjectId());
}

git::ObjectId Ledger::intended(const LedgerEntry& entry) const {
  return repository_.at(entry.tree, "intended").value_or(git::ObjectId());
}

FlowTags Ledger::tags(const LedgerEntry& entry) const {
  FlowTags tags;
  const git::ObjectId tree = repository_.at(entry.tree, "tags").value_or(git::ObjectId());
  if (tree.is_zero()) return tags;
  for (const git::Entry& file : repository_.files(tree)) {
    tags.merge(tags_from_json(repository_.blob(file.id), ref_ + ":" + kTags + file.path));
  }
  return tags;
}

/// Adds the files of tags that the change concerns.
void Ledger::write_tags(const std::optional<LedgerEntry>& on, LedgerChange& change) const {
  std::map<std::string, FlowTags> files;
  const auto file_of = [&](const std::string& flow_id) -> FlowTags& {
    const std::string path = tag_file_of(flow_id);
    const auto [file, is_new] = files.try_emplace(path);
    if (!is_new || !on) return file->second;
    if (const auto blob = repository_.at(on->tree, path)) {
      file->second = tags_from_json(repository_.blob(*blob), ref_ + ":" + path);
    }
    return file->second;
  };
  for (const auto& [flow_id, tag] : change.tags) file_of(flow_id)[flow_id] = tag;
  for (const std::string& flow_id : change.gone) file_of(flow_id).erase(flow_id);
  for (const auto& [path, tags] : files) {
    std::optional<git::Repository::TreeItem>& item = change.items[path];
    item.reset();
    if (tags.empty()) continue;
    item = git::Repository::TreeItem{.id = repository_.write_blob(tags_to_json(tags)), .is_tree = false};
  }
}

std::optional<KeptExport> Ledger::after(const LedgerEntry& entry, const std::string& flow_id) const {
  return kept(entry, kAfter, flow_id);
}

std::optional<KeptExport> Ledger::before(const LedgerEntry& entry, const std::string& flow_id) const {
  return kept(entry, kBefore, flow_id);
}

git::ObjectId Ledger::before_blob(const LedgerEntry& entry, const std::string& flow_id) const {
  return repository_.at(entry.tree, kBefore + flow_id + ".json").value_or(git::ObjectId());
}

std::vector<std::string> Ledger::replaced(const LedgerEntry& entry) const {
  std::vector<std::string> ids;
  for (const git::Entry& file : repository_.files_in(entry.tree, "before")) {
    constexpr std::string_view kEnding = ".json";
    const std::string name = file.path.substr(std::string_view(kBefore).size());
    if (name.ends_with(kEnding)) ids.push_back(name.substr(0, name.size() - kEnding.size()));
  }
  return ids;
}

std::optional<KeptExport> Ledger::kept(const LedgerEntry& entry, const std::string& folder,
                                       const std::string& flow_id) const {
  const std::string path = folder + flow_id + ".json";
  const std::optional<git::ObjectId> blob = repository_.at(entry.tree, path);
  if (!blob) return std::nullopt;
  return KeptExport(repository_.blob(*blob), entry.record.digest_salt, ref_ + ":" + path);
}

LedgerEntry Ledger::append(const std::optional<LedgerEntry>& on, Record record, LedgerChange change,
                           const Clock& clock) {
  LedgerEntry entry = write_entry(on, std::move(record), std::move(change));
  if (!move(entry, clock)) {
    fetch();
    throw overtaken();
  }
  return entry;
}

Error Ledger::overtaken() const {
  const std::optional<LedgerEntry> other = head();
  return Error("another deployment to `" + environment_ + "` started first" +
                   (other ? ": " + holder_text(other->record) : std::string()),
               "when it has finished, run the same command again", Fault::held);
}

LedgerEntry Ledger::write_entry(const std::optional<LedgerEntry>& on, Record record, LedgerChange change) {
  using Item = git::Repository::TreeItem;
  LedgerEntry entry{.commit = {}, .tree = {}, .parent = {}, .record = std::move(record)};
  entry.record.renewals = 0;
  if (on) change.keep_displaced(repository_, deployed(*on), entry.record);
  const auto write = [&](const char* path, const std::string& text) {
    change.items[path] = Item{.id = repository_.write_blob(text), .is_tree = false};
  };
  write(kRecordFile, to_json(entry.record));
  write(kFlowsFile, flows_to_json(change.flows));
  change.items[kUnsettledFile] = std::nullopt;
  if (!entry.record.unsettled.empty()) write(kUnsettledFile, unsettled_to_json(entry.record.unsettled));
  write_tags(on, change);
  // Both belong to one deployment.
  change.items.try_emplace("intended", std::nullopt);
  change.items.try_emplace("before", std::nullopt);
  entry.tree = repository_.write_tree(on ? on->tree : git::ObjectId(), change.items);
  if (on) entry.parent = on->commit;
  entry.commit =
      write_commit(entry, message_of(entry.record, change.flows), entry.record.finished.value_or(entry.record.started));
  return entry;
}

git::ObjectId Ledger::write_commit(const LedgerEntry& entry, const std::string& message, Time time) {
  if (!author_) {
    const git::Repository::Author user = repository_.author();
    author_ = {.name = check::with_message_masked(user.name), .email = check::with_message_masked(user.email)};
  }
  git::Repository::NewCommit commit{
      .tree = entry.tree, .parents = {}, .message = message, .time = time, .author = *author_};
  if (entry.parent) commit.parents.push_back(*entry.parent);
  return write_commit(commit);
}

git::ObjectId Ledger::write_commit(const git::Repository::NewCommit& commit) const {
  return signs_ ? git::write_signed_commit(repository_, commit, git_limit_) : repository_.write_commit(commit);
}

LedgerEntry Ledger::write_renewal(const LedgerEntry& latest, const Clock& clock) {
  return write_renewal(latest, {}, "Renew the lease of " + environment_ + "\n", clock);
}

LedgerEntry Ledger::write_last_renewal(const LedgerEntry& latest, const std::vector<FlowResult>& flows,
                                       const Clock& clock) {
  using Item = git::Repository::TreeItem;
  LedgerEntry entry = latest;
  std::string message = "Stop the deployment to " + environment_ + " with a request in flight\n\n";
  for (const FlowResult& flow : flows) {
    if (!flow.unknown) continue;
    entry.record.unsettled[flow.flow_id] = {.payload = {}, .paths = flow.deployed_paths};
    message += std::string(to_text(flow.action)) + " " + flow.flow_id + ": unknown\n";
  }
  std::map<std::string, std::optional<Item>> items;
  items[kFlowsFile] = Item{.id = repository_.write_blob(flows_to_json(flows)), .is_tree = false};
  items[kUnsettledFile] =
      Item{.id = repository_.write_blob(unsettled_to_json(entry.record.unsettled)), .is_tree = false};
  return write_renewal(std::move(entry), std::move(items), message, clock);
}

/// `entry` is the newest one with a new record; `items` are what its tree has new besides.
LedgerEntry Ledger::write_renewal(LedgerEntry entry,
                                  std::map<std::string, std::optional<git::Repository::TreeItem>> items,
                                  const std::string& message, const Clock& clock) {
  entry.parent = entry.commit;
  ++entry.record.renewals;
  items[kRecordFile] = git::Repository::TreeItem{.id = repository_.write_blob(to_json(entry.record)), .is_tree = false};
  entry.tree = repository_.write_tree(entry.tree, items);
  entry.commit = write_commit(entry, message, clock.now());
  return entry;
}

bool Ledger::renew(const LedgerEntry& renewal, const Clock& clock) {
  if (move(renewal, clock)) return true;
  // An earlier try may have arrived although its answer was lost.
  fetch();
  return (is_shared() ? at_remote_ : repository_.ref(ref_)) == renewal.commit;
}

/// A result is retried, since without it the environment stays held for all other machines.
bool Ledger::push(const LedgerEntry& entry, const Clock& clock) {
  const Ticks patience_ends = clock.ticks() + kPushPatience;
  for (std::chrono::seconds pause{1};; pause *= 2) {
    try {
      if (git::push_ref(repository_, remote_, ref_, at_remote_, entry.commit, git_limit_)) return true;
      if (pause == std::chrono::seconds{1}) return false;
      // An earlier try may have succeeded although its answer was lost.
      fetch();
      return at_remote_ == entry.commit;
    } catch (Error& error) {
      const bool is_result = entry.record.phase == Phase::result;
      if (!is_result || clock.ticks() + pause > patience_ends) {
        throw error.within("sharing the ledger with " + printable(remote_));
      }
    }
    // A stop does not end it: what was sent has to be recorded.
    clock.sleep_until(clock.ticks() + pause, StopSignal());
  }
}

/// Moves the ref to `entry`; false if it was moved by somebody else.
bool Ledger::move(const LedgerEntry& entry, const Clock& clock) {
  if (!is_shared()) return move_here(entry, clock);
  // The remote's ref is the lock, so it moves first. The local ref follows, wherever a fetch of another command may
  // have moved it.
  if (!push(entry, clock)) return false;
  moved(entry, clock);
  return true;
}

/// The ref of a ledger that is not shared.
bool Ledger::move_here(const LedgerEntry& entry, const Clock& clock) {
  if (!repository_.compare_and_swap(ref_, entry.parent, entry.commit, kReason, clock)) return false;
  if (entry.record.phase == Phase::result) note_seen_tip(repository_, ref_, LedgerPlace::here, entry.commit);
  return true;
}

/// The remote's ref is at `entry`.
void Ledger::moved(const LedgerEntry& entry, const Clock& clock) {
  at_remote_ = entry.commit;
  note_seen_tip(repository_, ref_, LedgerPlace::remote, entry.commit);
  for (const std::string& name : {tracking_, ref_}) {
    const std::optional<git::ObjectId> here = repository_.ref(name);
    if (here != entry.commit) repository_.compare_and_swap(name, here, entry.commit, kReason, clock);
  }
}

std::set<std::string> deployed_sources(const git::Repository& repository, const Config& config) {
  std::set<std::string> sources;
  for (const git::ObjectId& tree : deployed_trees(repository, config)) {
    for (const git::Entry& file : repository.files(tree)) sources.insert(flow::source_of(file.path));
  }
  return sources;
}

std::set<std::string> deployed_sources(const git::Repository& repository, const Config& config,
                                       const std::vector<git::Entry>& files) {
  std::set<std::string> sources;
  for (const git::ObjectId& tree : deployed_trees(repository, config)) {
    for (const git::Entry& file : files) {
      if (repository.entry_at(tree, file.path)) sources.insert(flow::source_of(file.path));
    }
  }
  return sources;
}

std::string holder_text(const Record& record) {
  return printable(record.holder.host) + " (process " + std::to_string(record.holder.pid) + "), since " +
         to_rfc3339(record.started) + (record.holder.run.empty() ? "" : ", " + printable(record.holder.run));
}

}  // namespace flowship::deploy
