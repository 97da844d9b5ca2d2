#include "sandbox/sandbox.hpp"

#include "base/error.hpp"
#include "json/compare.hpp"
#include "sandbox/caller.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>
#include <vector>

namespace flowship::sandbox {
namespace {

std::string flow(const std::string& id, const std::string& name = "") {
  return R"({"flowId":")" + id + R"(","metadata":{"name":")" + name + R"("},"contents":{"n":1.10,"startTask":"0"}})";
}

std::string member(const net::Response& response, const std::string& name) {
  const auto document = json::Document::parse(response.body);
  return std::string(document->root().find(name).text());
}

TEST(Sandbox, ExportsImportedFlowsWithDefaults) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  EXPECT_EQ(caller.import_flow(flow("welcome", "Willkommen 👋")).status, 200);
  const net::Response answer = caller.export_flow("welcome");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.headers.find("Content-Type"), "application/json");
  const auto document = json::Document::parse(answer.body);
  const json::Value exported = document->root().find("flow");
  EXPECT_TRUE(exported.find("metadata").find("name").is_string("Willkommen 👋"));
  EXPECT_FALSE(exported.find("metadata").find("disabled").boolean());
  EXPECT_EQ(exported.find("contents").text(), R"({"n":1.10,"startTask":"0"})");
}

TEST(Sandbox, AcceptsItsOwnExport) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  caller.import_flow(flow("welcome"));
  const std::string exported = caller.export_flow("welcome").body;
  EXPECT_EQ(caller.send("POST", "/v2/mgmt/flow/import", exported).status, 200);
  EXPECT_EQ(caller.export_flow("welcome").body, exported);
}

TEST(Sandbox, RejectsAnUnknownFlow) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  const net::Response answer = caller.export_flow("nowhere");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(error_code(answer), "E011004");
}

TEST(Sandbox, ListsTheFlowsOfOneProject) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  caller.import_flow(flow("b", "B"));
  caller.import_flow(flow("a", "A"));
  const auto document = json::Document::parse(caller.list().body);
  const json::Value first = *document->root().find("flows").items().begin();
  EXPECT_TRUE(first.find("id").is_string("a"));
  EXPECT_TRUE(first.find("name").is_string("A"));
  EXPECT_EQ(first.find("version").text(), "1");
  EXPECT_EQ(first.find("fingerprint").text(), "false");
  EXPECT_EQ(first.find("sharedInteractions").text(), "[]");
  EXPECT_EQ(first.find("translateTargetLangs").text(), "[]");
  EXPECT_EQ(document->root().find("total").text(), "2");
  caller.content_type = "";
  EXPECT_EQ(member(caller.send("POST", "/v1/mgmt/flow/list"), "total"), "2");
  caller.content_type = "application/json; charset=utf-8";
  caller.authorization = "Bearer P2other:K2testingkey";
  EXPECT_EQ(member(caller.list(), "total"), "0");
  EXPECT_EQ(caller.export_flow("a").status, 404);
}

TEST(Sandbox, ListsOnlyTheFlowsThatAreAskedFor) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  caller.import_flow(flow("a"));
  caller.import_flow(flow("b"));
  const auto list = [&](const std::string& body) { return caller.send("POST", "/v1/mgmt/flow/list", body); };
  EXPECT_EQ(member(list(R"({"ids":["b","nowhere"]})"), "total"), "1");
  EXPECT_EQ(member(list(R"({"ids":[]})"), "total"), "2");
  EXPECT_EQ(member(list(R"({"ids":null})"), "total"), "2");
  EXPECT_EQ(error_code(list(R"({"ids":"b"})")), "E011003");
  EXPECT_EQ(error_code(list(R"({"ids":[7]})")), "E011003");
}

/// The tag of the only flow, as JSON.
std::string tag_of(Caller& caller) {
  const auto document = json::Document::parse(caller.list().body);
  const json::Value flow = *document->root().find("flows").items().begin();
  EXPECT_GT(std::stoll(std::string(flow.find("modifiedTime").text())), 1'700'000'000);
  return std::string(flow.find("version").text()) + " " + flow.find("etag").string();
}

TEST(Sandbox, ListsAnotherTagAfterEverySave) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  std::set<std::string> tags;
  for (int saved = 0; saved < 2; ++saved) {
    caller.import_flow(flow("a"));
    tags.insert(tag_of(caller));
    caller.send("PUT", "/_sandbox/flows/P2project/a", flow("a"));
    tags.insert(tag_of(caller));
    EXPECT_TRUE(tags.contains(tag_of(caller))) << "without a save the tag stays";
    caller.remove(R"(["a"])");
  }
  EXPECT_EQ(tags.size(), 4U);
}

TEST(Sandbox, ListsInTheOldFormat) {
  Options options;
  options.list_format = ListFormat::old;
  const Sandbox sandbox(options);
  Caller caller(sandbox);
  caller.import_flow(flow("a", "A"));
  EXPECT_EQ(caller.list().body, R"({"flows":[{"id":"a","name":"A","description":"","disabled":false}],"total":1})");
}

