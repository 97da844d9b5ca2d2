#include "flow/layouts/writing.hpp"

#include "base/error.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/layouts.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

#include <string>

namespace flowship::flow {
namespace {

/// The flow at `path` once the changes are made on `files`.
Flow after(SampleFiles& files, const FileChanges& changes, const std::string& path) {
  for (const auto& [file, text] : changes) {
    if (text) {
      files.put(file, *text);
    } else {
      files.remove(file);
    }
  }
  for (Flow& flow : files.read({.sources = {}, .known = {path}}).flows) {
    if (flow.source.path == path) return flow;
  }
  return {};
}

Flow only(SampleFiles& files) { return files.read().flows.at(0); }

Flow exported(const std::string& text) {
  SampleFiles files;
  files.put("x.json", text);
  return only(files);
}

/// What is refused, as the message says it; empty when nothing is.
std::string refusal(const Flow& flow, Layout layout) {
  try {
    files_of(flow, layout, layout == Layout::snapshot ? "flows/f" : "f.json", nullptr);
  } catch (const Error& error) {
    EXPECT_EQ(error.fault(), Fault::failed);
    return error.message();
  }
  return {};
}

const std::string kRich =
    R"({"flowId": "rich", "metadata": {"name": "Rich", "componentsVersion": "2.0.1", "disabled": true, "unknown": [1.10],
  "translation": {"enabled": true, "targetLanguages": ["he"]}, "sharedInteractions": [{"id": "a", "type": ""}]},
 "contents": {"startTask": "0", "tasks": {"0": {"id": "0"}, "1": {"id": "1", "type": "screen", "screenId": "SC1abcd",
  "name": "Verify (TOTP): App",
    "view" : {
  "x" : 1205.7043546907537, "y" : -0
}
}
, "2" : {"id" : "2", "type" : "screen", "screenId" : "SC2wxYZ", "name" : "Verify TOTP - App!"}, "3" : {
  "id" : "3", "type" : "screen", "screenId" : "SC3", "name" : "שלום"
}
}
}
,
 "screens": [{"screenId": "SC1abcd", "contents": {"ROOT": {"nodes": []}}, "interactions": []},
  {"screenId": "SC2wxYZ", "contents": {"ROOT": {"text": "\u05e9 {{name}} 😀"}}, "extra": 1e400},
  {"screenId": "SC3", "contents": {}}],
 "references": {
  "connectors" : { "Mail" : "CI1" }
}
})";

TEST(FilesOf, ChangesNothingIfTheFlowIsUnchanged) {
  SampleFiles snapshot;
  snapshot.put_snapshot("flows/a");
  SampleFiles file;
  file.put("x.json", "\n" + kExported + "  ");
  SampleFiles console;
  console.put("c.json", R"({"screens": [{"id": "S", "version": 3, "flowId": "c", "componentsVersion": "1", "inputs": [],
 "htmlTemplate": {}}, {"id": "T", "htmlTemplate": {}, "componentsVersion": "2"}], "flow": {"etag": "e", "id": "c",
 "translate": false, "dsl": {"startTask": "0"}, "version": 1, "description": ""}})");
  for (SampleFiles* files : {&snapshot, &file, &console}) {
    const Flow flow = only(*files);
    EXPECT_TRUE(files_of(flow, flow.source.layout, flow.source.path, &flow).empty()) << flow.id;
    const Flow copy = exported(*files_of(flow, Layout::exported, "x.json", nullptr).at("x.json"));
    EXPECT_TRUE(files_of(copy, flow.source.layout, flow.source.path, &flow).empty()) << flow.id;
  }
}

TEST(FilesOf, RoundTripsInEveryLayout) {
  const Flow flow = exported(kRich);
  for (const LayoutFacts& first : layouts()) {
    const std::string path = first.layout == Layout::snapshot ? "flows/rich" : "rich.json";
    SampleFiles files;
    const Flow once = after(files, files_of(flow, first.layout, path, nullptr), path);
    EXPECT_EQ(once.source.layout, first.layout);
    EXPECT_TRUE(same(once, flow)) << first.name;
    for (const LayoutFacts& second : layouts()) {
      SampleFiles others;
      const std::string other = second.layout == Layout::snapshot ? "flows/rich" : "other.json";
      EXPECT_TRUE(same(after(others, files_of(once, second.layout, other, nullptr), other), flow))
          << first.name << " to " << second.name;
    }
  }
}

