#include "flow/layouts/reading.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

Reading read_with(const std::string& metadata) {
  return SampleFiles().put_snapshot("flows/sign-up").put("flows/sign-up/metadata.json", metadata).read();
}

TEST(Snapshot, SplitsMetadataIntoMetadataReferencesAndScreens) {
  const Reading reading = SampleFiles().put_snapshot("flows/sign-up").read();
  ASSERT_EQ(reading.flows.size(), 1U);
  const Flow& flow = reading.flows[0];
  EXPECT_EQ(flow.id, "sign-up");
  EXPECT_FALSE(flow.id_at);
  EXPECT_EQ(texts(flow.metadata), (Texts{"name=\"Sign up\"", "disabled=false"}));
  EXPECT_EQ(flow.metadata_at.text(), kMetadata);
  EXPECT_EQ(flow.references.text(), R"({"connectors": {"Mail": "CI1"}})");
  EXPECT_EQ(flow.screens_at.text(), R"(["welcome"])");
  EXPECT_EQ(flow.contents.text(), kGraph);
  EXPECT_EQ(flow.contents.document().name(), "flows/sign-up/contents.json");
  ASSERT_EQ(flow.screens.size(), 1U);
  EXPECT_EQ(flow.screens[0].id, "S1");
  EXPECT_EQ(flow.screens[0].file_name, "welcome");
  EXPECT_EQ(flow.screens[0].at.text(), kScreen);
  EXPECT_EQ(flow.screens[0].fields.size(), 3U);
  EXPECT_TRUE(flow.complete);
  EXPECT_TRUE(flow.others.empty());
  EXPECT_EQ(reading.problems.size(), 0U);
}

TEST(Snapshot, ListsItsFilesInOrder) {
  const Reading reading = SampleFiles()
                              .put_snapshot("flows/sign-up")
                              .put("flows/sign-up/screen-extra.json", kScreen)
                              .put("flows/sign-up/README.md", "")
                              .read();
  Texts paths;
  for (const git::Entry& entry : reading.flows.at(0).source.files) paths.push_back(entry.path);
  EXPECT_EQ(paths, (Texts{"flows/sign-up/contents.json", "flows/sign-up/metadata.json",
                          "flows/sign-up/screen-extra.json", "flows/sign-up/screen-welcome.json"}));
}

TEST(Snapshot, ReadsScreensInTheOrderOfTheList) {
  SampleFiles files;
  files.put_snapshot("flows/a").put("flows/a/metadata.json", R"({"screens": ["z", "welcome", "a"]})");
  files.put("flows/a/screen-a.json", R"({"screenId": "A"})").put("flows/a/screen-z.json", R"({"screenId": "Z"})");
  const Reading reading = files.read();
  ASSERT_EQ(reading.flows.at(0).screens.size(), 3U);
  EXPECT_EQ(reading.flows[0].screens[0].id, "Z");
  EXPECT_EQ(reading.flows[0].screens[1].id, "S1");
  EXPECT_EQ(reading.flows[0].screens[2].id, "A");
}

TEST(Snapshot, ReportsAMissingScreenAtItsPath) {
  const Reading reading = read_with(R"({"screens": ["welcome", "goodbye"]})");
  EXPECT_EQ(problems(reading), Texts{"missing_screen flows/sign-up/screen-goodbye.json:1:1"});
  EXPECT_FALSE(reading.flows.at(0).complete);
  EXPECT_EQ(reading.flows[0].screens.size(), 1U);
}

TEST(Snapshot, ExcludesUnlistedScreens) {
  for (const char* metadata : {R"({"screens": []})", R"({})", R"({"screens": null})"}) {
    const Reading reading = read_with(metadata);
    EXPECT_EQ(problems(reading), Texts{"unlisted_screen flows/sign-up/screen-welcome.json:1:1"}) << metadata;
    EXPECT_TRUE(reading.flows.at(0).screens.empty());
    EXPECT_TRUE(reading.flows[0].complete);
  }
}

TEST(Snapshot, NeverReadsScreensOutsideTheFolder) {
  const Reading reading =
      read_with("{\"screens\": [\"welcome\",\n\"/../../x\",\n\"..\",\n\"\",\n\"a\\u0000b\",\n7,\n\"a\\\\b\"]}");
  EXPECT_EQ(
      problems(reading),
      (Texts{"bad_screen_name flows/sign-up/metadata.json:2:1", "bad_screen_name flows/sign-up/metadata.json:3:1",
             "bad_screen_name flows/sign-up/metadata.json:4:1", "bad_screen_name flows/sign-up/metadata.json:5:1",
             "bad_screen_name flows/sign-up/metadata.json:6:1", "bad_screen_name flows/sign-up/metadata.json:7:1"}));
  EXPECT_FALSE(reading.flows.at(0).complete);
}

