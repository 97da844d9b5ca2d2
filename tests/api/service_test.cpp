#include "api/service.hpp"

#include "net/server.hpp"

#include <gtest/gtest.h>

namespace flowship::api {
namespace {

/// A service on a server that answers every request alike.
class Answering {
 public:
  Answering(int status, std::string body)
      : server_({}, [status, body](const net::IncomingRequest&) {
          net::Answer answer;
          answer.status = status;
          answer.body = body;
          return answer;
        }) {
    ServiceOptions options;
    options.http.base_url = server_.url();
    options.credentials = {.project_id = "P2test", .key = Secret("Ktest")};
    options.retry = {.most_attempts = 2, .first_pause = std::chrono::milliseconds(1)};
    service_.emplace(std::move(options), system_clock(), stop_);
  }
  Service& service() { return *service_; }

 private:
  const StopSignal stop_;
  net::Server server_;
  std::optional<Service> service_;
};

TEST(Service, DoesNotMistakeALogInPageForSuccess) {
  Answering answering(200, "<html>Log in to this network</html>");
  const Outcome outcome = answering.service().import_flow("{}", {});
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.failure->kind, Failure::Kind::unknown);
}

TEST(Service, ReportsWhenItIsUnknownWhetherARequestTookEffect) {
  Answering answering(504, "{}");
  const Outcome outcome = answering.service().import_flow("{}", [] { return std::optional<bool>(); });
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_EQ(outcome.failure->message, "the service answered 504; flowship could not find out whether it took effect");
  EXPECT_EQ(outcome.failure->kind, Failure::Kind::unknown);
}

TEST(Service, AsksWhatTheServiceHoldsAfterASuccessOtherThan200) {
  for (const int status : {201, 202, 204}) {
    Answering answering(status, "");
    EXPECT_TRUE(answering.service().import_flow("{}", [] { return std::optional(true); }).ok()) << status;
    const Outcome missing = answering.service().import_flow("{}", [] { return std::optional(false); });
    ASSERT_TRUE(missing.failure);
    EXPECT_EQ(missing.attempts, 1);
    EXPECT_EQ(missing.failure->message, "the service answered " + std::to_string(status));
    const Outcome mute = answering.service().import_flow("{}", [] { return std::optional<bool>(); });
    ASSERT_TRUE(mute.failure);
    EXPECT_EQ(mute.failure->kind, Failure::Kind::unknown);
  }
}

TEST(Service, AcceptsAnEmptyResponseToAnImport) {
  Answering answering(200, "");
  EXPECT_TRUE(answering.service().import_flow("{}", {}).ok());
}

TEST(Service, DistinguishesAMissingFlowFromAFailure) {
  Answering missing(404, "{}");
  EXPECT_TRUE(missing.service().export_flow("sign-in").absent());
  Answering broken(500, "{}");
  const Exported exported = broken.service().export_flow("sign-in");
  EXPECT_FALSE(exported.absent());
  EXPECT_EQ(exported.outcome.attempts, 2);
}

TEST(Service, RefusesAnInvalidList) {
  Answering answering(200, R"({"flows": 7})");
  EXPECT_FALSE(answering.service().list_flows().outcome.ok());
}

TEST(Service, KnowsTheRegionOfAProject) {
  EXPECT_EQ(default_base_url("P2short"), "https://api.descope.com");
  EXPECT_EQ(default_base_url("Peuc1" + std::string(27, 'x')), "https://api.euc1.descope.com");
}

}  // namespace
}  // namespace flowship::api
