#include "daemon/jobs/notifier.hpp"

#include "json/document.hpp"
#include "net/server.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <sstream>

namespace flowship::daemon {
namespace {

using Event = NotifyConfig::Event;

const EnvironmentId kProduction{"flows", "production"};

FinishedJob failed_job() {
  FinishedJob job;
  job.id = "j-1";
  job.outcome = JobOutcome::partial;
  job.commit = {std::string(40, 'a'), "Say <hello> & \"bye\""};
  job.flows.resize(1);
  job.flows[0] = {.flow_id = "mfa",
                  .action = deploy::Action::update,
                  .outcome = deploy::FlowOutcome::failed,
                  .attempts = 1,
                  .error = "refused",
                  .hint = {},
                  .paths = {}};
  return job;
}

TEST(Notice, IsJsonWithTheOutcome) {
  const json::DocumentPtr document =
      json::Document::parse(notice_text(NotifyConfig::Form::plain, kProduction, failed_job()));
  const json::Value root = document->root();
  EXPECT_EQ(root.find("event").string(), "failure");
  EXPECT_EQ(root.find("environment").string(), "production");
  EXPECT_EQ(root.find("commit").string(), std::string(40, 'a'));
  EXPECT_EQ((*root.find("flows").items().begin()).find("error").string(), "refused");
}

TEST(Notice, ForSlackIsOneEscapedText) {
  const json::DocumentPtr document =
      json::Document::parse(notice_text(NotifyConfig::Form::slack, kProduction, failed_job()));
  EXPECT_EQ(document->root().size(), 1U);
  const std::string text = document->root().find("text").string();
  EXPECT_NE(text.find("Say &lt;hello&gt; &amp; \"bye\""), std::string::npos) << text;
  EXPECT_NE(text.find("mfa"), std::string::npos);
}

TEST(Notice, CountsSentFlows) {
  FinishedJob job = failed_job();
  job.outcome = JobOutcome::deployed;
  job.flows[0].outcome = deploy::FlowOutcome::deployed;
  const std::string text = notice_text(NotifyConfig::Form::slack, kProduction, job);
  EXPECT_NE(text.find("deployed (1 flow sent)"), std::string::npos) << text;
}

TEST(Notice, TellsWhatADeploymentWarnsOf) {
  FinishedJob job = failed_job();
  job.outcome = JobOutcome::deployed;
  job.warnings = {"`mfa`: a session can now be reached with 0 instead of 1 factor"};
  const json::DocumentPtr document = json::Document::parse(notice_text(NotifyConfig::Form::plain, kProduction, job));
  EXPECT_EQ((*document->root().find("warnings").items().begin()).string(), job.warnings.front());
  EXPECT_NE(document->root().find("text").string().find("; " + job.warnings.front()), std::string::npos);
}

TEST(Notice, OfDriftSaysWhatHappensNext) {
  DriftReport report;
  report.drifted = {"mfa"};
  report.unknown = {"sign-in"};
  report.on_drift = deploy::OnDrift::skip;
  const json::DocumentPtr document = json::Document::parse(notice_text(NotifyConfig::Form::plain, kProduction, report));
  const json::Value root = document->root();
  EXPECT_EQ(root.find("event").string(), "drift");
  EXPECT_EQ(root.find("onDrift").string(), "skip");
  EXPECT_EQ(root.find("next").string(), next_step(report));
  EXPECT_EQ(root.find("text").string(),
            "flows/production: edited in the console: mfa; not exportable: sign-in. " + next_step(report));
}

TEST(Notice, IsSentOncePerFailingCommit) {
  const std::set<Event> both{Event::success, Event::failure};
  FinishedJob job = failed_job();
  EXPECT_TRUE(wants_notice(both, job, 0));
  EXPECT_FALSE(wants_notice(both, job, 1));
  EXPECT_FALSE(wants_notice({Event::success}, job, 0));
  job.outcome = JobOutcome::deployed;
  EXPECT_TRUE(wants_notice(both, job, 3));
  EXPECT_FALSE(wants_notice({Event::failure}, job, 0));
  job.outcome = JobOutcome::unchanged;
  EXPECT_FALSE(wants_notice(both, job, 0));
  EXPECT_TRUE(wants_notice(both, job, 1)) << "the commit had failed before";
  job.outcome = JobOutcome::held;
  EXPECT_FALSE(wants_notice(both, job, 1));
}

NotifyConfig hook_of(const net::Server& server) {
  NotifyConfig config;
  config.base_url = server.url();
  config.target = Secret("/hook?token=x");
  return config;
}

TEST(Receiver, RetriesUntilItSucceeds) {
  std::atomic<int> asked{0};
  std::promise<std::string> heard;
  net::Server server({}, [&](const net::IncomingRequest& request) {
    net::Answer answer;
    answer.status = ++asked == 1 ? 503 : 204;
    if (asked == 2) heard.set_value(request.method + " " + request.target + " " + request.body);
    return answer;
  });
  std::ostringstream out;
  StatusStore status_store(Time{}, std::chrono::minutes(1));
  Notifier notifier(system_clock(), status_store, Log(out, LogFormat::text, system_clock()));
  notifier.configure({hook_of(server)});
  notifier.notify(kProduction, failed_job(), 0);
  EXPECT_EQ(heard.get_future().get(),
            "POST /hook?token=x " + notice_text(NotifyConfig::Form::plain, kProduction, failed_job()));
  notifier.configure({});
  EXPECT_EQ(asked, 2);
}

TEST(Receiver, ThatHangsDoesNotDelayAStop) {
  std::promise<void> asked;
  std::promise<void> release;
  std::atomic<int> number{0};
  net::Server server({}, [&](const net::IncomingRequest&) {
    if (++number == 1) asked.set_value();
    release.get_future().wait();
    return net::Answer();
  });
  std::ostringstream out;
  StatusStore status_store(Time{}, std::chrono::minutes(1));
  Notifier notifier(system_clock(), status_store, Log(out, LogFormat::text, system_clock()));
  notifier.configure({hook_of(server)});
  for (int count = 0; count < 12; ++count) notifier.notify(kProduction, failed_job(), 0);
  asked.get_future().wait();
  const Ticks began = system_clock().ticks();
  notifier.configure({});
  // One request may take 20 s.
  EXPECT_LT(system_clock().ticks() - began, std::chrono::seconds(15));
  EXPECT_EQ(number, 1);
  EXPECT_NE(out.str().find("notifications dropped at the stop"), std::string::npos) << out.str();
  release.set_value();
}

}  // namespace
}  // namespace flowship::daemon
