#include "flow/layouts/reading.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

Flow console(const std::string& text) {
  Reading reading = SampleFiles{{"console.json", text}}.read();
  EXPECT_EQ(reading.flows.size(), 1U);
  EXPECT_EQ(reading.problems.size(), 0U);
  EXPECT_EQ(reading.flows.at(0).source.layout, Layout::console);
  return std::move(reading.flows.at(0));
}

TEST(Console, IsMappedToTheServicesTerms) {
  const Flow flow = console(R"({"flow": {"id": "f", "version": 3, "name": "F", "description": "", "dsl": {"tasks": {}},
    "modifiedTime": 1700000000, "etag": "x", "disabled": false, "fingerprint": true, "widget": false,
    "translate": true, "translateConnectorID": "CI1", "translateSourceLang": "en", "translateTargetLangs": ["de", "fr"],
    "sharedInteractions": [], "brandNew": 1.50},
   "screens": [{"id": "S1", "flowId": "f", "version": 1, "inputs": [], "interactions": [], "extra": 1,
                "htmlTemplate": {"ROOT": {}}, "componentsVersion": "2.0.1"}]})");
  EXPECT_EQ(flow.id, "f");
  EXPECT_EQ(flow.id_at.text(), "\"f\"");
  EXPECT_EQ(flow.contents.text(), R"({"tasks": {}})");
  EXPECT_EQ(
      texts(flow.metadata),
      (Texts{"name=\"F\"", "description=\"\"", "disabled=false", "fingerprint=true", "widget=false",
             "sharedInteractions=[]", "brandNew=1.50",
             R"(translation={"enabled":true,"connectorId":"CI1","sourceLanguage":"en","targetLanguages":["de", "fr"]})",
             "componentsVersion=\"2.0.1\""}));
  ASSERT_EQ(flow.screens.size(), 1U);
  EXPECT_EQ(flow.screens[0].id, "S1");
  EXPECT_EQ(texts(flow.screens[0].fields),
            (Texts{"screenId=\"S1\"", "interactions=[]", "extra=1", R"(contents={"ROOT": {}})"}));
  EXPECT_TRUE(flow.others.empty());
  EXPECT_FALSE(flow.references);
  EXPECT_TRUE(flow.complete);
}

TEST(Console, PositionsPointIntoTheAuthorsText) {
  const Flow flow = console("{\"flow\": {\"id\": \"f\", \"dsl\": {},\n  \"translate\": true}, \"screens\": []}");
  const Field* translation = find(flow.metadata, "translation");
  ASSERT_NE(translation, nullptr);
  EXPECT_EQ(translation->at.position().line, 2);
  EXPECT_EQ(translation->at.document().name(), "console.json");
  EXPECT_EQ(translation->value.text(), R"({"enabled":true})");
}

TEST(Console, HasNoTranslationIfNoneOfItIsSet) {
  const Flow flow = console(R"({"flow": {"id": "f", "dsl": {}, "translate": false, "translateConnectorID": "",
    "translateSourceLang": "", "translateTargetLangs": null}, "screens": []})");
  EXPECT_EQ(find(flow.metadata, "translation"), nullptr);
  EXPECT_TRUE(flow.metadata.empty());
}

TEST(Console, PrefersItsOwnComponentsVersion) {
  const Flow flow = console(R"({"flow": {"id": "f", "dsl": {}, "componentsVersion": "1"},
    "screens": [{"id": "S", "componentsVersion": "2"}]})");
  ASSERT_EQ(texts(flow.metadata), Texts{"componentsVersion=\"1\""});
}

TEST(Console, IsRecognisedByOtherMembersWithoutADsl) {
  const Flow flow = console(R"({"flow": {"id": "f", "etag": "x", "note": "\"startTask\" got lost"}, "screens": [],
    "startTask": 1})");
  EXPECT_FALSE(flow.contents);
  EXPECT_EQ(SampleFiles({{"ci.json", R"({"flow": {"id": "build", "steps": []}, "startTask": 1})"}}).read().flows.size(),
            0U);
  EXPECT_EQ(SampleFiles({{"ci.json", R"({"flow": "dsl", "dsl": {}})"}}).read().flows.size(), 0U);
}

TEST(Console, ToleratesPartsOfTheWrongType) {
  const Flow flow = console(R"({"flow": {"id": 7, "dsl": [], "translate": {}}, "screens": [null, {"id": 7}, []]})");
  EXPECT_EQ(flow.id, "");
  EXPECT_EQ(flow.id_at.text(), "7");
  EXPECT_EQ(flow.screens.size(), 3U);
  EXPECT_EQ(flow.screens[1].id, "");
}

}  // namespace
}  // namespace flowship::flow
