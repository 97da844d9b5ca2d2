#include "deploy/live/classify.hpp"

#include "deploy/flows.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

namespace flowship::deploy {
namespace {

/// Versions of one flow by name: `1` and `2` differ in their name, `1+` is `1` with what the service adds by itself.
const flow::Flow* version(const std::string& name) {
  static const std::map<std::string, flow::Flow> versions = {
      {"1", flow_from(R"({"metadata": {"name": "1"}, "contents": {"startTask": "s"}})")},
      {"2", flow_from(R"({"metadata": {"name": "2"}, "contents": {"startTask": "s"}})")},
      {"3", flow_from(R"({"metadata": {"name": "3"}, "contents": {"startTask": "s"}})")},
      {"1+", flow_from(R"({"metadata": {"name": "1", "version": 7}, "contents": {"startTask": "s"}})")},
      {"1 without", flow_from(R"({"metadata": {}, "contents": {"startTask": "s"}})")},
  };
  return name.empty() ? nullptr : &versions.at(name);
}

struct Row {
  const char* what;
  Intent intent;
  bool is_deployed;
  const char* desired;
  const char* sent;
  const char* returned;
  const char* live;
  LiveMatch expected;
};

const Row kTable[] = {
    {"created, not there", Intent::send, false, "1", "", "", "", LiveMatch::as_deployed},
    {"created, there already as desired", Intent::send, false, "1", "", "", "1", LiveMatch::as_desired},
    {"created, there with what the service adds", Intent::send, false, "1", "", "", "1+", LiveMatch::as_desired},
    {"created, there otherwise", Intent::send, false, "1", "", "", "2", LiveMatch::foreign},

    {"changed, live as it was returned", Intent::send, true, "2", "1", "1+", "1+", LiveMatch::as_deployed},
    {"changed, live as it was sent", Intent::send, true, "2", "1", "", "1", LiveMatch::as_deployed},
    {"changed, live as sent, with additions", Intent::send, true, "2", "1", "", "1+", LiveMatch::as_deployed},
    {"changed, live as it was sent, without additions", Intent::send, true, "2", "1", "1+", "1",
     LiveMatch::as_deployed},
    {"changed, live already as desired", Intent::send, true, "2", "1", "1+", "2", LiveMatch::as_desired},
    {"changed, edited to something else", Intent::send, true, "2", "1", "1+", "3", LiveMatch::edited},
    {"changed, deleted in the console", Intent::send, true, "2", "1", "1+", "", LiveMatch::missing},
    {"changed, not known what was sent", Intent::send, true, "2", "", "", "1", LiveMatch::edited},
    {"a member taken out that is still there", Intent::send, true, "1 without", "1", "", "1", LiveMatch::as_deployed},

    {"removed, live as deployed", Intent::remove, true, "", "1", "1+", "1+", LiveMatch::as_deployed},
    {"removed, gone already", Intent::remove, true, "", "1", "1+", "", LiveMatch::as_desired},
    {"removed, edited", Intent::remove, true, "", "1", "1+", "3", LiveMatch::edited},

    {"unchanged, live as deployed", Intent::keep, true, "", "1", "1+", "1+", LiveMatch::as_deployed},
    {"unchanged, edited", Intent::keep, true, "", "1", "1+", "3", LiveMatch::edited},
    {"unchanged, deleted in the console", Intent::keep, true, "", "1", "1+", "", LiveMatch::missing},
};

TEST(Classify, AListedFlowThatIsNotExportedIsUnknown) {
  for (const Intent intent : {Intent::keep, Intent::send, Intent::remove}) {
    EXPECT_EQ(classify({.intent = intent, .is_deployed = true, .sent = version("1"), .is_listed = true}),
              LiveMatch::unknown);
  }
}

TEST(Classify, WhatIsIgnoredIsNoDrift) {
  const std::vector<std::string> ignored{"/metadata/name"};
  const Versions versions{.intent = Intent::keep,
                          .is_deployed = true,
                          .sent = version("1"),
                          .returned = version("1+"),
                          .is_listed = true,
                          .live = version("3"),
                          .ignore_drift = &ignored};
  EXPECT_EQ(classify(versions), LiveMatch::as_deployed);
  Versions counted = versions;
  counted.ignore_drift = nullptr;
  EXPECT_EQ(classify(counted), LiveMatch::edited);
}

TEST(Classify, WhatIsIgnoredAndStaysAsItWasSentKeepsNothingFromBeingAsDesired) {
  const auto flow_of = [](const std::string& name, const std::string& description) {
    return flow_from(R"({"metadata": {"name": ")" + name + R"(", "description": ")" + description + R"("}})");
  };
  const flow::Flow sent = flow_of("1", "a");
  const flow::Flow desired = flow_of("2", "a");
  const flow::Flow live = flow_of("2", "by hand");
  const std::vector<std::string> ignored{"/metadata/description"};
  Versions versions{.intent = Intent::send,
                    .is_deployed = true,
                    .desired = &desired,
                    .sent = &sent,
                    .is_listed = true,
                    .live = &live,
                    .ignore_drift = &ignored};
  EXPECT_EQ(classify(versions), LiveMatch::as_desired);
  // The repository changed what is ignored, so that it is sent.
  const flow::Flow other = flow_of("2", "b");
  versions.desired = &other;
  EXPECT_NE(classify(versions), LiveMatch::as_desired);
  versions.desired = &desired;
  versions.ignore_drift = nullptr;
  EXPECT_NE(classify(versions), LiveMatch::as_desired);
}

TEST(Classify, WhatAnInterruptedDeploymentSentIsNoDrift) {
  Versions versions{.intent = Intent::send,
                    .is_deployed = true,
                    .desired = version("3"),
                    .sent = version("1"),
                    .returned = version("1+"),
                    .open = version("2"),
                    .is_listed = true,
                    .live = version("2")};
  EXPECT_EQ(classify(versions), LiveMatch::as_deployed);
  versions.is_deployed = false;
  EXPECT_EQ(classify(versions), LiveMatch::as_deployed);
  versions.open = version("1+");
  EXPECT_EQ(classify(versions), LiveMatch::foreign);
  EXPECT_EQ(classify({.intent = Intent::send, .is_deployed = true, .desired = version("1"), .may_be_deleted = true}),
            LiveMatch::as_deployed);
}

TEST(Classify, DecidesByIntentAndVersionsAlone) {
  for (const Row& row : kTable) {
    const Versions versions{.intent = row.intent,
                            .is_deployed = row.is_deployed,
                            .desired = version(row.desired),
                            .sent = version(row.sent),
                            .returned = version(row.returned),
                            .is_listed = row.live[0] != 0,
                            .live = version(row.live),
                            .ignore_drift = nullptr};
    EXPECT_EQ(static_cast<int>(classify(versions)), static_cast<int>(row.expected)) << row.what;
  }
}

}  // namespace
}  // namespace flowship::deploy
