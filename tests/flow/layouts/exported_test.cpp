#include "flow/layouts/reading.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

TEST(Exported, IsReadVerbatim) {
  const Reading reading =
      SampleFiles{
          {"f.json",
           R"({"flowId": "f", "changelog": "x", "metadata": {"name": "F", "new": 1.0}, "contents": {"tasks": {}},
 "screens": [{"contents": {}, "screenId": "S", "more": []}, 7], "references": {"oauth": []}})"}}
          .read();
  const Flow& flow = reading.flows.at(0);
  EXPECT_EQ(flow.id, "f");
  EXPECT_EQ(flow.id_at.text(), "\"f\"");
  EXPECT_EQ(texts(flow.metadata), (Texts{"name=\"F\"", "new=1.0"}));
  EXPECT_EQ(flow.contents.text(), R"({"tasks": {}})");
  ASSERT_EQ(flow.screens.size(), 2U);
  EXPECT_EQ(flow.screens[0].id, "S");
  EXPECT_EQ(texts(flow.screens[0].fields), (Texts{"contents={}", "screenId=\"S\"", "more=[]"}));
  EXPECT_EQ(flow.screens[1].at.text(), "7");
  EXPECT_TRUE(flow.screens[1].fields.empty());
  EXPECT_EQ(flow.references.text(), R"({"oauth": []})");
  EXPECT_EQ(texts(flow.others), Texts{"changelog=\"x\""});
  EXPECT_EQ(flow.source.files.size(), 1U);
  EXPECT_TRUE(flow.complete);
  EXPECT_EQ(reading.problems.size(), 0U);
}

TEST(Exported, IsRecognisedByItsShape) {
  for (const char* text : {R"({"flowId": "f", "contents": {"startTask": "0"}})", R"({"flowId": "f", "metadata": {}})",
                           R"({"flowId": "f", "screens": []})", R"({"metadata": {}, "contents": {"startTask": "0"}})",
                           R"({"flowId": 7, "metadata": {}, "contents": {"tasks": {}}})",
                           R"({"flow": {"flowId": "f", "contents": {"tasks": {}}}})"}) {
    EXPECT_EQ(SampleFiles({{"f.json", text}}).read().flows.size(), 1U) << text;
  }
  for (const char* text :
       {R"({"flowId": "f"})", R"({"flowId": "f", "contents": {}})", R"({"flowId": "f", "metadata": [], "screens": {}})",
        R"({"contents": {"startTask": "0"}})", R"([{"flowId": "f", "metadata": {}}])", R"("\"flowId\"")",
        R"({"flow": {"flowId": "f"}})", R"({"flowId": 7, "metadata": {}})"}) {
    EXPECT_EQ(SampleFiles({{"f.json", text}}).read().flows.size(), 0U) << text;
  }
}

TEST(Exported, MayHaveNoId) {
  const Reading reading = SampleFiles{{"f.json", R"({"metadata": {}, "contents": {"startTask": "0"}})"}}.read();
  EXPECT_EQ(reading.flows.at(0).id, "");
  EXPECT_FALSE(reading.flows[0].id_at);
  EXPECT_EQ(reading.problems.size(), 0U) << "what is missing is for the rules";
}

TEST(Exported, KeepsPartsOfTheWrongTypeForTheRules) {
  const Reading reading =
      SampleFiles{{"f.json", R"({"flowId": "f", "metadata": {}, "contents": 1, "screens": {}, "references": []})"}}
          .read();
  const Flow& flow = reading.flows.at(0);
  EXPECT_EQ(flow.contents.text(), "1");
  EXPECT_EQ(flow.screens_at.text(), "{}");
  EXPECT_TRUE(flow.screens.empty());
  EXPECT_EQ(flow.references.text(), "[]");
}

TEST(Exported, ReadsAResponseOfTheServiceTheSameWay) {
  const auto document = json::Document::parse(R"({"flow": )" + kExported + "}", "answer");
  const Flow flow = flow_of_export(document, document->root().find("flow"));
  EXPECT_EQ(flow.id, "exported");
  EXPECT_EQ(flow.screens.size(), 1U);
  EXPECT_EQ(flow.source.layout, Layout::exported);
  EXPECT_EQ(flow.documents.size(), 1U);
}

}  // namespace
}  // namespace flowship::flow
