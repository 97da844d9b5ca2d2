#include "flow/layouts/reading.hpp"

#include "base/error.hpp"
#include "flow/sample_files.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

SampleFiles many_flows() {
  SampleFiles files;
  for (int i = 0; i < 100; ++i) files.put_snapshot("flows/flow-" + std::to_string(i));
  files.put("flows/flow-7/contents.json", "{");
  return files;
}

TEST(Reading, IsTheSameWithSeveralThreads) {
  SampleFiles files = many_flows();
  const Reading one = files.read({}, 1);
  const Reading four = files.read({}, 4);
  EXPECT_EQ(ids(one), ids(four));
  EXPECT_EQ(problems(one), problems(four));
  EXPECT_EQ(problems(four), Texts{"syntax flows/flow-7/contents.json:1:2"});
  for (const auto& [path, count] : files.reads()) EXPECT_EQ(count, 1) << path;
  for (std::size_t i = 0; i < one.flows.size(); ++i) {
    EXPECT_EQ(texts(one.flows[i].metadata), texts(four.flows[i].metadata));
  }
}

TEST(Reading, DoesNotDependOnTheOrderOfEntries) {
  const std::string text = kExported;
  const std::vector<git::Entry> forwards = {{"a.json", {}, {}}, {"b/c.json", {}, {}}, {"b.json", {}, {}}};
  const std::vector<git::Entry> backwards(forwards.rbegin(), forwards.rend());
  const auto read = [&](const git::Entry&) { return text; };
  EXPECT_EQ(problems(read_flows(forwards, {}, read)), problems(read_flows(backwards, {}, read)));
  EXPECT_EQ(problems(read_flows(forwards, {}, read)),
            (Texts{"duplicate_id b.json:1:12", "duplicate_id b/c.json:1:12"}));
}

TEST(Reading, PropagatesErrorsOfTheReader) {
  const auto read = [](const git::Entry&) -> std::string { throw Error("the blob is missing"); };
  EXPECT_THROW(read_flows({{"a.json", {}, {}}}, {}, read), Error);
}

TEST(Reading, PropagatesErrorsOfTheReaderFromThreads) {
  std::vector<git::Entry> entries;
  for (int i = 0; i < 200; ++i) {
    entries.push_back({"flows/f" + std::to_string(i) + "/metadata.json", {}, {}});
    entries.push_back({"flows/f" + std::to_string(i) + "/contents.json", {}, {}});
  }
  int reads = 0;
  const auto read = [&](const git::Entry&) -> std::string {
    if (++reads > 300) throw Error("the blob is missing");
    return kGraph;
  };
  EXPECT_THROW(read_flows(entries, {}, read, 3), Error);
}

TEST(Reading, IsEmptyWithoutEntries) {
  const Reading reading = SampleFiles().read();
  EXPECT_TRUE(reading.flows.empty());
  EXPECT_TRUE(reading.problems.empty());
  EXPECT_TRUE(reading.others.empty());
}

TEST(Layouts, HaveNames) {
  EXPECT_EQ(to_text(Layout::snapshot), "snapshot");
  EXPECT_EQ(to_text(Layout::exported), "exported");
  EXPECT_EQ(to_text(Layout::console), "console");
}

}  // namespace
}  // namespace flowship::flow
