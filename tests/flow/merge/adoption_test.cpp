#include "flow/merge/adoption.hpp"

#include "flow/compare/compare.hpp"
#include "flow/model/payload.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace flowship::flow {
namespace {

Flow exported(const std::string& text) {
  SampleFiles files;
  files.put("x.json", text);
  return files.read().flows.at(0);
}

Flow with(const std::string& members) {
  return exported(R"({"flowId": "f", "contents": {"startTask": "0"}, )" + members + "}");
}

TEST(Adopted, IsTheExportWithoutOverrides) {
  const Flow held = with(R"("metadata": {"name": "New"}, "screens": [{"screenId": "S", "contents": {}}])");
  const Flow source = with(R"("metadata": {"name": "Old"})");
  EXPECT_EQ(export_text(adopted(held, {.source = source, .overrides = {}}).flow), export_text(held));
}

TEST(Adopted, OmitsAdditionsOfTheService) {
  const Flow sent = with(R"("metadata": {"name": "A"}, "screens": [{"screenId": "S"}])");
  const Flow after =
      with(R"("metadata": {"name": "A", "own": 1, "other": 2}, "screens": [{"screenId": "S", "own": [1]}], "more": 1)");
  const Flow held =
      with(R"("metadata": {"name": "B", "own": 1, "other": 3}, "screens": [{"screenId": "S", "own": [1]}], "more": 1)");
  EXPECT_EQ(
      export_text(adopted(held, {.source = sent, .overrides = {}, .sent = &sent, .after = &after}).flow),
      R"({"flowId":"f","metadata":{"name":"B","other":3},"contents":{"startTask": "0"},"screens":[{"screenId":"S"}]})");
}

TEST(Adopted, KeepsEmptyMembersThatWereSent) {
  const Flow held = with(R"("screens": [{"screenId": "S", "contents": {"ROOT": {"nodes": []}}}])");
  EXPECT_EQ(export_text(adopted(held, {.source = held, .overrides = {}, .sent = &held, .after = &held}).flow),
            export_text(held));
}

TEST(Adopted, RestoresTheSourcesConnectorIds) {
  const Overrides overrides{.connectors = {{"A", "E"}, {"B", "E"}, {"C", "F"}}, .set = {}};
  const Flow source = with(
      R"("metadata": {"a": "1", "b": "2", "c": "3"}, "references": {"connectors": {"A": "1", "B": "2", "C": "3"}})");
  Flow held = overridden(source, overrides);
  EXPECT_EQ(export_text(adopted(held, {.source = source, .overrides = overrides}).flow), export_text(source));
  held = with(R"("metadata": {"c": "F"}, "references": {"connectors": {"A": "E"}})");
  EXPECT_EQ(export_text(adopted(held, {.source = source, .overrides = overrides}).flow),
            export_text(with(R"("metadata": {"c": "F"}, "references": {"connectors": {"A": "1"}})")))
      << "a name that the service no longer has maps nothing when it is deployed";
}

TEST(Adopted, KeepsTheSourcesValuesUnderSet) {
  const Overrides overrides{.connectors = {},
                            .set = {{"f",
                                     {{"/metadata/disabled", "true"},
                                      {"/metadata/new", "1"},
                                      {"/contents/startTask", "\"9\""},
                                      {"/screens/0/contents/deep/x", "5"}}}}};
  const Flow source = with(
      R"("metadata": {"disabled": false}, "screens": [{"screenId": "S", "contents": {"deep": {}}}, {"screenId": "T"}])");
  Flow held = overridden(source, overrides);
  std::swap(held.screens[0], held.screens[1]);
  const Adopted result = adopted(held, {.source = source, .overrides = overrides});
  EXPECT_TRUE(same(result.flow, source));
  EXPECT_EQ(result.beyond_source, Texts());
}

TEST(Adopted, KeepsTheSourcesValuesWhereDifferencesAreNoDrift) {
  const Flow source = with(R"("metadata": {"name": "A", "description": "Here"})");
  const Flow held = with(R"("metadata": {"name": "B", "description": "There", "icon": "x"})");
  const Adopted result = adopted(
      held, {.source = source, .overrides = {}, .ignored = {"/metadata/description", "/metadata/icon", "/screens"}});
  EXPECT_EQ(export_text(result.flow), export_text(with(R"("metadata": {"name": "B", "description": "Here"})")));
}

TEST(Adopted, HasAMereNewOrderOfASetAsTheBaseHasIt) {
  const auto flow = [](const std::string& shared, const std::string& interactions, const std::string& roles) {
    return with(
        R"("metadata": {"sharedInteractions": )" + shared +
        R"(}, "screens": [{"screenId": "1", "interactions": [{"id": "x"}]}, {"screenId": "0", "interactions": )" +
        interactions + R"(}], "references": {"roles": )" + roles + "}");
  };
  const std::string ordered = R"([{"id": "a"}, {"id": "b"}])";
  const std::string reordered = R"([{"id": "b"}, {"id": "a"}])";
  const Flow base = flow(ordered, ordered, R"(["A", "B"])");
  EXPECT_EQ(export_text(with_orders_of(base, flow(reordered, reordered, R"(["B", "A"])"))), export_text(base));
  const Flow edited = flow(reordered, R"([{"id": "b"}])", R"(["B", "C"])");
  EXPECT_EQ(export_text(with_orders_of(base, edited)), export_text(flow(ordered, R"([{"id": "b"}])", R"(["B", "C"])")));
}

TEST(Adopted, ReportsWhatNoSourceCanExpress) {
  const Overrides overrides{
      .connectors = {}, .set = {{"f", {{"/metadata/disabled", "true"}, {"/screens/0/x", "1"}, {"/metadata/a", "1"}}}}};
  const Flow source = with(R"("metadata": {"disabled": false}, "screens": [{"screenId": "S", "x": 0}])");
  const Flow held = with(R"("metadata": {"disabled": false, "a": 1}, "screens": [{"screenId": "S", "x": 2}])");
  EXPECT_EQ(adopted(held, {.source = source, .overrides = overrides}).beyond_source,
            (Texts{"/metadata/disabled", "/screens/0/x"}));
}

}  // namespace
}  // namespace flowship::flow
