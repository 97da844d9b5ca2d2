#pragma once

#include "base/clock.hpp"
#include "deploy/apply/apply.hpp"
#include "deploy/ledger/space_reserve.hpp"
#include "deploy/plan/workspace.hpp"

#include <optional>
#include <string>

namespace flowship::deploy {

/// Records one deployment in the ledger: the intent before the first request, the result after the last.
class Recorder {
 public:
  Recorder(Workspace& workspace, std::optional<LedgerEntry> head, std::string project_id, const Clock& clock)
      : workspace_(workspace), head_(std::move(head)), project_id_(std::move(project_id)), clock_(clock) {}

  /// For a plan with nothing to send: if files differ in form only, or the ledger has entries that its
  /// remote lacks, records that; else appends nothing.
  std::optional<LedgerEntry> move_on(const Plan& plan) const;
  /// What recording the plan's result will take.
  SpaceReserve::Need space_for_result(const Plan& plan) const;
  LedgerEntry append_intent(const Plan& plan) const;
  /// Writes what the service returns, for the result of that intent.
  KeepReturned keeper(const LedgerEntry& intent) const;
  /// For a deployment that leaves its lease to expire: what became of its flows. Not appended yet.
  LedgerEntry write_stopped(const LedgerEntry& latest, const Plan& plan, const Applied& applied) const;
  /// The result is pending until it is shared.
  LedgerEntry keep_result(const LedgerEntry& intent, const Plan& plan, const Applied& applied) const;

 private:
  /// The part of the record that is known before anything is sent.
  Record new_record(const Plan& plan) const;
  /// The target's subject and author, as far as the repository knows them.
  void describe_target(Record& record) const;
  /// The configured sources; but while flows outside them are still deployed, those of the record before, so that the
  /// next plan looks at everything and shows these flows again.
  std::vector<std::string> sources_to_record(const Plan& plan) const;
  bool overrides_changed() const;
  /// If the overrides have changed, notes the digest of a flow that stays as it was sent with the old ones.
  void note_old_overrides(Record& record, const Change& change) const;
  /// Neither the ledger nor the service has the flow any more.
  static void record_gone(const Change& change, Record& record, LedgerChange& ledger_change);
  void record_deployed(const Change& change, const FlowResult& flow, const Applied& applied, Record& record,
                       LedgerChange& ledger_change) const;
  /// Keeps what the service held of a flow that is, or may be, replaced.
  void keep_before(const Change& change, const Record& record, LedgerChange& ledger_change) const;

  Workspace& workspace_;
  std::optional<LedgerEntry> head_;
  std::string project_id_;
  const Clock& clock_;
};

}  // namespace flowship::deploy