TEST(FilesOf, KeepsNumbersAndEmptyMembersVerbatim) {
  const FileChanges files = files_of(exported(kRich), Layout::snapshot, "flows/rich", nullptr);
  EXPECT_NE(files.at("flows/rich/contents.json")->find("\"x\": 1205.7043546907537,\n        \"y\": -0\n"),
            std::string::npos);
  EXPECT_NE(files.at("flows/rich/screen-verify-totp-app-wxYZ.json")->find("\"extra\": 1e400"), std::string::npos);
  EXPECT_NE(files.at("flows/rich/screen-verify-totp-app-abcd.json")->find("\"interactions\": []"), std::string::npos);
  EXPECT_EQ(files.at("flows/rich/screen-SC3.json"), "{\n  \"screenId\": \"SC3\",\n  \"contents\": {}\n}\n");
}

TEST(FilesOf, ChangesOnlyTheFileOfTheChangedScreen) {
  SampleFiles files;
  files.put_snapshot("flows/a");
  const Flow old = only(files);
  files.put("flows/a/screen-welcome.json", R"({"contents": {"ROOT": {"nodes": ["b"]}}, "screenId": "S1",
 "interactions": [{"id": "submit", "type": "submit", "label": ""}]})");
  const FileChanges changes = files_of(only(files), Layout::snapshot, "flows/a", &old);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(
      changes.at("flows/a/screen-welcome.json"),
      R"({"screenId": "S1", "interactions": [{"id": "submit", "type": "submit"}], "contents": {"ROOT": {"nodes": ["b"]}}})");
}

TEST(FilesOf, NamesNewScreensAndRemovesDeletedOnes) {
  SampleFiles files;
  files.put_snapshot("flows/a").put("flows/a/screen-unlisted.json", kScreen);
  const Flow old = only(files);
  const Flow held = exported(R"({"flowId": "a", "metadata": {"name": "Sign up"}, "contents": {"startTask": "0",
 "tasks": {"1": {"type": "screen", "screenId": "S1", "name": "Else"}, "2": {"type": "screen", "screenId": "Snew1",
 "name": "Welcome"}, "3": {"type": "screen", "screenId": "Snew2", "name": "Unlisted"}}},
 "references": {"connectors": {"Mail": "CI1"}}, "screens": [{"screenId": "Snew1", "contents": {}},
 {"screenId": "Snew2", "contents": {}}, {"screenId": "S1", "contents": {"ROOT": {"nodes": []}},
  "interactions": [{"id": "submit", "type": "submit"}]}]})");
  FileChanges changes = files_of(held, Layout::snapshot, "flows/a", &old);
  EXPECT_EQ(changes.count("flows/a/screen-welcome.json"), 0U);
  EXPECT_EQ(changes.count("flows/a/screen-welcome-new1.json"), 1U);
  EXPECT_EQ(changes.count("flows/a/screen-unlisted-new2.json"), 1U);
  EXPECT_EQ(changes.at("flows/a/metadata.json"),
            R"({"name": "Sign up", "disabled": false, "references": {"connectors": {"Mail": "CI1"}}, )"
            R"("screens": ["welcome-new1", "unlisted-new2", "welcome"]})");
  changes = files_of(old, Layout::snapshot, "flows/a", &old);
  Flow less = held;
  less.screens.erase(less.screens.begin(), less.screens.begin() + 3);
  EXPECT_EQ(files_of(less, Layout::snapshot, "flows/a", &old).at("flows/a/screen-welcome.json"), std::nullopt);
}

TEST(FilesOf, KeepsConsoleMembersThatImportDoesNotAccept) {
  SampleFiles files;
  files.put("c.json", R"({"flow": {"id": "c", "name": "Old", "version": 7, "etag": "e", "dsl": {"startTask": "0"},
 "translate": false}, "screens": [{"id": "S", "inputs": [1], "version": 2, "htmlTemplate": {"a": 1.0}, "componentsVersion": "1"}]})");
  const Flow old = only(files);
  Flow held = exported(R"({"flowId": "c", "metadata": {"name": "New", "componentsVersion": "2"},
 "contents": {"startTask": "0"}, "screens": [{"screenId": "S", "contents": {"a": 1}}, {"screenId": "T", "contents": {}}]})");
  EXPECT_EQ(files_of(held, Layout::console, "c.json", &old).at("c.json"),
            R"({"flow": {"id": "c", "name": "New", "version": 7, "etag": "e", "dsl": {"startTask": "0"},
 "translate": false}, "screens": [{"id": "S", "inputs": [1], "version": 2, "htmlTemplate": {"a": 1.0}, "componentsVersion": "2"}, )"
            R"({"id": "T", "htmlTemplate": {}, "flowId": "c", "componentsVersion": "2"}]})");
}

