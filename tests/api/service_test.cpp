#include "api/service.hpp"

#include "net/server.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace flowship::api {
namespace {

/// A service on a server that answers every request alike, or as a handler says.
class Answering {
 public:
  Answering(int status, std::string body)
      : Answering([status, body](const net::IncomingRequest&) {
          net::Answer answer;
          answer.status = status;
          answer.body = body;
          return answer;
        }) {}

  explicit Answering(net::Server::Handler handler) : server_({}, std::move(handler)) {
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
  const Outcome outcome = answering.service().import_flow("{}", [] { return Arrival::unknown; });
  ASSERT_TRUE(outcome.failure);
  EXPECT_EQ(outcome.attempts, 1);
  EXPECT_EQ(outcome.failure->message, "the service answered 504; flowship could not find out whether it took effect");
  EXPECT_EQ(outcome.failure->kind, Failure::Kind::unknown);
}

TEST(Service, AsksWhatTheServiceHoldsAfterASuccessOtherThan200) {
  for (const int status : {201, 202, 204}) {
    Answering answering(status, "");
    EXPECT_TRUE(answering.service().import_flow("{}", [] { return Arrival::arrived; }).ok()) << status;
    const Outcome missing = answering.service().import_flow("{}", [] { return Arrival::not_arrived; });
    ASSERT_TRUE(missing.failure);
    EXPECT_EQ(missing.attempts, 1);
    EXPECT_EQ(missing.failure->message, "the service answered " + std::to_string(status));
    const Outcome mute = answering.service().import_flow("{}", [] { return Arrival::unknown; });
    ASSERT_TRUE(mute.failure);
    EXPECT_EQ(mute.failure->kind, Failure::Kind::unknown);
  }
}

TEST(Service, AcceptsAnEmptyResponseToAnImport) {
  Answering answering(200, "");
  EXPECT_TRUE(answering.service().import_flow("{}", {}).ok());
}

TEST(Service, AFailedExportIsAFailureWhateverItsStatus) {
  for (const int status : {400, 404, 500}) {
    Answering answering(status, "{}");
    const Exported exported = answering.service().export_flow("sign-in");
    EXPECT_FALSE(exported.outcome.ok()) << "only the list says whether there is a flow";
    EXPECT_FALSE(exported.flow);
  }
}

Listed list_of(const std::string& body) { return Answering(200, body).service().list_flows(); }

TEST(Service, RefusesAnIncompleteList) {
  for (const char* body : {"{}", "[]", "", R"({"flows": 7})", R"({"flows": null, "total": 0})"}) {
    const Listed listed = list_of(body);
    ASSERT_TRUE(listed.outcome.failure) << body;
    EXPECT_NE(listed.outcome.failure->message.find("no `flows` array"), std::string::npos) << body;
  }
  const Listed part = list_of(R"({"flows": [{"id": "a"}], "total": 2})");
  ASSERT_TRUE(part.outcome.failure);
  EXPECT_NE(part.outcome.failure->message.find("incomplete: it has 1 of 2 flows"), std::string::npos);
  EXPECT_TRUE(part.flows.empty());
  EXPECT_FALSE(list_of(R"({"flows": [{"name": "a"}]})").outcome.ok());
}

TEST(Service, ReadsTheTagsOfAList) {
  const Listed listed = list_of(R"({"flows": [
    {"id": "a", "version": 3, "etag": "x", "modifiedTime": 1700000000}, {"id": "b", "version": "3"},
    {"id": "c", "name": "C", "etag": "", "modifiedTime": 1}, {"id": "d", "version": null}], "total": 4})");
  ASSERT_TRUE(listed.outcome.ok());
  ASSERT_EQ(listed.flows.size(), 4U);
  EXPECT_EQ(listed.flows[0].tag, (FlowTag{.version = "3", .etag = "x", .modified_time = "1700000000"}));
  EXPECT_EQ(listed.flows[1].tag, (FlowTag{.version = "3", .etag = {}, .modified_time = {}}));
  EXPECT_NE(listed.flows[0].tag, listed.flows[1].tag);
  EXPECT_FALSE(listed.flows[2].tag);
  EXPECT_FALSE(listed.flows[3].tag);
}

TEST(Service, ReportsAnErrorInA200) {
  Answering answering(200, R"({"errorCode": "E011003", "errorDescription": "Request failed validation"})");
  for (const Outcome& outcome : {answering.service().import_flow("{}", [] { return Arrival::arrived; }),
                                 answering.service().export_flow("a").outcome, answering.service().list_flows().outcome,
                                 answering.service().delete_flow("a")}) {
    ASSERT_TRUE(outcome.failure);
    EXPECT_EQ(outcome.failure->message, "the service answered 200 E011003: Request failed validation");
    EXPECT_EQ(outcome.failure->kind, Failure::Kind::refused);
    EXPECT_EQ(outcome.attempts, 1);
  }
}

TEST(Service, FindsNoErrorInAFlowThatNamesOne) {
  Answering answering(200, R"({"flow": {"contents": {"errorCode": "E011003"}}})");
  EXPECT_TRUE(answering.service().export_flow("a").outcome.ok());
}