TEST(Sandbox, DeletesAllButBuiltInFlows) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  caller.import_flow(flow("a"));
  caller.import_flow(flow("sign-in"));
  EXPECT_EQ(caller.remove(R"(["a","sign-in"])").status, 400);
  EXPECT_EQ(caller.export_flow("a").status, 200) << "a refused deletion must delete nothing";
  const net::Response answer = caller.remove(R"(["a","not-there"])");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, "{}");
  EXPECT_EQ(caller.export_flow("a").status, 404);
  EXPECT_EQ(error_code(caller.remove("\"a\"")), "E011003");
  EXPECT_EQ(error_code(caller.remove("[1]")), "E011003");
  EXPECT_EQ(error_code(caller.remove("null")), "E011002");
}

TEST(Sandbox, RejectsInvalidRequests) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  const net::Response wrong_method = caller.send("GET", "/v2/mgmt/flow/import");
  EXPECT_EQ(wrong_method.status, 405);
  EXPECT_EQ(wrong_method.headers.find("Allow"), "POST");
  EXPECT_EQ(caller.send("POST", "/v2/mgmt/flow", "{}").status, 404);
  EXPECT_EQ(error_code(caller.send("POST", "/v2/mgmt/flow/import", "{}")), "E011002");
  EXPECT_EQ(error_code(caller.import_flow(R"({"flowId":"a","metadata":{"name":1},"contents":{}})")), "E011003");
  const net::Response broken = caller.send("POST", "/v2/mgmt/flow/import", "{\n \"flow\": }");
  EXPECT_EQ(broken.status, 400);
  EXPECT_NE(broken.body.find("line 2, column 10"), std::string::npos) << broken.body;
  caller.content_type = "text/plain";
  EXPECT_EQ(caller.import_flow(flow("a")).status, 415);
  caller.content_type = "application/json";
  caller.authorization = "Bearer P2project";
  const net::Response unauthorized = caller.import_flow(flow("a"));
  EXPECT_EQ(unauthorized.status, 401);
  EXPECT_EQ(error_code(unauthorized), "E011001");
}

TEST(Sandbox, CountsVersionsAndShowsAllFlows) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  caller.import_flow(flow("a", "one"));
  caller.import_flow(flow("a", "two"));
  EXPECT_EQ(caller.send("PUT", "/_sandbox/flows/P2project/a", flow("a", "three")).status, 200);
  const auto document = json::Document::parse(caller.send("GET", "/_sandbox/flows").body);
  const json::Value entry = *document->root().find("P2project").items().begin();
  EXPECT_TRUE(entry.find("id").is_string("a"));
  EXPECT_EQ(entry.find("versions").text(), "3");
  EXPECT_TRUE(entry.find("flow").find("metadata").find("name").is_string("three"));
}

TEST(Sandbox, EditsAndDeletesLikeTheConsole) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  caller.authorization = "";
  EXPECT_EQ(caller.send("PUT", "/_sandbox/flows/P2project/a", flow("b")).status, 400);
  EXPECT_EQ(caller.send("PUT", "/_sandbox/flows/P2project/..", flow("a")).status, 404);
  EXPECT_EQ(caller.send("PUT", "/_sandbox/flows/nobody/a", flow("a")).status, 404);
  EXPECT_EQ(caller.send("PUT", "/_sandbox/flows/P2project/a", flow("a")).status, 200);
  EXPECT_EQ(caller.send("POST", "/_sandbox/flows/P2project/a").status, 405);
  EXPECT_EQ(caller.send("DELETE", "/_sandbox/flows/P2project/a").status, 200);
  EXPECT_EQ(caller.send("DELETE", "/_sandbox/flows/P2project/a").status, 404);
}

TEST(Sandbox, RecordsRequests) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  caller.import_flow(flow("a"));
  caller.export_flow("nowhere");
  const net::Response answer = caller.send("GET", "/_sandbox/requests");
  EXPECT_EQ(answer.body.find("K2testingkey"), std::string::npos);
  const auto document = json::Document::parse(answer.body);
  std::vector<std::string> seen;
  for (const json::Value entry : document->root().items()) {
    seen.push_back(entry.find("path").string() + " " + entry.find("flowId").string() + " " +
                   std::string(entry.find("status").text()));
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"/v2/mgmt/flow/import a 200", "/v2/mgmt/flow/export nowhere 404"}));
  const json::Value first = *document->root().items().begin();
  EXPECT_TRUE(first.find("body").is_string("{\"flow\":" + flow("a") + "}"));
  EXPECT_TRUE(first.find("headers").find("content-type").is_string("application/json"));
  EXPECT_EQ(caller.send("DELETE", "/_sandbox/requests").status, 200);
  EXPECT_EQ(json::Document::parse(caller.send("GET", "/_sandbox/requests").body)->root().size(), 0U);
}

