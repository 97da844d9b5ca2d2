#include "git/objects/raw_tree.hpp"

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

TEST(RawTrees, IterateOverEntries) {
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

TEST(RawTrees, FindAnEntryByItsWholeName) {
  const std::string bytes = raw("100644", "a") + raw("100644", "not b") + raw("40000", "b") + raw("100644", "c");
  TreeCursor cursor(bytes);
  EXPECT_TRUE(cursor.seek("a"));
  ASSERT_TRUE(cursor.seek("b"));
  EXPECT_TRUE(cursor.entry().is_tree());
  EXPECT_FALSE(cursor.seek("a")) << "it lies behind";
  EXPECT_FALSE(TreeCursor(bytes).seek("d"));
  EXPECT_FALSE(TreeCursor("").seek("a"));
  const std::string damaged = bytes.substr(0, bytes.size() - 1);
  EXPECT_THROW(TreeCursor(damaged).seek("d"), Error);
}

TEST(RawTrees, AreRefusedWhenDamaged) {
  const std::string whole = raw("100644", "a");
  for (std::size_t size = 1; size < whole.size(); ++size) EXPECT_THROW(read_all(whole.substr(0, size)), Error) << size;
  for (const std::string name : {"", ".", "..", "a/b"}) EXPECT_THROW(read_all(raw("100644", name)), Error) << name;
  EXPECT_THROW(read_all(raw("1006449999999", "a")), Error);
  EXPECT_THROW(read_all(raw("", "a")), Error);
}

TEST(RawTrees, SkipEqualEntries) {
  const std::string shared = raw("100644", "a") + raw("40000", "b") + raw("100644", "c");
  const auto names_behind = [&](const std::string& one, const std::string& other) {
    TreeCursor left(one);
    TreeCursor right(other);
    TreeCursor::skip_same(left, right);
    const auto name_at = [](const TreeCursor& cursor) {
      return cursor.at_end() ? std::string("-") : std::string(cursor.entry().name);
    };
    return name_at(left) + name_at(right);
  };
  EXPECT_EQ(names_behind(shared, shared), "--");
  EXPECT_EQ(names_behind(shared, shared + raw("100644", "d")), "-d");
  EXPECT_EQ(names_behind(shared + raw("100644", "d"), shared), "d-");
  EXPECT_EQ(names_behind(shared + raw("100644", "d"), shared + raw("100644", "e")), "de");
  EXPECT_EQ(names_behind(shared + raw("100644", "d"), shared + raw("100755", "d")), "dd");
  std::string other_id = shared;
  other_id.back() = 'j';
  EXPECT_EQ(names_behind(shared, other_id), "cc");
  EXPECT_EQ(names_behind(raw("100644", "a"), raw("100644", "a")), "--");
  const std::string without_end(40, '1');
  EXPECT_THROW(names_behind(shared + without_end, shared + without_end), Error);
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