TEST(Snapshot, ReadsAScreenThatIsListedTwiceOnce) {
  const Reading reading = read_with(R"({"screens": ["welcome", "welcome"]})");
  EXPECT_EQ(problems(reading), Texts{"bad_screen_name flows/sign-up/metadata.json:1:25"});
  EXPECT_EQ(reading.flows.at(0).screens.size(), 1U);
}

TEST(Snapshot, ReportsAMissingFileAndReadsTheRest) {
  SampleFiles files;
  files.put_snapshot("flows/a").remove("flows/a/contents.json");
  files.put_snapshot("flows/b").remove("flows/b/metadata.json");
  const Reading reading = files.read();
  EXPECT_EQ(problems(reading),
            (Texts{"missing_contents flows/a/contents.json:1:1", "missing_metadata flows/b/metadata.json:1:1"}));
  EXPECT_EQ(reading.problems[0].flow_id, "a");
  EXPECT_FALSE(reading.flows.at(0).complete);
  EXPECT_EQ(reading.flows[0].screens.size(), 1U);
  EXPECT_FALSE(reading.flows.at(1).complete);
  EXPECT_EQ(reading.flows[1].screens.size(), 1U) << "without a list all screens are taken";
  EXPECT_TRUE(reading.flows[1].contents);
}

TEST(Snapshot, ReadsTheRestAfterASyntaxError) {
  SampleFiles files;
  files.put_snapshot("flows/a").put("flows/a/metadata.json", "{\n  \"screens\": [}");
  files.put("flows/a/screen-other.json", "{").put_snapshot("flows/b");
  const Reading reading = files.read();
  EXPECT_EQ(problems(reading), (Texts{"syntax flows/a/metadata.json:2:15", "syntax flows/a/screen-other.json:1:2"}));
  EXPECT_FALSE(reading.flows.at(0).complete);
  EXPECT_EQ(reading.flows[0].screens.size(), 1U);
  EXPECT_TRUE(reading.flows.at(1).complete);
}

TEST(Snapshot, KeepsPartsOfTheWrongTypeForTheRules) {
  const Reading reading = SampleFiles()
                              .put_snapshot("flows/a")
                              .put("flows/a/metadata.json", R"({"screens": "welcome", "references": 7})")
                              .put("flows/a/contents.json", "[]")
                              .read();
  EXPECT_EQ(reading.problems.size(), 0U);
  const Flow& flow = reading.flows.at(0);
  EXPECT_EQ(flow.screens_at.text(), "\"welcome\"");
  EXPECT_EQ(flow.references.text(), "7");
  EXPECT_EQ(flow.contents.text(), "[]");
  EXPECT_FALSE(flow.complete) << "nobody knows which screens there should be";
  EXPECT_EQ(SampleFiles().put_snapshot("flows/a").put("flows/a/metadata.json", "[]").read().flows.at(0).metadata.size(),
            0U);
}

TEST(Snapshot, ReportsLinksAndNeverFollowsThem) {
  SampleFiles files;
  files.put_snapshot("flows/a").remove("flows/a/screen-welcome.json").link("flows/a/screen-welcome.json");
  files.put_snapshot("flows/b").remove("flows/b/contents.json");
  files.link("flows/b/contents.json", git::EntryKind::submodule).link("flows/b/notes.md");
  const Reading reading = files.read();
  EXPECT_EQ(problems(reading), (Texts{"not_a_file flows/a/screen-welcome.json:1:1",
                                      "not_a_file flows/b/contents.json:1:1", "not_a_file flows/b/notes.md:1:1"}));
  EXPECT_FALSE(reading.flows.at(0).complete);
  EXPECT_FALSE(reading.flows.at(1).complete);
  EXPECT_EQ(reading.flows[0].source.files.size(), 2U) << "a link is none of its files";
}

TEST(Snapshot, RequiresTheIdInMetadataToMatchTheFolder) {
  EXPECT_EQ(problems(read_with(R"({"flowId": "sign-up", "screens": ["welcome"]})")), Texts{});
  const Reading reading = read_with("{\n  \"flowId\": \"sign-in\", \"screens\": [\"welcome\"]}");
  EXPECT_EQ(problems(reading), Texts{"id_mismatch flows/sign-up/metadata.json:2:13"});
  EXPECT_EQ(reading.flows.at(0).id, "sign-up");
  EXPECT_EQ(find(reading.flows[0].metadata, "flowId"), nullptr);
  EXPECT_EQ(problems(read_with(R"({"flowId": 7, "screens": ["welcome"]})")).size(), 1U);
}

TEST(Snapshot, PassesUnknownMetadataThrough) {
  const Reading reading = read_with(R"({"management": true, "screens": ["welcome"], "n": 1.10})");
  EXPECT_EQ(texts(reading.flows.at(0).metadata), (Texts{"management=true", "n=1.10"}));
}

}  // namespace
}  // namespace flowship::flow
