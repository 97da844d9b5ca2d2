#include "flow/layouts/reading.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

Reading read_with_list(const std::string& list) {
  return SampleFiles().put_snapshot("flows/a").put_snapshot("flows/b").put("flows/flows.json", list).read();
}

TEST(FlowList, MayMatchTheFolders) { EXPECT_EQ(problems(read_with_list(R"({"flows": ["b", "a"]})")), Texts{}); }

TEST(FlowList, ReportsEachMismatch) {
  const Reading reading = read_with_list("{\"flows\": [\"a\",\n \"gone\",\n 7]}");
  EXPECT_EQ(problems(reading), (Texts{"flow_list flows/flows.json:1:11", "flow_list flows/flows.json:2:2",
                                      "flow_list flows/flows.json:3:2"}));
  EXPECT_EQ(reading.problems[0].flow_id, "b");
}

TEST(FlowList, ReportsAMalformedListOnce) {
  for (const char* list : {"[]", "{}", R"({"flows": {}})", "{"}) {
    EXPECT_EQ(problems(read_with_list(list)).size(), 1U) << list;
  }
}

TEST(FlowList, IsIgnoredWithoutFlowsBesideIt) {
  EXPECT_EQ(problems(SampleFiles{{"data/flows.json", "{"}}.read()), Texts{});
}

}  // namespace
}  // namespace flowship::flow
