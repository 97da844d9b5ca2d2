#include "net/body.hpp"

#include <Poco/Net/HTTPRequest.h>
#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace flowship::net {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

std::optional<Framing> framing(const Fields& fields) {
  Poco::Net::HTTPRequest message;
  for (const auto& [name, value] : fields) message.add(name, value);
  return framing_of(message);
}

TEST(Framing, IsALengthChunksOrTheEndOfTheConnection) {
  EXPECT_EQ(framing({})->kind, Framing::Kind::until_close);
  EXPECT_EQ(framing({{"content-length", "12"}})->size, 12U);
  EXPECT_EQ(framing({{"Content-Length", "12"}, {"Content-Length", "12"}})->kind, Framing::Kind::sized);
  EXPECT_EQ(framing({{"Transfer-Encoding", "Chunked"}})->kind, Framing::Kind::chunked);
}

TEST(Framing, IsNothingWhereItIsAmbiguousOrMalformed) {
  for (const Fields& fields : std::vector<Fields>{{{"Content-Length", "1"}, {"Content-Length", "2"}},
                                                  {{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}},
                                                  {{"Transfer-Encoding", "chunked"}, {"Content-Length", "1"}},
                                                  {{"Transfer-Encoding", "chunked"}, {"Transfer-Encoding", "chunked"}},
                                                  {{"Transfer-Encoding", "gzip"}},
                                                  {{"Transfer-Encoding", "gzip, chunked"}},
                                                  {{"Content-Length", ""}},
                                                  {{"Content-Length", "+1"}},
                                                  {{"Content-Length", "-1"}},
                                                  {{"Content-Length", "0x1"}},
                                                  {{"Content-Length", "1, 1"}},
                                                  {{"Content-Length", "99999999999999999999"}}}) {
    EXPECT_FALSE(framing(fields)) << fields.front().second;
  }
}

}  // namespace
}  // namespace flowship::net
