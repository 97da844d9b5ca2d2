#pragma once

#include "base/clock.hpp"
#include "deploy/apply/apply.hpp"
#include "deploy/plan/workspace.hpp"

#include <optional>
#include <string>

namespace flowship::deploy {

/// Writes one deployment into the ledger, on the entry that it began with: the intent before the first request, the
/// result after the last.
class Recorder {
 public:
  Recorder(Workspace& workspace, std::optional<LedgerEntry> head, std::string project_id, const Clock& clock)
      : workspace_(workspace), head_(std::move(head)), project_id_(std::move(project_id)), clock_(clock) {}

  /// Nothing to send. Where files differ in form alone, the ledger moves on to them; else nothing is appended.
  std::optional<LedgerEntry> move_on(const Plan& plan) const;
  LedgerEntry append_intent(const Plan& plan) const;
  LedgerEntry append_result(const LedgerEntry& intent, const Plan& plan, const Applied& applied) const;

 private:
  /// The record's part that stands before anything is sent.
  Record new_record(const Plan& plan) const;
  /// The target's subject and author, as far as the repository knows them.
  void describe_target(Record& record) const;
  /// Where flows are looked for. As long as flows outside of that are still deployed, it stays what it was, so that the
  /// next plan looks at everything and shows them again.
  std::vector<std::string> sources_to_record(const Plan& plan) const;
  bool overrides_changed() const;
  /// A flow that stays as it was sent with the overrides of before: the record's no longer tell how that was.
  void note_old_overrides(Record& record, const Change& change) const;
  /// Keeps what the service held of a flow, if that is or may be replaced.
  void keep_before(const Change& change, LedgerChange& ledger_change) const;
  void record_deployed(const Change& change, const Applied& applied, Record& record, LedgerChange& ledger_change) const;

  Workspace& workspace_;
  std::optional<LedgerEntry> head_;
  std::string project_id_;
  const Clock& clock_;
};

}  // namespace flowship::deploy
