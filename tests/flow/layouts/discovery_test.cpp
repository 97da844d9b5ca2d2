#include "flow/layouts/reading.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

TEST(Discovery, FindsAllLayoutsAtAnyDepth) {
  SampleFiles files;
  files.put_snapshot("deep/down/ProjectSnapshot/flows/sign-up");
  files.put("exports/any name.json", kExported);
  files.put("console.json", R"({"flow": {"id": "console", "dsl": {"startTask": "0", "tasks": {}}}, "screens": []})");
  const Reading reading = files.read();
  EXPECT_EQ(ids(reading), (Texts{"console", "exported", "sign-up"}));
  EXPECT_EQ(problems(reading), Texts{});
  EXPECT_EQ(reading.flows[0].source.layout, Layout::console);
  EXPECT_EQ(reading.flows[1].source.layout, Layout::exported);
  EXPECT_EQ(reading.flows[1].source.path, "exports/any name.json");
  EXPECT_EQ(reading.flows[2].source.layout, Layout::snapshot);
  EXPECT_EQ(reading.flows[2].source.path, "deep/down/ProjectSnapshot/flows/sign-up");
}

TEST(Discovery, IgnoresOtherFilesSilently) {
  SampleFiles files;
  files.put_snapshot("snapshot/widgets/user-profile");
  files.put("snapshot/widgets/widgets.json", R"({"widgets": ["user-profile"]})");
  files.put("snapshot/project.json", "{ broken \"startTask\"");
  files.put("snapshot/snapshot.json", R"({"version": 5})");
  files.put("package.json", R"({"flowId": "x", "contents": {"startTask": "0"}})");
  files.put("tsconfig.json", "{ // comments\n}");
  files.put("fixtures/broken.json", R"({"flowId": "half a fixture)");
  files.put("fixtures/api.json", R"({"request": {"flowId": "sign-up"}})");
  files.put("README.md", kExported);
  files.put("empty.json", "");
  const Reading reading = files.read();
  EXPECT_EQ(ids(reading), Texts{});
  EXPECT_EQ(problems(reading), Texts{});
  EXPECT_EQ(reading.others, (Texts{"empty.json", "fixtures/api.json", "fixtures/broken.json", "tsconfig.json"}));
  EXPECT_EQ(files.reads().count("README.md"), 0U);
  EXPECT_EQ(files.reads().count("package.json"), 0U);
}

TEST(Discovery, ReadsNoFileTwice) {
  SampleFiles files;
  files.put_snapshot("flows/a");
  files.put("flows/flows.json", R"({"flows": ["a"]})");
  files.put("flows/b/contents.json", kGraph);
  files.put("x.json", kExported);
  files.read();
  for (const auto& [path, count] : files.reads()) EXPECT_EQ(count, 1) << path;
}

TEST(Discovery, SearchesOnlyTheSources) {
  SampleFiles files;
  files.put_snapshot("one/flows/a").put_snapshot("two/flows/b").put_snapshot("onerous/flows/c");
  files.put("exported.json", kExported);
  EXPECT_EQ(ids(files.read({{"one"}, {}})), Texts{"a"});
  EXPECT_EQ(ids(files.read({{"./one/", "two/flows/b"}, {}})), (Texts{"a", "b"}));
  EXPECT_EQ(ids(files.read({{"exported.json"}, {}})), Texts{"exported"});
  EXPECT_EQ(ids(files.read({{"."}, {}})), (Texts{"a", "b", "c", "exported"}));
  EXPECT_EQ(ids(files.read({{"nowhere"}, {}})), Texts{});
}

TEST(Discovery, RecognisesFoldersBelowFlowsByTheirFiles) {
  SampleFiles files;
  files.put("flows/by-screen/screen-welcome.json", kScreen);
  files.put("flows/by-graph/contents.json", kGraph);
  files.put("flows/by-tasks/contents.json", R"({"tasks": {}})");
  files.put("flows/by-screens/metadata.json", R"({"screens": []})");
  files.put("flows/by-both/metadata.json", "{").put("flows/by-both/contents.json", "");
  files.put("flows/not-this/metadata.json", R"({"title": "of some other tool"})");
  files.put("flows/nor-this/contents.json", R"({"sections": []})");
  files.put("flows/nor-that/data.json", "{}");
  EXPECT_EQ(ids(files.read()), (Texts{"by-both", "by-graph", "by-screen", "by-screens", "by-tasks"}));
  EXPECT_EQ(ids(files.read({{"flows"}, {}})),
            (Texts{"by-both", "by-graph", "by-screen", "by-screens", "by-tasks", "nor-this", "not-this"}));
}

TEST(Discovery, RequiresMetadataAndAGraphElsewhere) {
  SampleFiles files;
  files.put_snapshot("auth/sign-up");
  files.put("auth/half/contents.json", kGraph);
  files.put("auth/page/contents.json", "{}").put("auth/page/metadata.json", "{}");
  files.put("screens/screen-x.json", "{}");
  EXPECT_EQ(ids(files.read()), Texts{"sign-up"});
  EXPECT_EQ(problems(files.read()), Texts{});
}

