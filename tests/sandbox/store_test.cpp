#include "sandbox/store.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"

#include <gtest/gtest.h>

#include <cstdlib>

namespace flowship::sandbox {
namespace {

namespace fs = std::filesystem;

const std::string kFlow =
    R"({"flowId":"a","metadata":{"name":"","description":"","componentsVersion":"2","disabled":false,)"
    R"("fingerprint":false,"widget":false,"translation":{"enabled":false,"connectorId":"","sourceLanguage":"",)"
    R"("targetLanguages":[]},"sharedInteractions":[]},"contents":{"x":1.10},"screens":[],"references":{"connectors":{},)"
    R"("oauth":[],"roles":[],"userAttributes":[],"tenantAttributes":[]}})";

class StoreOnDisk : public testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::path(testing::TempDir()) / "sandbox-store.XXXXXX").string();
    ASSERT_NE(mkdtemp(name.data()), nullptr);
    folder_ = name;
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path folder_;
};

TEST(Store, CountsVersions) {
  Store store({});
  EXPECT_FALSE(store.find("P1", "a"));
  store.save("P1", "a", "{}");
  store.save("P1", "a", kFlow);
  EXPECT_EQ(store.find("P1", "a")->version, 2);
  EXPECT_EQ(store.find("P1", "a")->text, kFlow);
}

TEST(Store, SeparatesProjects) {
  Store store({});
  store.save("P1", "a", "{}");
  EXPECT_FALSE(store.find("P2", "a"));
  EXPECT_FALSE(store.remove("P2", "a"));
  EXPECT_TRUE(store.projects()["P2"].empty());
  EXPECT_TRUE(store.remove("P1", "a"));
  EXPECT_FALSE(store.remove("P1", "a"));
}

TEST_F(StoreOnDisk, KeepsFlowsAndVersionsAcrossARestart) {
  std::string summary;
  {
    Store store(folder_ / "new");
    store.save("P1", "a", kFlow);
    store.save("P1", "a", kFlow);
    summary = store.find("P1", "a")->summary;
    store.save("P1", "gone", kFlow);
    store.remove("P1", "gone");
  }
  const Store store(folder_ / "new");
  ASSERT_EQ(store.projects()["P1"].size(), 1U);
  EXPECT_EQ(store.find("P1", "a")->version, 2);
  EXPECT_EQ(store.find("P1", "a")->text, kFlow);
  EXPECT_EQ(store.find("P1", "a")->summary, summary);
}

TEST_F(StoreOnDisk, ReadsFlowsOfAnOlderSandbox) {
  fs::create_directory(folder_ / "P1");
  write_file_atomically(folder_ / "P1" / "a.json", "{\"version\":3,\"flow\":" + kFlow + "}");
  const Store store(folder_);
  EXPECT_EQ(store.find("P1", "a")->version, 3);
  EXPECT_FALSE(store.find("P1", "a")->etag.empty());
  EXPECT_EQ(store.find("P1", "a")->etag, Store(folder_).find("P1", "a")->etag);
}

TEST_F(StoreOnDisk, IgnoresTemporaryFiles) {
  Store(folder_).save("P1", "a", kFlow);
  write_file_atomically(folder_ / "P1" / "a.json.Xx12yz", "{\"vers");
  EXPECT_EQ(Store(folder_).projects()["P1"].size(), 1U);
}

TEST_F(StoreOnDisk, ReportsAnInvalidFile) {
  fs::create_directory(folder_ / "P1");
  for (const char* text : {"{", "{}", "[]", R"({"version":0,"flow":{}})", R"({"version":1,"flow":{}})"}) {
    write_file_atomically(folder_ / "P1" / "a.json", text);
    try {
      Store store(folder_);
      ADD_FAILURE() << text;
    } catch (const Error& error) {
      EXPECT_NE(error.message().find("a.json"), std::string::npos) << error.message();
    }
  }
}

TEST_F(StoreOnDisk, KeepsTheOldVersionIfAWriteFails) {
  Store store(folder_ / "data");
  store.save("P1", "a", kFlow);
  fs::remove_all(folder_ / "data");
  // A file where the folder was: nothing can be written below it, whoever runs the test.
  write_file_atomically(folder_ / "data", "");
  EXPECT_THROW(store.save("P1", "a", "{}"), Error);
  EXPECT_EQ(store.find("P1", "a")->version, 1);
  EXPECT_EQ(store.find("P1", "a")->text, kFlow);
}

}  // namespace
}  // namespace flowship::sandbox
