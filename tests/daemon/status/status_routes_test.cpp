// What is made of the status: the page, the JSON, the metrics.

#include "daemon/status/assets.hpp"
#include "daemon/status/environment_page.hpp"
#include "daemon/status/flow_page.hpp"
#include "daemon/status/metrics.hpp"
#include "daemon/status/page.hpp"
#include "daemon/status/status_json.hpp"
#include "json/document.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace flowship::daemon {
namespace {

constexpr const char* kHostile = "</main><script>alert(1)</script>\"'&\x01\xff🚀";

/// Everything that can be shown, with hostile texts wherever others write them.
DaemonStatus full_status() {
  const Time time = *from_rfc3339("2026-11-24T01:52:00Z");
  const CommitLine commit{.id = std::string(40, 'a'), .subject = kHostile};
  FinishedJob job;
  job.id = "t1-1";
  job.outcome = JobOutcome::partial;
  job.commit = commit;
  job.branch = kHostile;
  job.since = job.started = job.finished = time;
  job.record = std::string(40, 'b');
  job.flows = {{.flow_id = kHostile,
                .action = deploy::Action::update,
                .outcome = deploy::FlowOutcome::failed,
                .attempts = 2,
                .error = kHostile,
                .hint = kHostile,
                .paths = {}}};
  job.error = job.hint = kHostile;
  job.findings = job.warnings = {kHostile};
  EnvironmentStatus environment;
  environment.id = {.repository = kHostile, .environment = "production"};
  environment.key = "production";
  environment.project_id = environment.branch = environment.not_followed = environment.failure = kHostile;
  environment.deployed = Deployed{.commit = commit, .time = time, .record = job.record, .job = job.id, .flows = 7};
  environment.waiting = WaitingJob{.commit = commit,
                                   .branch = kHostile,
                                   .trigger = Trigger::webhook,
                                   .since = time,
                                   .not_before = time,
                                   .failures = 2};
  environment.running = RunningJob{.id = "t1-2",
                                   .commit = commit,
                                   .branch = kHostile,
                                   .trigger = Trigger::push,
                                   .since = time,
                                   .steps = 3,
                                   .done = 1,
                                   .pause = kHostile};
  environment.recent = {job};
  environment.drift = DriftReport{.checked = time,
                                  .drifted = {kHostile},
                                  .missing = {},
                                  .unmanaged = {kHostile},
                                  .unknown = {kHostile},
                                  .error = {}};
  environment.failing_since = environment.last_success = time;
  environment.tally.jobs[JobOutcome::partial] = 3;
  environment.tally.durations[JobOutcome::partial].add(0.3);
  environment.tally.durations[JobOutcome::partial].add(10'000);
  DaemonStatus status;
  status.version = 5;
  status.started = time;
  status.environments = {environment};
  status.mirrors = {
      {.repository = kHostile, .since = time, .reachable = false, .failure = kHostile, .last_fetch = time}};
  return status;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(State, IsTheFirstThatApplies) {
  EnvironmentStatus environment = full_status().environments.front();
  EXPECT_EQ(state_of(environment), State::failing);
  environment.failing_since.reset();
  EXPECT_EQ(state_of(environment), State::running);
  environment.running.reset();
  EXPECT_EQ(state_of(environment), State::waiting);
  environment.waiting.reset();
  EXPECT_EQ(state_of(environment), State::drifted);
  environment.drift.emplace().unknown = {"mfa"};
  EXPECT_EQ(state_of(environment), State::unknown);
  environment.drift.emplace().error = "the service did not answer";
  EXPECT_EQ(state_of(environment), State::unknown);
  environment.drift.reset();
  EXPECT_EQ(state_of(environment), State::unfollowed);
  environment.not_followed.clear();
  EXPECT_EQ(state_of(environment), State::live);
  environment.deployed.reset();
  EXPECT_EQ(state_of(environment), State::empty);
}

TEST(DriftReport, SaysWhatTheNextDeploymentDoes) {
  DriftReport report;
  report.unknown = report.unmanaged = {"other"};
  EXPECT_EQ(next_step(report), "");
  report.missing = {"mfa"};
  report.can_restore = true;
  const auto next = [&](deploy::OnDrift policy) {
    report.on_drift = policy;
    return next_step(report);
  };
  EXPECT_NE(next(deploy::OnDrift::fail).find("sends nothing"), std::string::npos);
  EXPECT_FALSE(report.restores());
  EXPECT_NE(next(deploy::OnDrift::skip).find("leave these flows"), std::string::npos);
  EXPECT_FALSE(report.restores());
  EXPECT_NE(next(deploy::OnDrift::adopt).find("needs a working tree"), std::string::npos);
  EXPECT_FALSE(report.restores());
  EXPECT_NE(next(deploy::OnDrift::overwrite).find("restores"), std::string::npos);
  EXPECT_TRUE(report.restores());
  report.can_restore = false;
  EXPECT_NE(next(deploy::OnDrift::overwrite).find("no longer has"), std::string::npos);
  EXPECT_FALSE(report.restores());
}

TEST(NotUpdated, AreTheFlowsThatTheDeploymentDidNotReach) {
  EnvironmentStatus environment = full_status().environments.front();
  EXPECT_EQ(not_updated(environment), std::vector<std::string>{kHostile});
  environment.deployed->record = std::string(40, 'c');
  EXPECT_TRUE(not_updated(environment).empty());
}

TEST(LookOfFlow, OffersNothingForADriftedFlowThatTheRepositoryRemoved) {
  EnvironmentStatus environment;
  environment.id.environment = "production";
  environment.left_behind = {"mfa", "sign-in"};
  environment.drift.emplace().drifted = {"mfa", "sign-up"};
  EXPECT_EQ(look_of_flow(environment, "sign-in").word, "left behind");
  const FlowLook removed = look_of_flow(environment, "mfa");
  EXPECT_EQ(removed.word, "drifted");
  EXPECT_NE(removed.why.find("flowship pull mfa --env production --theirs"), std::string::npos) << removed.why;
  EXPECT_EQ(flow_buttons(Buttons::offered, environment, "mfa", removed).str(), "");
  const FlowLook kept = look_of_flow(environment, "sign-up");
  EXPECT_NE(flow_buttons(Buttons::offered, environment, "sign-up", kept).str(), "");
}

TEST(Page, EscapesTextsOfOthers) {
  const DaemonStatus status = full_status();
  const std::string html = status_page(status, status.started);
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);
  EXPECT_EQ(html.find("</main>"), html.rfind("</main>"));
  EXPECT_EQ(html.find('\x01'), std::string::npos);
  EXPECT_EQ(html.find('\xff'), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;"), std::string::npos);
}

TEST(Page, LinksCommitsToTheHostOfTheRepository) {
  DaemonStatus status = full_status();
  const std::string id(40, 'a');
  EXPECT_EQ(status_page(status, status.started).find(id), std::string::npos);
  status.environments.front().deployed->commit.author = "Ada & Co <ada@example.com>";
  status.environments.front().commit_pages = "https://github.com/a/b/commit/";
  const std::string html = status_page(status, status.started);
  EXPECT_NE(html.find("<a href=\"https://github.com/a/b/commit/" + id + "\""), std::string::npos);
  EXPECT_NE(html.find("by <bdi>Ada &amp; Co</bdi>"), std::string::npos);
}

TEST(EnvironmentPage, ShowsFlowsThatNeedAttentionFirstAndEscapesTexts) {
  EnvironmentStatus environment = full_status().environments.front();
  environment.recent.front().losses = {{"sign-in", kHostile}};
  environment.drift =
      DriftReport{.checked = Time(), .drifted = {"mfa"}, .missing = {}, .unmanaged = {}, .unknown = {}, .error = {}};
  environment.drift->edits["mfa"] = {kHostile};
  const std::string html = environment_page(
      environment,
      {{.flow_id = "consent", .changed = Time(), .commit = {.id = "abc", .subject = {}}}, {.flow_id = "mfa"}}, 1);
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);
  const std::size_t lost = html.find("A guarantee was lost");
  const std::size_t failed = html.find(">failed</span>");
  const std::size_t drifted = html.find(">drifted</span>");
  EXPECT_LT(lost, failed);
  EXPECT_LT(failed, drifted);
  EXPECT_LT(drifted, html.find(">in sync</span>"));
}

TEST(EnvironmentPage, HasPages) {
  EnvironmentStatus environment;
  environment.key = "production";
  std::vector<FlowLine> flows;
  for (std::size_t at = 0; at <= kFlowsOfPage; ++at) flows.push_back({.flow_id = "flow-" + std::to_string(1000 + at)});
  EXPECT_NE(environment_page(environment, flows, 1).find("/environments/production?page=2"), std::string::npos);
  const std::string last = environment_page(environment, flows, 99);
  EXPECT_NE(last.find("flow-1200"), std::string::npos);
  EXPECT_EQ(last.find("flow-1199"), std::string::npos);
}

TEST(FlowLook, IsOfTheLastJobThatHadTheFlow) {
  EnvironmentStatus environment;
  environment.recent.resize(2);
  environment.recent[1].flows = {
      {.flow_id = "mfa", .outcome = deploy::FlowOutcome::failed, .error = "refused", .paths = {}}};
  EXPECT_EQ(look_of_flow(environment, "mfa").why, "refused");
  EXPECT_EQ(look_of_flow(environment, "other").word, "deployed");
  environment.recent[0].flows = {{.flow_id = "mfa", .outcome = deploy::FlowOutcome::deployed, .paths = {}}};
  EXPECT_EQ(look_of_flow(environment, "mfa").word, "deployed");
}

TEST(FlowLosses, AreThoseOfTheLastJobThatHadTheFlow) {
  EnvironmentStatus environment;
  environment.recent.resize(2);
  for (FinishedJob& job : environment.recent) job.record = "r";
  environment.recent[1].losses = {{"mfa", "a code is lost"}, {"other", "another"}};
  EXPECT_EQ(losses_of_flow(environment, "mfa").size(), 1U);
  environment.recent[0].flows = {{.flow_id = "mfa", .outcome = deploy::FlowOutcome::deployed, .paths = {}}};
  EXPECT_TRUE(losses_of_flow(environment, "mfa").empty());
}

TEST(Page, WorksWithoutEnvironmentsAndDeployments) {
  EXPECT_NE(status_page({}, Time()).find("All up to date"), std::string::npos);
  DaemonStatus status;
  status.environments.resize(1);
  EXPECT_NE(status_page(status, Time()).find("Nothing has been deployed yet"), std::string::npos);
}

TEST(StatusJson, IsOneDocumentWithEverything) {
  const DaemonStatus status = full_status();
  const auto document = json::Document::parse(status_json(status, status.started));
  const json::Value root = document->root();
  EXPECT_FALSE(root.find("ok").boolean());
  EXPECT_EQ(root.find("version").text(), "5");
  const json::Value environment = *root.find("environments").items().begin();
  EXPECT_TRUE(environment.find("state").is_string("failing"));
  EXPECT_TRUE(environment.find("deployed").find("target").is_string(std::string(40, 'a')));
  EXPECT_EQ(environment.find("running").find("done").text(), "1");
  EXPECT_EQ(environment.find("waiting").find("failures").text(), "2");
  EXPECT_EQ(environment.find("drift").find("drifted").size(), 1U);
  const json::Value job = *environment.find("recent").items().begin();
  EXPECT_TRUE(job.find("outcome").is_string("partial"));
  EXPECT_TRUE((*job.find("flows").items().begin()).find("outcome").is_string("failed"));
  EXPECT_TRUE(json::Document::parse(status_json({}, Time()))->root().find("ok").boolean());
}

TEST(WaitingForALease, ShowsSinceWhenAndByWhomItIsHeld) {
  DaemonStatus status = full_status();
  EnvironmentStatus& environment = status.environments.front();
  EXPECT_NE(metrics_text(status, status.started).find("environment=\"production\"} 0\n"), std::string::npos);
  environment.failing_since.reset();
  environment.running.reset();
  environment.waiting->lease = LeaseWait{.since = status.started, .holder = "runner-7 (process 12)"};
  EXPECT_EQ(state_of(environment), State::waiting);
  const auto document = json::Document::parse(status_json(status, status.started));
  const json::Value lease = (*document->root().find("environments").items().begin()).find("waiting").find("lease");
  EXPECT_TRUE(lease.find("since").is_string("2026-11-24T01:52:00Z"));
  EXPECT_TRUE(lease.find("holder").is_string("runner-7 (process 12)"));
  const std::string page = status_page(status, status.started);
  EXPECT_NE(page.find("Waiting for another deployment"), std::string::npos);
  EXPECT_NE(page.find("runner-7 (process 12)"), std::string::npos);
  const std::string metrics = metrics_text(status, status.started);
  const std::string gauge = metrics.substr(metrics.find("# TYPE flowship_waiting_for_lease gauge"));
  EXPECT_EQ(gauge.find("environment=\"production\"} 1\n"), gauge.find("environment=\"production\""));
  EXPECT_NE(gauge.find("holder=\"runner-7 (process 12)\"} "), std::string::npos);
}

TEST(Metrics, CountDurationsCumulatively) {
  const DaemonStatus status = full_status();
  const std::string text = metrics_text(status, status.started);
  const auto has = [&](const std::string& line) { return text.find(line) != std::string::npos; };
  EXPECT_TRUE(has("outcome=\"partial\",le=\"0.25\"} 0\n"));
  EXPECT_TRUE(has("outcome=\"partial\",le=\"0.5\"} 1\n"));
  EXPECT_TRUE(has("outcome=\"partial\",le=\"3600\"} 1\n"));
  EXPECT_TRUE(has("outcome=\"partial\",le=\"+Inf\"} 2\n"));
  EXPECT_TRUE(has("environment=\"production\",outcome=\"partial\"} 3\n"));
  EXPECT_TRUE(has("repository=\"</main><script>alert(1)</script>\\\"'&"));
  EXPECT_TRUE(has("flowship_queue_length"));
}

TEST(Metrics, HaveAtMost40SeriesForEachEnvironment) {
  DaemonStatus status = full_status();
  const auto series = [&] {
    const std::string text = metrics_text(status, status.started);
    const std::string_view lines = text;
    return std::count(lines.begin(), lines.end(), '\n') - 2 * std::ptrdiff_t(count_of(text, "# TYPE"));
  };
  status.environments.front().waiting->lease = LeaseWait{.since = status.started, .holder = "runner"};
  status.environments.front().drift->error.clear();
  const std::ptrdiff_t one = series();
  for (int number = 0; number < 9; ++number) {
    EnvironmentStatus other = status.environments.front();
    other.id = {.repository = "other-" + std::to_string(number), .environment = "production"};
    status.environments.push_back(other);
    status.mirrors.push_back(status.mirrors.front());
    status.mirrors.back().repository = other.id.repository;
  }
  EXPECT_LE(series() - one, 9 * 40);
}

TEST(FlowPage, HasTheDrawingAndTheTasks) {
  flow::Graph graph;
  graph.title = kHostile;
  graph.tasks.resize(2);
  graph.tasks[0].name = kHostile;
  graph.edges = {{0, 1, "i", kHostile}};
  const std::string html = flow_page(full_status().environments.front(), graph);
  EXPECT_EQ(html.find("<script>alert"), std::string::npos);
  EXPECT_EQ(html.find("<style"), std::string::npos);
  EXPECT_NE(html.find("<svg"), std::string::npos);
}

TEST(Assets, LoadNothingFromElsewhere) {
  for (const Asset& asset : assets()) {
    EXPECT_FALSE(asset.text.empty()) << asset.name;
    EXPECT_EQ(asset.text.find("//cdn"), std::string_view::npos) << asset.name;
    EXPECT_EQ(asset.text.find("@import"), std::string_view::npos) << asset.name;
    EXPECT_EQ(asset.text.find("url("), std::string_view::npos) << asset.name;
  }
}

}  // namespace
}  // namespace flowship::daemon