TEST(Discovery, AcceptsSourcesOfAnyName) {
  SampleFiles files;
  files.put("auth/half/contents.json", kGraph);
  EXPECT_EQ(ids(files.read({{"auth"}, {}})), Texts{"half"});
  EXPECT_EQ(ids(files.read({{"auth/half"}, {}})), Texts{"half"});
  EXPECT_EQ(problems(files.read({{"auth"}, {}})), Texts{"missing_metadata auth/half/metadata.json:1:1"});
}

TEST(Discovery, CountsKnownFlowsEvenIfBroken) {
  SampleFiles files;
  files.put("auth/half/contents.json", "{").put("auth/gone/README.md", "left behind");
  files.put("mine.json", "").put("damaged.json", R"({"metadata": {}})").put("other.json", "[]");
  const Reading reading = files.read({{}, {"auth/half", "auth/gone", "mine.json", "damaged.json", "other.json"}});
  EXPECT_EQ(ids(reading), (Texts{"", "", "half"}));
  EXPECT_EQ(reading.flows[0].source.path, "damaged.json");
  EXPECT_TRUE(reading.flows[0].complete);
  EXPECT_EQ(reading.flows[1].source.path, "mine.json");
  EXPECT_FALSE(reading.flows[1].complete);
  EXPECT_EQ(problems(reading), (Texts{"syntax auth/half/contents.json:1:2",
                                      "missing_metadata auth/half/metadata.json:1:1", "syntax mine.json:1:1"}));
  EXPECT_EQ(reading.others, Texts{"other.json"});
}

TEST(Discovery, CountsUnparsableFilesInPlaceOfFlows) {
  SampleFiles files;
  files.put("a/with-graph.json", "{\"contents\": {\"startTask\": \"0\",}}");
  files.put("a/with-id.json", "{\"flowId\": \"x\",}");
  files.put("a/without.json", "{,}");
  EXPECT_EQ(problems(files.read()), Texts{"syntax a/with-graph.json:1:32"});
  EXPECT_EQ(problems(files.read({{"a"}, {}})),
            (Texts{"syntax a/with-graph.json:1:32", "syntax a/with-id.json:1:16", "syntax a/without.json:1:2"}));
  const Reading reading = files.read();
  ASSERT_EQ(reading.flows.size(), 1U);
  EXPECT_FALSE(reading.flows[0].complete);
  EXPECT_EQ(reading.flows[0].source.files.size(), 1U);
}

TEST(Discovery, ToleratesAnyBytesInPaths) {
  SampleFiles files;
  files.put_snapshot("a b/\"q\"\n/flows/-rf");
  files.put("\xff\xfe/f\xc3\xb6.json", kExported);
  const Reading reading = files.read();
  EXPECT_EQ(ids(reading), (Texts{"-rf", "exported"}));
  EXPECT_EQ(problems(reading), Texts{});
}

TEST(Discovery, ReportsLinksInPlaceOfFlows) {
  SampleFiles files;
  files.put_snapshot("flows/real");
  files.link("flows/linked").link("flows/module", git::EntryKind::submodule).link("flows/README.md");
  files.link("elsewhere.json").link("vendor", git::EntryKind::submodule);
  const Reading reading = files.read();
  EXPECT_EQ(problems(reading), (Texts{"not_a_file flows/linked:1:1", "not_a_file flows/module:1:1"}));
  EXPECT_EQ(ids(reading), (Texts{"linked", "module", "real"}));
  EXPECT_FALSE(reading.flows[0].complete);
}

TEST(Discovery, ReportsLinksInSourcesAndAtKnownFlows) {
  SampleFiles files;
  files.link("src/a.json").link("src/flows/only").link("src/notes.txt").link("src/package.json");
  EXPECT_EQ(problems(files.read()), Texts{});
  EXPECT_EQ(problems(files.read({{"src"}, {}})), (Texts{"not_a_file src/a.json:1:1", "not_a_file src/flows/only:1:1"}));
  EXPECT_EQ(problems(files.read({{}, {"src/a.json"}})), Texts{"not_a_file src/a.json:1:1"});
}

TEST(Scope, CoversPathsBelowItsSources) {
  EXPECT_TRUE(Scope{}.covers("anything"));
  const Scope scope{{"a/b/", "c.json"}, {}};
  EXPECT_TRUE(scope.covers("a/b"));
  EXPECT_TRUE(scope.covers("a/b/x.json"));
  EXPECT_FALSE(scope.covers("a/bc"));
  EXPECT_TRUE(scope.covers("c.json"));
  EXPECT_FALSE(scope.covers("a"));
}

}  // namespace
}  // namespace flowship::flow
