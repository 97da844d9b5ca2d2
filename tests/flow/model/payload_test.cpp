#include "flow/model/payload.hpp"

#include "base/error.hpp"
#include "flow/compare/compare.hpp"
#include "flow/sample_files.hpp"
#include "json/compare.hpp"

#include <gtest/gtest.h>

namespace flowship::flow {
namespace {

Flow exported(const std::string& text) {
  const auto document = json::Document::parse(text);
  return flow_of_export(document, document->root());
}

TEST(Payload, HasTheServicesOrderAndTheAuthorsText) {
  const Flow flow = SampleFiles()
                        .put_snapshot("flows/f")
                        .put("flows/f/metadata.json",
                             "{\"screens\": [\"welcome\"], \"references\": {\"oauth\": []}, \"name\": \"\\u00dc\"}")
                        .put("flows/f/contents.json", "{\n  \"startTask\": \"0\", \"n\": [1.10, -0, 1e400]\n}\n")
                        .put("flows/f/screen-welcome.json", "{\"screenId\": \"S\", \"contents\": { }}")
                        .read()
                        .flows.at(0);
  EXPECT_EQ(import_payload(flow),
            "{\"flow\":{\"flowId\":\"f\",\"metadata\":{\"name\":\"\\u00dc\"},"
            "\"contents\":{\n  \"startTask\": \"0\", \"n\": [1.10, -0, 1e400]\n},"
            "\"screens\":[{\"screenId\":\"S\",\"contents\":{ }}],\"references\":{\"oauth\": []}}}");
}

TEST(Payload, KeepsEveryValueVerbatim) {
  for (const char* value : {"1.10", "-0", "1e400", "123456789012345678901234567890", "18446744073709551616", "1E+2",
                            R"("\u0041\/\ud83d\ude00\u0000")", "\"\xf0\x9f\x98\x80\"", "null", "true", "{ }", "[ 1 ,2]",
                            R"({"z":1,"a":{"z":1,"a":2}})", "\"\""}) {
    const std::string v = value;
    const std::string text = R"({"flowId":"f","metadata":{"m":)" + v + R"(},"contents":)" + v +
                             R"(,"screens":[{"screenId":)" + v + R"(,"x":)" + v + R"(}],"references":)" + v +
                             R"(,"other":)" + v + "}";
    EXPECT_EQ(export_text(exported(text)), text);
    EXPECT_EQ(import_payload(exported(text)), "{\"flow\":" + text + "}");
  }
}

TEST(Payload, KeepsMembersOfAnyName) {
  const std::string text =
      R"({"flowId":"f","metadata":{"a\u0000b":1,"a":2,"":3,"\"\\":4,"\u001b":5,"é/":6},"z":1,"y":2})";
  const auto read = json::Document::parse(export_text(exported(text)));
  EXPECT_TRUE(json::equal(read->root(), json::Document::parse(text)->root())) << read->text();
}

TEST(Payload, OmitsMissingParts) {
  for (const char* text : {R"({"flowId":"f"})", R"({"flowId":"f","metadata":{}})", R"({"flowId":"f","screens":[]})",
                           R"({"flowId":"f","contents":{},"references":{}})", R"({"metadata":{}})",
                           R"({"flowId":7,"metadata":[],"contents":null,"screens":{},"references":1})",
                           R"({"flowId":"f","screens":[7,null,{}]})"}) {
    EXPECT_EQ(export_text(exported(text)), text);
  }
}

TEST(Payload, MatchesTheFilesMemberByMember) {
  SampleFiles files;
  files.put_snapshot("flows/a").put("b.json", kExported);
  for (const Flow& flow : files.read().flows) {
    const auto payload = json::Document::parse(import_payload(flow));
    const json::Value sent = payload->root().find("flow");
    EXPECT_TRUE(json::equal(sent.find("contents"), flow.contents));
    EXPECT_TRUE(json::equal(sent.find("references"), flow.references));
    EXPECT_EQ(sent.find("metadata").size(), flow.metadata.size());
    for (const Field& field : flow.metadata) {
      EXPECT_TRUE(json::equal(sent.find("metadata").find(field.name), field.value)) << field.name;
    }
    ASSERT_EQ(sent.find("screens").size(), flow.screens.size());
    std::size_t index = 0;
    for (const json::Value screen : sent.find("screens").items()) {
      EXPECT_TRUE(json::equal(screen, flow.screens[index++].at));
    }
    EXPECT_TRUE(same(flow_of_export(payload, sent), flow));
  }
}

TEST(Payload, RequiresACompleteFlowWithAValidId) {
  const auto fails = [](const Flow& flow) {
    EXPECT_THROW(
        {
          try {
            import_payload(flow);
          } catch (const Error& error) {
            EXPECT_EQ(error.fault(), Fault::invalid);
            throw;
          }
        },
        Error);
  };
  fails(SampleFiles().put("flows/a/contents.json", kGraph).read().flows.at(0));
  fails(exported(R"({"flowId":"../x"})"));
  fails(exported(R"({"flowId":""})"));
  fails(exported("{}"));
  fails(exported(R"({"flowId":7})"));
}

TEST(Payload, KeepsTheOrderOfVeryManyMembers) {
  std::string members;
  for (int i = 0; i < 100000; ++i) members += (members.empty() ? "\"m" : ",\"m") + std::to_string(i) + "\":1";
  const std::string text = R"({"flowId":"f","metadata":{)" + members + "}," + members + "}";
  EXPECT_EQ(export_text(exported(text)), text);
}

}  // namespace
}  // namespace flowship::flow