TEST(Service, LooksIntoTheListAfterALostDeletion) {
  const auto deleted = [](const std::string& list) {
    return Answering([list](const net::IncomingRequest& request) {
             net::Answer answer;
             answer.status = request.target.ends_with("/list") ? 200 : 504;
             answer.body = list;
             return answer;
           })
        .service()
        .delete_flow("a");
  };
  EXPECT_TRUE(deleted(R"({"flows": []})").ok());
  EXPECT_FALSE(deleted(R"({"flows": [{"id": "a"}]})").ok());
  EXPECT_FALSE(deleted(R"({"flows": [], "total": 1})").ok());
}

/// A server that remembers what it was sent.
struct Remembering {
  explicit Remembering(net::Server::Handler handler)
      : answering([this, handler = std::move(handler)](const net::IncomingRequest& request) {
          requests.push_back(request);
          return handler(request);
        }) {}
  std::vector<net::IncomingRequest> requests;
  Answering answering;
};

net::Answer answer(int status, const std::string& body) {
  net::Answer made;
  made.status = status;
  made.body = body;
  return made;
}

TEST(Service, SendsTheTierOfTheLicenseOnEveryRequest) {
  Remembering server([](const net::IncomingRequest& request) {
    return answer(200, request.target == "/v1/mgmt/license" ? R"({"rateLimitTier": "tier3"})" : R"({"flows": []})");
  });
  server.answering.service().list_flows();
  server.answering.service().list_flows();
  ASSERT_EQ(server.requests.size(), 3U);
  EXPECT_EQ(server.requests[0].method, "GET");
  EXPECT_EQ(server.requests[0].target, "/v1/mgmt/license");
  for (const std::size_t number : {1U, 2U}) {
    EXPECT_EQ(server.requests[number].headers.find("x-descope-license"), "tier3");
  }
}

TEST(Service, GoesOnWithoutALicense) {
  for (const char* body : {"", "{}", R"({"rateLimitTier": 3})", R"({"rateLimitTier": "a\nb"})", "404"}) {
    Remembering server([body](const net::IncomingRequest& request) {
      const bool is_license = request.target == "/v1/mgmt/license";
      if (is_license && std::string(body) == "404") return answer(404, "{}");
      return answer(200, is_license ? body : R"({"flows": []})");
    });
    EXPECT_TRUE(server.answering.service().list_flows().outcome.ok());
    EXPECT_TRUE(server.answering.service().list_flows().outcome.ok());
    ASSERT_EQ(server.requests.size(), 3U) << "asked once";
    EXPECT_FALSE(server.requests[1].headers.find("x-descope-license"));
  }
}

TEST(Service, LeavesOutAChangelogThatTheServiceRefuses) {
  Remembering server([](const net::IncomingRequest& request) {
    if (request.body.find("changelog") == std::string::npos) return answer(200, "{}");
    return answer(400, R"({"errorCode": "E011001", "errorDescription": "unknown field \"changelog\""})");
  });
  Service& service = server.answering.service();
  for (int imported = 0; imported < 2; ++imported) {
    EXPECT_TRUE(service.import_flow(R"({"flow":{"flowId":"a"}})", {}, "Fix the \"title\" (1a2b3c4)").ok());
  }
  ASSERT_EQ(server.requests.size(), 4U);
  EXPECT_EQ(server.requests[1].body, R"-({"flow":{"flowId":"a"},"changelog":"Fix the \"title\" (1a2b3c4)"})-");
  EXPECT_EQ(server.requests[2].body, R"({"flow":{"flowId":"a"}})");
  EXPECT_EQ(server.requests[3].body, R"({"flow":{"flowId":"a"}})");
}

TEST(Service, DoesNotBlameTheChangelogForOtherErrors) {
  Remembering server([](const net::IncomingRequest&) {
    return answer(400, R"({"errorCode": "E011003", "errorDescription": "/flow/contents is required"})");
  });
  EXPECT_FALSE(server.answering.service().import_flow("{}", {}, "note").ok());
  EXPECT_EQ(server.requests.size(), 2U);
}

TEST(Service, FailsAtOnceAfterARateLimitThatDidNotEnd) {
  Remembering server([](const net::IncomingRequest&) {
    net::Answer refused = answer(429, R"({"errorCode": "E130429"})");
    refused.headers.add("Retry-After", "3600");
    return refused;
  });
  Service& service = server.answering.service();
  EXPECT_EQ(service.list_flows().outcome.failure->status, 429);
  const Outcome second = service.delete_flow("a");
  EXPECT_EQ(second.attempts, 0);
  EXPECT_EQ(second.failure->kind, Failure::Kind::unreachable);
  EXPECT_EQ(server.requests.size(), 2U);
}

TEST(Service, KnowsTheRegionOfAProject) {
  EXPECT_EQ(default_base_url("P2short"), "https://api.descope.com");
  EXPECT_EQ(default_base_url("Peuc1" + std::string(27, 'x')), "https://api.euc1.descope.com");
}

}  // namespace
}  // namespace flowship::api
