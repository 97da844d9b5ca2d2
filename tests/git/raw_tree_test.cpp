#include "git/raw_tree.hpp"

#include "base/error.hpp"

#include <gtest/gtest.h>

namespace flowship::git {
namespace {

std::string raw(const std::string& mode, const std::string& name) {
  return mode + " " + name + std::string(1, '\0') + std::string(20, 'i');
}

void read_all(const std::string& bytes) {
  for (TreeCursor cursor(bytes); !cursor.at_end();) cursor.advance();
}

TEST(RawTrees, StepThroughTheirEntries) {
  const std::string bytes = raw("100644", "a") + raw("40000", "b") + raw("160000", "c");
  TreeCursor cursor(bytes);
  EXPECT_EQ(cursor.entry().name, "a");
  EXPECT_FALSE(cursor.entry().is_tree());
  cursor.advance();
  EXPECT_TRUE(cursor.entry().is_tree());
  cursor.advance();
  EXPECT_EQ(cursor.entry().kind(), EntryKind::submodule);
  cursor.advance();
  EXPECT_TRUE(cursor.at_end());
}

TEST(RawTrees, AreRefusedWhenDamaged) {
  const std::string whole = raw("100644", "a");
  for (std::size_t size = 1; size < whole.size(); ++size) EXPECT_THROW(read_all(whole.substr(0, size)), Error) << size;
  for (const std::string name : {"", ".", "..", "a/b"}) EXPECT_THROW(read_all(raw("100644", name)), Error) << name;
  EXPECT_THROW(read_all(raw("1006449999999", "a")), Error);
  EXPECT_THROW(read_all(raw("", "a")), Error);
}

TEST(Scopes, MeanFoldersAndFiles) {
  const std::vector<std::string> prefixes{"a/b/", "./c"};
  EXPECT_TRUE(in_scope(prefixes, "a/b"));
  EXPECT_TRUE(in_scope(prefixes, "a/b/x"));
  EXPECT_FALSE(in_scope(prefixes, "a/bx"));
  EXPECT_TRUE(in_scope({"."}, "x"));
  const ScopeAt top(prefixes);
  EXPECT_FALSE(top.below("a").all());
  EXPECT_FALSE(top.below("a").none());
  EXPECT_TRUE(top.below("a").below("b").below("x").all());
  EXPECT_TRUE(top.below("b").none());
}

}  // namespace
}  // namespace flowship::git
