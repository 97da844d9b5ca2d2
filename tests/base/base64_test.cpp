#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace flowship {
namespace {

TEST(Base64, EncodesAndDecodesTheSamplesOfRfc4648) {
  for (const auto& [bytes, text] : {std::pair{"", ""},
                                    {"f", "Zg=="},
                                    {"fo", "Zm8="},
                                    {"foo", "Zm9v"},
                                    {"foob", "Zm9vYg=="},
                                    {"fooba", "Zm9vYmE="},
                                    {"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(to_base64(bytes), text);
    EXPECT_EQ(from_base64(text), bytes);
  }
}

TEST(Base64, TakesAnyBytesOnOneLine) {
  std::string bytes;
  for (int byte = 0; byte < 256; ++byte) bytes += static_cast<char>(byte);
  const std::string text = to_base64(bytes);
  EXPECT_EQ(text.find_first_of("\r\n"), std::string::npos);
  EXPECT_EQ(from_base64(text), bytes);
}

TEST(Base64, RefusesOtherCharactersAndPadding) {
  for (const char* text :
       {"Zg", "Zg=", "Zg===", "Zm9v=", "=", "====", "Z", "Zm9v\n", "Zm 9v", "Zm9v!", "Zm-_", "Zg==Zg==", "Zh=="}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
  EXPECT_FALSE(from_base64(std::string_view("Zm9v\0", 5)));
}

}  // namespace
}  // namespace flowship
