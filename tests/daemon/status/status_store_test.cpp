#include "daemon/status/status_store.hpp"

#include <gtest/gtest.h>

namespace flowship::daemon {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const EnvironmentId kProduction{"flows", "production"};

Time at(int minute) { return Time(minutes(minute)); }

FinishedJob job(JobOutcome outcome, int minute, const std::string& commit = "c1") {
  FinishedJob job;
  job.id = "j" + std::to_string(minute);
  job.outcome = outcome;
  job.commit.id = commit;
  job.since = at(minute);
  job.started = at(minute) + seconds(1);
  job.finished = at(minute) + seconds(3);
  if (outcome == JobOutcome::failed) job.error = "the service is down";
  return job;
}

class StatusStoreTest : public testing::Test {
 protected:
  StatusStoreTest() { status_store.configure({kProduction, {"flows", "staging"}, {"other", "staging"}}, minutes(15)); }
  EnvironmentStatus production() const { return status_store.status().environments.front(); }
  void end(const FinishedJob& finished) { status_store.job_ended(kProduction, finished, std::nullopt, "P2x"); }

  StatusStore status_store{at(0), minutes(15)};
};

TEST_F(StatusStoreTest, KeysAreUnique) {
  std::vector<std::string> keys;
  for (const EnvironmentStatus& environment : status_store.status().environments) keys.push_back(environment.key);
  EXPECT_EQ(keys, (std::vector<std::string>{"production", "flows.staging", "other.staging"}));
}

TEST_F(StatusStoreTest, EveryChangeIncrementsTheVersion) {
  const std::uint64_t before = status_store.status().version;
  status_store.job_waiting(kProduction, WaitingJob{});
  EXPECT_GT(status_store.status().version, before);
}

TEST_F(StatusStoreTest, AFailureLastsUntilASuccess) {
  end(job(JobOutcome::failed, 1));
  end(job(JobOutcome::partial, 2));
  EXPECT_EQ(production().failing_since, at(1) + seconds(3));
  EXPECT_EQ(production().failure, "partial");
  end(job(JobOutcome::held, 3));
  end(job(JobOutcome::stopped, 4));
  EXPECT_TRUE(production().failing_since);
  end(job(JobOutcome::unchanged, 5));
  EXPECT_FALSE(production().failing_since);
  EXPECT_EQ(production().last_success, at(5) + seconds(3));
  EXPECT_EQ(production().level_with->id, "c1");
}

TEST_F(StatusStoreTest, AFailureNamesTheFlowThatFailed) {
  FinishedJob finished = job(JobOutcome::partial, 1);
  finished.flows = {{.flow_id = "consent", .outcome = deploy::FlowOutcome::skipped, .error = "not sent", .paths = {}},
                    {.flow_id = "mfa", .outcome = deploy::FlowOutcome::failed, .error = "refused", .paths = {}}};
  end(finished);
  EXPECT_EQ(production().failure, "mfa: refused");
  finished.error = "validation found 2 errors";
  finished.findings = {"flows/mfa.json:1:2: broken", "flows/other.json:1:2: broken"};
  end(finished);
  EXPECT_EQ(production().failure, "validation found 2 errors: flows/mfa.json:1:2: broken");
}

TEST_F(StatusStoreTest, RestoredFlowsSayNothingOfTheCommit) {
  end(job(JobOutcome::failed, 1));
  status_store.drift_checked(
      kProduction,
      {.checked = at(1), .drifted = {"consent", "mfa"}, .missing = {}, .unmanaged = {}, .unknown = {}, .error = {}});
  FinishedJob restored = job(JobOutcome::deployed, 2);
  restored.chosen = {"mfa"};
  restored.flows = {{.flow_id = "mfa", .outcome = deploy::FlowOutcome::deployed, .paths = {}}};
  end(restored);
  EXPECT_TRUE(production().failing_since);
  EXPECT_FALSE(production().level_with);
  EXPECT_EQ(production().drift->drifted, std::vector<std::string>{"consent"});
}

TEST_F(StatusStoreTest, RepeatedFailuresAreOneEntry) {
  end(job(JobOutcome::deployed, 1, "c0"));
  for (int minute = 2; minute < 40; ++minute) end(job(JobOutcome::failed, minute));
  ASSERT_EQ(production().recent.size(), 2U);
  EXPECT_EQ(production().recent[0].tries, 38);
  EXPECT_EQ(production().recent[0].id, "j39");
  EXPECT_EQ(production().recent[1].commit.id, "c0");
}

TEST_F(StatusStoreTest, RecentJobsAreLimited) {
  for (int minute = 0; minute < 50; ++minute) end(job(JobOutcome::deployed, minute, "c" + std::to_string(minute)));
  EXPECT_EQ(production().recent.size(), kRecentJobs);
  EXPECT_EQ(production().recent[0].commit.id, "c49");
}

TEST_F(StatusStoreTest, RequestsAndTimesAreCounted) {
  FinishedJob finished = job(JobOutcome::partial, 1);
  finished.trigger = Trigger::retry;
  finished.flows.resize(2);
  finished.flows[0].outcome = deploy::FlowOutcome::deployed;
  finished.flows[0].attempts = 3;
  finished.flows[1].attempts = 5;
  finished.flows[1].outcome = deploy::FlowOutcome::failed;
  end(finished);
  const Tally tally = production().tally;
  EXPECT_EQ(tally.requests_ok, 1U);
  EXPECT_EQ(tally.requests_failed, 7U);
  EXPECT_EQ(tally.retries, 1U);
  EXPECT_EQ(tally.jobs.at(JobOutcome::partial), 1U);
  EXPECT_DOUBLE_EQ(tally.durations.at(JobOutcome::partial).sum(), 2);
  EXPECT_EQ(tally.until_deployed.count(), 0U);
}

TEST_F(StatusStoreTest, KeepsTheJobThatDeployed) {
  Deployed deployed{.commit = {"c1", ""}, .time = at(1), .record = "r1", .job = "j1", .flows = 3};
  status_store.job_ended(kProduction, job(JobOutcome::deployed, 1), deployed, "");
  deployed.job.clear();
  status_store.job_ended(kProduction, job(JobOutcome::unchanged, 2), deployed, "");
  EXPECT_EQ(production().deployed->job, "j1");
}

TEST_F(StatusStoreTest, RemainingEnvironmentsKeepTheirStatus) {
  end(job(JobOutcome::deployed, 1));
  status_store.fetched("flows", at(2));
  status_store.configure({kProduction}, minutes(1));
  EXPECT_EQ(status_store.status().environments.size(), 1U);
  EXPECT_EQ(production().recent.size(), 1U);
  EXPECT_TRUE(status_store.status().mirrors.at(0).reachable);
  EXPECT_EQ(status_store.status().unhealthy_after, minutes(1));
  status_store.fetched("other", at(3));
}

TEST_F(StatusStoreTest, MirrorsHaveTheTimeOfTheirLastChange) {
  EXPECT_FALSE(status_store.status().mirrors[0].since);
  status_store.fetch_failed("flows", "no route", at(1));
  status_store.fetch_failed("flows", "no host", at(2));
  EXPECT_EQ(status_store.status().mirrors[0].since, at(1));
  EXPECT_EQ(status_store.status().mirrors[0].failure, "no host");
  status_store.fetch_failed("flows", "unable to access 'https://h/x.git?private_token=s3cret77'", at(2));
  EXPECT_EQ(status_store.status().mirrors[0].failure, "unable to access 'https://h/x.git?private_token=********'");
  status_store.fetched("flows", at(3));
  status_store.fetched("flows", at(4));
  EXPECT_EQ(status_store.status().mirrors[0].since, at(3));
  EXPECT_EQ(status_store.status().mirrors[0].last_fetch, at(4));
}

TEST_F(StatusStoreTest, APushConcernsEnvironmentsOfItsBranchOrWithoutOne) {
  EXPECT_TRUE(status_store.concerns("flows", "anything"));
  EXPECT_FALSE(status_store.concerns("unknown", "anything"));
  status_store.branch_mapped(kProduction, {.branch = "main", .why_not = {}, .is_fault = false}, at(1));
  EXPECT_TRUE(status_store.concerns("flows", "anything"));
  status_store.branch_mapped({"flows", "staging"}, {.branch = "next", .why_not = {}, .is_fault = false}, at(1));
  EXPECT_TRUE(status_store.concerns("flows", "main"));
  EXPECT_TRUE(status_store.concerns("flows", "next"));
  EXPECT_FALSE(status_store.concerns("flows", "anything"));
  EXPECT_TRUE(status_store.concerns("other", "anything"));
  status_store.default_branch_known("flows", "trunk");
  EXPECT_TRUE(status_store.concerns("flows", "trunk")) << "it may name another branch now";
  EXPECT_FALSE(status_store.concerns("flows", "anything"));
  status_store.branch_mapped(kProduction, {.branch = {}, .why_not = "no branch says so", .is_fault = false}, at(2));
  EXPECT_TRUE(status_store.concerns("flows", "anything"));
}

TEST_F(StatusStoreTest, AFoundBranchEndsTheFailure) {
  status_store.branch_mapped(kProduction, {.branch = {}, .why_not = "several", .is_fault = true}, at(1));
  EXPECT_EQ(production().failing_since, at(1));
  status_store.branch_mapped(kProduction, {.branch = "main", .why_not = {}, .is_fault = false}, at(2));
  EXPECT_FALSE(production().failing_since);
  end(job(JobOutcome::failed, 3));
  status_store.branch_mapped(kProduction, {.branch = "next", .why_not = {}, .is_fault = false}, at(4));
  EXPECT_TRUE(production().failing_since) << "a job's failure is its own";
}

}  // namespace
}  // namespace flowship::daemon
