#include "flow/compare/compare.hpp"
#include "flow/merge/merge.hpp"
#include "flow/random_edits.hpp"
#include "json/compare.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// What holds of every merge, on random edits of the examples.

namespace flowship::flow {
namespace {

struct Pair {
  Flow base;
  Flow ours;
  Flow theirs;
};

std::string edited_often(std::string text, Random& random) {
  for (std::size_t edits = 1 + below(random, 4); edits > 0; --edits) text = edited(text, random);
  return text;
}

template <typename Check>
void for_each_pair(unsigned seed, int rounds, Check check) {
  for (const std::string& base : example_texts()) {
    Random random(seed);
    for (int round = 0; round < rounds; ++round) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
      const std::string ours = edited_often(base, random);
      const std::string theirs = edited_often(base, random);
      check(Pair{flow_of(base), flow_of(ours), flow_of(theirs)});
      if (testing::Test::HasFailure()) return;
    }
  }
}

TEST(MergeProperties, ASideThatChangedNothingTakesTheOther) {
  for_each_pair(1, 10, [](const Pair& pair) {
    for (const Flow* other : {&pair.ours, &pair.theirs}) {
      for (const MergedFlow& result : {merge(pair.base, *other, pair.base), merge(pair.base, pair.base, *other),
                                       merge(pair.base, *other, *other)}) {
        EXPECT_TRUE(result.merged.conflicts.empty());
        EXPECT_TRUE(same(result.flow, *other)) << result.merged.document->text();
      }
    }
  });
}

TEST(MergeProperties, SidesCanBeSwapped) {
  int clean = 0;
  for_each_pair(2, 20, [&](const Pair& pair) {
    const MergedFlow one = merge(pair.base, pair.ours, pair.theirs);
    const MergedFlow other = merge(pair.base, pair.theirs, pair.ours);
    EXPECT_EQ(one.merged.conflicts.size(), other.merged.conflicts.size());
    EXPECT_EQ(one.merged.new_ids.size(), other.merged.new_ids.size());
    if (!one.merged.conflicts.empty() || !one.merged.new_ids.empty()) return;
    ++clean;
    for (const json::Difference& difference : differences(one.flow, other.flow)) {
      // The order of a set may be that of either side.
      ADD_FAILURE() << difference.pointer;
    }
  });
  EXPECT_GT(clean, 60);
}

TEST(MergeProperties, AChangeOfOneSideIsInTheResult) {
  for_each_pair(3, 15, [](const Pair& pair) {
    const MergedFlow result = merge(pair.base, pair.ours, pair.theirs);
    if (!result.merged.conflicts.empty() || !result.merged.new_ids.empty()) return;
    // Merging a side again changes nothing: the result contains it.
    for (const Flow* side : {&pair.ours, &pair.theirs}) {
      const MergedFlow again = merge(pair.base, result.flow, *side);
      EXPECT_TRUE(again.merged.conflicts.empty());
      EXPECT_TRUE(same(again.flow, result.flow));
      EXPECT_TRUE(contains_edits(pair.base, result.flow, *side));
    }
  });
}

}  // namespace
}  // namespace flowship::flow