TEST(FilesOf, PatchesTheFlowInACopyOfTheServicesResponse) {
  SampleFiles files;
  files.put("x.json", "{\"flow\": " + kExported + ", \"changelog\": \"\"}\n");
  const Flow old = only(files);
  const Flow held =
      exported(R"({"flowId": "exported", "metadata": {"name": "New"}, "contents": {"startTask": "0", "tasks": {}},
 "screens": [{"screenId": "S1", "contents": {}}]})");
  std::string expected = "{\"flow\": " + kExported + ", \"changelog\": \"\"}\n";
  expected.replace(expected.find("\"Exported\""), 10, "\"New\"");
  EXPECT_EQ(files_of(held, Layout::exported, "x.json", &old).at("x.json"), expected);
  EXPECT_EQ(left_out_of_exported(old).at(0).pointer, "/changelog");
}

TEST(FilesOf, RefusesWhatALayoutCannotStore) {
  const auto with = [](const std::string& members) {
    return exported(R"({"flowId": "f", "contents": {"startTask": "0"}, )" + members + "}");
  };
  EXPECT_NE(refusal(with(R"("other": 1)"), Layout::snapshot).find("/other"), std::string::npos);
  EXPECT_NE(refusal(with(R"("metadata": {"screens": 1})"), Layout::snapshot).find("/metadata/screens"),
            std::string::npos);
  EXPECT_NE(refusal(with(R"("metadata": {"flowId": "f"})"), Layout::snapshot).find("/metadata/flowId"),
            std::string::npos);
  EXPECT_NE(refusal(with(R"("metadata": {"etag": "f"})"), Layout::console).find("/metadata/etag"), std::string::npos);
  EXPECT_NE(refusal(with(R"("metadata": {"translation": {"enabled": true, "x": 1}})"), Layout::console)
                .find("/metadata/translation/x"),
            std::string::npos);
  EXPECT_NE(refusal(with(R"("screens": [{"screenId": "S", "inputs": 1}])"), Layout::console).find("/screens/S/inputs"),
            std::string::npos);
  EXPECT_NE(refusal(exported(R"({"flowId": "f", "metadata": {}})"), Layout::snapshot).find("/contents"),
            std::string::npos);
  EXPECT_EQ(refusal(with(R"("other": 1, "metadata": {"etag": "f"})"), Layout::exported), "");
}

TEST(FilesOf, RefusesUnsafeIds) {
  Flow flow = exported(kRich);
  for (const char* id : {"../x", "a/b", "", ".git", "a\nb"}) {
    flow.id = id;
    EXPECT_THROW(files_of(flow, Layout::snapshot, "flows/x", nullptr), Error) << id;
  }
}

TEST(FilesOf, NeverWritesScreensOutsideTheFolder) {
  const Flow flow = exported(R"({"flowId": "f", "contents": {"startTask": "0", "tasks": {"1": {"screenId": "../../x",
 "name": "../../etc/passwd"}, "2": {"screenId": "s", "name": "//"}}}, "screens": [{"screenId": "../../x"},
 {"screenId": "s"}, {"screenId": ""}, {"screenId": "S"}, {"screenId": "S"}]})");
  Texts names;
  for (const auto& [path, text] : files_of(flow, Layout::snapshot, "flows/f", nullptr)) names.push_back(path);
  EXPECT_EQ(names, (Texts{"flows/f/contents.json", "flows/f/metadata.json", "flows/f/screen-S-S-2.json",
                          "flows/f/screen-S-S-3.json", "flows/f/screen-etc-passwd.json", "flows/f/screen-s-s.json",
                          "flows/f/screen-screen.json"}));
}

TEST(WithListed, InsertsTheIdInOrder) {
  EXPECT_EQ(with_listed("{\n  \"flows\": [\n    \"a\",\n    \"c\"\n  ]\n}\n", "b"),
            "{\n  \"flows\": [\n    \"a\",\n    \"b\",\n    \"c\"\n  ]\n}\n");
  EXPECT_EQ(with_listed(R"({"flows":["b","a"]})", "c"), R"({"flows":["b","a","c"]})");
  EXPECT_EQ(with_listed(R"({"flows": ["a"]})", "a"), R"({"flows": ["a"]})");
  EXPECT_EQ(with_listed("no JSON", "a"), "no JSON");
}

}  // namespace
}  // namespace flowship::flow
