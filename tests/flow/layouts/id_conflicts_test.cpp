#include "flow/layouts/id_conflicts.hpp"

#include "flow/layouts/reading.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

std::string exported(const std::string& id) {
  return R"({"flowId": ")" + id + R"(", "metadata": {}, "contents": {"startTask": "0", "tasks": {}}})";
}

TEST(IdConflicts, ReportsInvalidIdsWhereTheyAreWritten) {
  const Reading reading =
      SampleFiles{{"a.json", exported("../x")}, {"b.json", exported("")}, {"c.json", exported("fine")}}.read();
  EXPECT_EQ(problems(reading), (Texts{"bad_id a.json:1:12", "bad_id b.json:1:12"}));
}

TEST(IdConflicts, TruncateLongIdsBetweenCharacters) {
  std::string id = "a";
  while (id.size() < 200) id += "ü";
  Flow flow;
  flow.id = id;
  flow.source.path = "a.json";
  std::vector<Problem> problems;
  check_ids({flow}, problems);
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_NE(problems[0].message.find("ü…`"), std::string::npos) << problems[0].message;
}

TEST(IdConflicts, ReportsInvalidFolderNames) {
  const Reading reading = SampleFiles().put_snapshot("flows/sign up").read();
  EXPECT_EQ(problems(reading), Texts{"bad_id flows/sign up/metadata.json:1:1"});
}

TEST(IdConflicts, ReportsDuplicateIdsAtTheSecondSource) {
  SampleFiles files{{"z.json", exported("sign-up")}};
  files.put_snapshot("flows/sign-up");
  const Reading reading = files.read();
  ASSERT_EQ(problems(reading), Texts{"duplicate_id z.json:1:12"});
  EXPECT_NE(reading.problems[0].message.find("flows/sign-up"), std::string::npos);
  EXPECT_NE(reading.problems[0].message.find("z.json"), std::string::npos);
  EXPECT_EQ(ids(reading), (Texts{"sign-up", "sign-up"}));
}

TEST(IdConflicts, ReportsIdsThatDifferOnlyInCase) {
  SampleFiles files;
  files.put_snapshot("flows/Sign-Up").put_snapshot("flows/sign-up");
  const Reading reading = files.read();
  ASSERT_EQ(problems(reading), Texts{"id_case flows/sign-up/metadata.json:1:1"});
  EXPECT_NE(reading.problems[0].message.find("`Sign-Up`"), std::string::npos);
  EXPECT_NE(reading.problems[0].message.find("`sign-up`"), std::string::npos);
}

TEST(IdConflicts, IgnoresFlowsWithoutAnId) {
  const std::string nameless = R"({"metadata": {}, "contents": {"startTask": "0"}})";
  EXPECT_EQ(problems(SampleFiles{{"a.json", nameless}, {"b.json", nameless}}.read()), Texts{});
}

}  // namespace
}  // namespace flowship::flow
