#pragma once

#include "deploy/apply/deploy.hpp"
#include "deploy/plan/planner.hpp"
#include "git/git_fixture.hpp"
#include "sandbox/sandbox.hpp"

#include <string>
#include <vector>

namespace flowship::deploy {

/// A clock that a test sets; its sleeps take no time.
class TestClock : public Clock {
 public:
  Time time = *from_rfc3339("2026-01-02T03:04:05Z");

  Time now() const override { return time; }
  Ticks ticks() const override { return ticks_; }
  bool sleep_until(Ticks deadline, const StopSignal& stop) const override {
    ticks_ = std::max(ticks_, deadline);
    return !stop.requested();
  }

 private:
  mutable Ticks ticks_{};
};

/// A repository of flows, a sandbox in this process, and deployments from the one to the other.
class Workshop {
 public:
  const git::TestRepository& files() const { return files_; }
  sandbox::Sandbox& service() { return service_; }
  TestClock& clock() { return clock_; }

  /// Writes a whole flow into `<id>.json`; with `uses`, the id of the subflow that it uses.
  void write_flow(const std::string& id, const std::string& name, const std::string& uses = {}) const;
  /// Writes flowship.json with one environment, `default`, with these members.
  void configure(const std::string& members) const;
  void commit() const { files_.commit("Change"); }
  /// Writes such a flow and commits it.
  void commit_flow(const std::string& id, const std::string& name) const;

  /// Writes, commits and deploys these flows.
  void deploy_flows(const std::vector<std::string>& ids) const;

  Plan plan(const std::vector<std::string>& flows = {}) const;
  DeployResult deploy(const std::vector<std::string>& flows = {}) const;
  DeployResult deploy_with(DeployOptions options) const;
  DeployOptions options() const;
  /// Calls `work` with a workspace of `HEAD`, or of the working tree, and what it needs from outside.
  template <typename Work>
  auto in_workspace(Work work, bool of_worktree = false) const {
    const git::Repository repository = git::Repository::open(files_.path());
    Workspace workspace(repository,
                        of_worktree ? git::Revision::of_worktree(repository)
                                    : git::Revision::of_commit(repository, repository.commit("HEAD")),
                        std::nullopt, "");
    const StopSignal stop;
    Silence silence;
    return work(workspace, Context{.clock = clock_, .stop = stop, .progress = silence, .variables = test_variable});
  }

  /// What the service holds of a flow, as an export; empty when it has none.
  std::string live(const std::string& id) const;
  /// What somebody does in the console: gives the flow another name, or deletes it.
  void edit_in_console(const std::string& id, const std::string& name) const;
  void delete_in_console(const std::string& id) const;
  /// A connection of its own to the service.
  template <typename Work>
  auto with_service(Work work) const {
    const StopSignal stop;
    api::Service service(service_options(), clock_, stop);
    return work(service);
  }

  /// The ledger's newest record.
  Record record() const;
  /// Appends an intent of that holder, as if it was deploying.
  LedgerEntry append_intent(const LeaseHolder& holder) const;

 private:
  static std::optional<std::string> test_variable(const std::string& name);
  api::ServiceOptions service_options() const;

  git::TestRepository files_;
  sandbox::Sandbox service_{sandbox::Options{}};
  TestClock clock_;
};

/// `a create added, b update changed`: the plan's steps in one line.
std::string steps(const Plan& plan);

/// `a deployed, b failed`: what became of them.
std::string outcomes(const std::vector<FlowResult>& flows);
std::string outcomes(const DeployResult& result);

}  // namespace flowship::deploy
