#include "deploy/plan/checks/change_check.hpp"

#include "deploy/workshop.hpp"

#include <gtest/gtest.h>

namespace flowship::deploy {
namespace {

/// Files with findings, and how many flows were checked.
struct Checked {
  std::set<std::string> wrong;
  int flows = 0;
};

class ChangeCheckTest : public testing::Test {
 protected:
  ChangeCheckTest() {
    workshop_.write_flow("used", "used");
    workshop_.write_flow("user", "user", "used");
    workshop_.write_flow("other", "other");
    workshop_.commit();
  }

  static void take(const Validated& validated, Checked& checked) {
    checked.flows = validated.flows();
    for (const check::Finding& finding : validated.findings) {
      checked.wrong.insert(finding.path);
    }
  }

  /// The change from `HEAD` to what is staged.
  Checked staged() {
    workshop_.files().git({"add", "--all"});
    const git::Repository repository = git::Repository::open(workshop_.files().path());
    const git::Revision index = git::Revision::of_index(repository);
    Checked checked;
    take(validate_change({.before = repository.commit("HEAD"), .after = index, .config_file = {}}), checked);
    return checked;
  }

  Workshop workshop_;
};

TEST_F(ChangeCheckTest, LooksOnlyAtTheFlowsThatDiffer) {
  workshop_.write_flow("other", "new");
  const Checked checked = staged();
  EXPECT_EQ(checked.flows, 1);
  EXPECT_TRUE(checked.wrong.empty());
}

TEST_F(ChangeCheckTest, ReportsAFlowThatChanged) {
  workshop_.write_flow("other", "other", "nobody");
  EXPECT_EQ(staged().wrong, std::set<std::string>{"other.json"});
}

TEST_F(ChangeCheckTest, ReportsWhatTheChangeBreaksInOthers) {
  workshop_.files().remove("used.json");
  EXPECT_EQ(staged().wrong, std::set<std::string>{"user.json"});
}

TEST_F(ChangeCheckTest, IgnoresFindingsThatWereThereBefore) {
  workshop_.write_flow("user", "user", "nobody");
  workshop_.commit();
  workshop_.write_flow("other", "new");
  EXPECT_TRUE(staged().wrong.empty());
}

TEST_F(ChangeCheckTest, ANewIdThatIsTakenIsAnError) {
  workshop_.files().write("copy/used.json", workshop_.files().git({"show", "HEAD:used.json"}));
  EXPECT_FALSE(staged().wrong.empty());
}

TEST_F(ChangeCheckTest, ChangedRulesConcernEveryFlow) {
  workshop_.files().write("flowship.json",
                          R"({"environments": {"default": {}}, "rules": {"unreachable-task": "error"}})");
  EXPECT_EQ(staged().flows, 3);
}

TEST_F(ChangeCheckTest, WithoutABeforeEverythingIsChecked) {
  const git::Repository repository = git::Repository::open(workshop_.files().path());
  const git::Revision head = git::Revision::of_commit(repository, repository.commit("HEAD"));
  EXPECT_EQ(validate_change({.before = {}, .after = head, .config_file = {}}).flows(), 3);
}

}  // namespace
}  // namespace flowship::deploy
