#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <new>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>

namespace flowship {
namespace {

/// Where a secret lives, so that its bytes can be looked at after it is gone.
struct Place {
  bool holds(std::string_view text) const {
    const char* begin = reinterpret_cast<const char*>(bytes.data());
    return std::string_view(begin, bytes.size()).find(text) != std::string_view::npos;
  }
  alignas(Secret) std::array<std::byte, sizeof(Secret)> bytes{};
};

TEST(Secret, HasItsFormAlsoBehindLetters) {
  const std::string key = "K2" + std::string(26, 'x');
  for (const std::string& text : {key, "a" + key, "x-" + key + "-y", "K2 " + key, "K2K" + key}) {
    const KeyForm found = find_form_of_key(text);
    EXPECT_LE(found.begin, text.find(key)) << text;
    EXPECT_GE(found.begin + found.length, text.find(key) + key.size()) << text;
  }
  EXPECT_EQ(find_form_of_key(key.substr(1) + "K2 " + key.substr(0, 27)).length, 0U);
  EXPECT_EQ(find_form_of_key(key + " " + key, 1).begin, 29U);
}

TEST(Secret, WipesItsMemoryWhenItIsDestroyed) {
  Place place;
  Secret* secret = new (place.bytes.data()) Secret("Kshort");
  ASSERT_TRUE(place.holds("Kshort"));
  secret->~Secret();
  EXPECT_FALSE(place.holds("Kshort"));
}

TEST(Secret, WipesItsMemoryWhenItIsMovedFromOrReplaced) {
  Place place;
  Secret* secret = new (place.bytes.data()) Secret("Kshort");
  Secret other(std::move(*secret));
  EXPECT_FALSE(place.holds("short"));
  EXPECT_EQ(other.reveal(), "Kshort");
  *secret = other;
  ASSERT_TRUE(place.holds("Kshort"));
  *secret = Secret("K1");
  EXPECT_FALSE(place.holds("hort"));
  EXPECT_EQ(secret->reveal(), "K1");
  secret->~Secret();
}

TEST(Secret, KnowsTheFormOfKeys) {
  EXPECT_TRUE(has_form_of_key("K2" + std::string(26, 'a')));
  for (const std::string& text : {std::string("K2"), "K2" + std::string(25, 'a'), "K1" + std::string(40, 'a'),
                                  "K2" + std::string(40, 'a') + " b", "K2/" + std::string(40, 'a')}) {
    EXPECT_FALSE(has_form_of_key(text)) << text;
  }
}

TEST(Secret, AProtectedProcessWritesNoCore) {
  const auto ends_protected = [] {
    protect_memory();
    rlimit core{1, 1};
    ::getrlimit(RLIMIT_CORE, &core);
    std::_Exit(::prctl(PR_GET_DUMPABLE) == 0 && core.rlim_cur == 0 && core.rlim_max == 0 ? 0 : 1);
  };
  EXPECT_EXIT(ends_protected(), testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace flowship
