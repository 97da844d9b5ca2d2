#include "deploy/apply/version_note.hpp"

#include "base/text/utf8.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace flowship::deploy {
namespace {

const std::string kCommit(40, 'a');

std::ptrdiff_t characters_in(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char byte) { return !continues_character(byte); });
}

TEST(VersionNote, HasSubjectAndId) {
  EXPECT_EQ(version_note("Reword the title", kCommit), "Reword the title (" + kCommit + ")");
  EXPECT_EQ(version_note("", kCommit), kCommit);
}

TEST(VersionNote, HasAtMost200CharactersAndCutsNone) {
  for (const std::string letter : {"x", "ü", "ש", "👋"}) {
    for (const std::size_t length : {156U, 157U, 158U, 500U}) {
      std::string subject;
      for (std::size_t count = 0; count < length; ++count) subject += letter;
      const std::string note = version_note(subject, kCommit);
      EXPECT_TRUE(is_utf8(note));
      EXPECT_EQ(characters_in(note), std::min<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(length) + 43, 200));
      EXPECT_TRUE(note.ends_with(" (" + kCommit + ")"));
      EXPECT_EQ(note.find("…") != std::string::npos, length > 157) << length;
    }
  }
}

TEST(VersionNote, MasksSecretsAlsoWhereTheyWouldBeCut) {
  const std::string token = std::string("gh") + "p_aZ3kQ9xW1vaZ3kQ9xW1vaZ3kQ9xW1vaZ3kQ9xW1v";
  for (const std::size_t before : {0U, 130U, 150U}) {
    const std::string note = version_note(std::string(before, '-') + " " + token, kCommit);
    EXPECT_EQ(note.find(token.substr(0, 8)), std::string::npos) << note;
  }
}

}  // namespace
}  // namespace flowship::deploy