TEST(Sandbox, LimitsTheRate) {
  const Sandbox sandbox({.faults = {.rate_limit = 1, .rate_seconds = 3600}});
  Caller caller(sandbox);
  EXPECT_EQ(caller.list().status, 200);
  const net::Response answer = caller.list();
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(error_code(answer), "E130429");
  const int wait = std::stoi(answer.headers.find("Retry-After").value_or("0"));
  EXPECT_GT(wait, 3000);
  EXPECT_LE(wait, 3600);
}

TEST(Sandbox, FailsTheGivenNumberOfImports) {
  const Sandbox sandbox({.faults = {.planned = {{.kind = PlannedFault::Kind::fail, .status = 503, .count = 1}}}});
  Caller caller(sandbox);
  EXPECT_EQ(caller.list().status, 200);
  EXPECT_EQ(caller.import_flow(flow("a")).status, 503);
  EXPECT_EQ(caller.export_flow("a").status, 404);
  EXPECT_EQ(caller.import_flow(flow("a")).status, 200);
}

TEST(Sandbox, AddsLatency) {
  const Sandbox sandbox({.faults = {.latency = std::chrono::milliseconds(30)}});
  Caller caller(sandbox);
  const auto start = std::chrono::steady_clock::now();
  EXPECT_EQ(caller.list().status, 200);
  EXPECT_GE(std::chrono::steady_clock::now() - start, std::chrono::milliseconds(30));
}

TEST(Sandbox, KeepsFlowsAcrossARestart) {
  std::string folder = testing::TempDir() + "/sandbox.XXXXXX";
  ASSERT_NE(mkdtemp(folder.data()), nullptr);
  std::string exported;
  {
    const Sandbox sandbox({.data = folder});
    Caller caller(sandbox);
    EXPECT_EQ(caller.import_flow(flow("a", "kept")).status, 200);
    exported = caller.export_flow("a").body;
  }
  {
    const Sandbox sandbox({.data = folder});
    EXPECT_EQ(Caller(sandbox).export_flow("a").body, exported);
  }
  std::filesystem::remove_all(folder);
}

TEST(Sandbox, DropsAConnectionBeforeOrAfterTheRequest) {
  const Sandbox sandbox({.faults = {.planned = {{.kind = PlannedFault::Kind::drop, .count = 1}}}});
  Caller caller(sandbox);
  EXPECT_THROW(caller.import_flow(flow("a")), net::TransportError);
  EXPECT_EQ(caller.export_flow("a").status, 404);
  EXPECT_EQ(caller.set_faults(R"({"dropAfter":1})").status, 200);
  try {
    caller.import_flow(flow("a"));
    ADD_FAILURE();
  } catch (const net::TransportError& error) {
    EXPECT_EQ(error.delivery(), net::Delivery::unknown);
  }
  EXPECT_EQ(caller.export_flow("a").status, 200);
  const auto document = json::Document::parse(caller.send("GET", "/_sandbox/requests").body);
  EXPECT_TRUE((*document->root().items().begin()).find("status").is(json::Type::null));
}

TEST(Sandbox, HangsUntilItIsStopped) {
  Sandbox sandbox({.faults = {.planned = {{.kind = PlannedFault::Kind::hang, .count = 1}}}});
  Caller caller(sandbox);
  std::thread hanging([&] { EXPECT_THROW(caller.import_flow(flow("a")), net::TransportError); });
  Caller other(sandbox);
  // The request that hangs is in the list as soon as it came in.
  while (json::Document::parse(other.send("GET", "/_sandbox/requests").body)->root().size() == 0) {
    std::this_thread::yield();
  }
  EXPECT_EQ(other.list().status, 200);
  sandbox.stop();
  hanging.join();
}

TEST(Sandbox, RejectsUnknownFaults) {
  const Sandbox sandbox({});
  Caller caller(sandbox);
  EXPECT_EQ(caller.set_faults(R"({"hangs":1})").status, 400);
  EXPECT_EQ(caller.set_faults("{").status, 400);
  EXPECT_EQ(caller.send("GET", "/_sandbox/faults").status, 405);
  EXPECT_EQ(caller.send("GET", "/_sandbox/unknown").status, 404);
}

TEST(Sandbox, AcceptsManyFlowsConcurrently) {
  const Sandbox sandbox({});
  std::vector<std::thread> threads;
  for (int worker = 0; worker < 4; ++worker) {
    threads.emplace_back([&sandbox, worker] {
      Caller caller(sandbox);
      for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(caller.import_flow(flow("f" + std::to_string(worker) + "-" + std::to_string(i))).status, 200);
        EXPECT_EQ(caller.import_flow(flow("shared")).status, 200);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  Caller caller(sandbox);
  EXPECT_EQ(member(caller.list(), "total"), "41");
  EXPECT_NE(caller.send("GET", "/_sandbox/flows").body.find("{\"id\":\"shared\",\"versions\":40,"), std::string::npos);
}

TEST(Sandbox, ReportsAPortInUse) {
  const Sandbox first({});
  EXPECT_THROW(Sandbox({.port = first.port()}), Error);
}

}  // namespace
}  // namespace flowship::sandbox
