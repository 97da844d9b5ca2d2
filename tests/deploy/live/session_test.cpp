#include "deploy/live/session.hpp"

#include "base/error.hpp"
#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

TEST(OpenSession, GivesTheLedgersHeadAndAServiceThatAnswers) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.in_workspace([&](Workspace& workspace, const Context& context) {
    Session session = open_session(workspace, workshop.options().connection, context);
    EXPECT_EQ(session.credentials.project_id, "P2test");
    ASSERT_TRUE(session.head);
    EXPECT_EQ(session.head->commit, workspace.ledger.head()->commit);
    const api::Listed listed = session.service.list_flows();
    ASSERT_EQ(listed.flows.size(), 1U);
    EXPECT_EQ(listed.flows[0].id, "a");
  });
}

TEST(OpenSession, RefusesTheLedgerOfAnotherProject) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.configure(R"("projectId": "P2other")");
  workshop.commit();
  workshop.in_workspace([&](Workspace& workspace, const Context& context) {
    try {
      open_session(workspace, workshop.options().connection, context);
      FAIL();
    } catch (const Error& error) {
      EXPECT_NE(error.message().find("P2test"), std::string::npos) << error.message();
    }
  });
}

TEST(OpenSession, FailsWithoutCredentials) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.in_workspace([&](Workspace& workspace, const Context& context) {
    const Context without{.clock = context.clock,
                          .stop = context.stop,
                          .progress = context.progress,
                          .variables = [](const std::string&) { return std::nullopt; }};
    try {
      open_session(workspace, workshop.options().connection, without);
      FAIL();
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::credentials);
    }
  });
}

TEST(ServiceOptions, TakeTheAddressFromOptionsThenVariableThenProject) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.in_workspace([&](Workspace& workspace, const Context& context) {
    const auto url = [&](const Connection& connection, const Variables& variables) {
      const Context with{
          .clock = context.clock, .stop = context.stop, .progress = context.progress, .variables = variables};
      return service_options(connection, credentials_of(workspace, connection, context), with).http.base_url;
    };
    const Variables base_url = [](const std::string& name) {
      return name == "DESCOPE_BASE_URL" ? std::optional<std::string>("https://variable.example") : std::nullopt;
    };
    Connection connection;
    connection.base_url = "https://option.example";
    EXPECT_EQ(url(connection, base_url), "https://option.example");
    EXPECT_EQ(url({}, base_url), "https://variable.example");
    EXPECT_EQ(url({}, context.variables), "https://api.descope.com");
  });
}

class Heard : public Silence {
 public:
  void waiting(const std::string& why) override { text = why; }
  std::string text;
};

TEST(ServiceOptions, TellOfAPauseWithoutTheSecretsInTheServicesWords) {
  Workshop workshop;
  workshop.deploy_flows({"a"});
  workshop.in_workspace([&](Workspace& workspace, const Context& context) {
    Heard heard;
    const Context with{.clock = context.clock, .stop = context.stop, .progress = heard, .variables = context.variables};
    service_options({}, credentials_of(workspace, {}, context), with)
        .on_pause("503: password=hunter2, retrying in 1 s");
    EXPECT_EQ(heard.text, "503: password=*******, retrying in 1 s");
  });
}

}  // namespace
}  // namespace flowship::deploy
