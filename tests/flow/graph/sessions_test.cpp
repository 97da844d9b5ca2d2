#include "flow/graph/sessions.hpp"

#include "flow/graph/simple_paths.hpp"
#include "flow/layouts/reading.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <set>

namespace flowship::flow {
namespace {

using Flows = std::map<std::string, Flow>;

Flow exported(const std::string& text) {
  const json::DocumentPtr document = json::Document::parse(text);
  return flow_of_export(document, document->root());
}

Flows flows_of(const std::vector<std::string>& texts) {
  Flows flows;
  for (const std::string& text : texts) {
    Flow flow = exported(text);
    flows.emplace(flow.id, std::move(flow));
  }
  return flows;
}

Sessions sessions_of(const Flows& flows) {
  return Sessions([&flows](const std::string& id) {
    const auto found = flows.find(id);
    return found == flows.end() ? nullptr : &found->second;
  });
}

std::string words(const std::optional<Witness>& witness) {
  if (!witness) return "none";
  std::string text;
  for (const PathStep& step : witness->path) {
    text += (text.empty() ? "" : " ") + step.flow_id + "/" + step.task_id;
    if (step.interaction) text += ":" + *step.interaction;
  }
  return text;
}

std::optional<Witness> fewest_factors(Sessions& sessions, const std::string& flow_id) {
  const std::optional<Sessions::FewestFactors> found = sessions.path_with_fewest_factors(flow_id);
  return found ? std::optional(found->witness) : std::nullopt;
}

std::string action(const std::string& id, const std::string& name, const std::string& rules,
                   const std::string& more = "") {
  return "\"" + id + R"(": {"id": ")" + id + R"(", "type": "automated", "action": ")" + name + "\"" + more +
         R"(, "next": {"rules": [)" + rules + "]}}";
}

std::string rule(const std::string& to, const std::string& interaction = "success") {
  return R"({"interactionId": ")" + interaction + R"(", "taskId": ")" + to + "\"}";
}

std::string flow_text(const std::string& id, const std::string& tasks, const std::string& shared = "") {
  return R"({"flowId": ")" + id + R"(", "metadata": {"sharedInteractions": [)" + shared +
         R"(]}, "references": {"connectors": {"Risk": "CI1"}}, "contents": {"startTask": "1", "tasks": {)" + tasks +
         "}}}";
}

TEST(Sessions, GuaranteesWhatEveryPathPasses) {
  const Flows flows = flows_of({flow_text(
      "f", action("1", "loadUser", rule("2") + "," + rule("3", "other")) + "," +
               action("2", "verify-code-otp-email", rule("4")) + "," + action("3", "verify-code-otp-email", rule("4")) +
               "," + action("4", "connector", rule("5"), R"(, "arguments": {"connectorId": {"value": "CI1"}})") + "," +
               action("5", "logged-in", ""))});
  Sessions sessions = sessions_of(flows);
  EXPECT_EQ(sessions.guarantees("f"), (std::vector<std::string>{"action:loadUser", "action:verify-code-otp-email",
                                                                "connector:Risk", "factor:otp-email"}));
  EXPECT_EQ(sessions.assurance("f"), 1U);
  EXPECT_EQ(words(sessions.path_without("f", "screen:none")), "f/1:success f/2:success f/4:success f/5");
}

TEST(Sessions, FollowsTwoStepActions) {
  const Flows flows = flows_of({flow_text(
      "f", action("1", "sign-in-otp-sms", "", R"(, "arguments": {"exchangeStepId": {"value": "1.end"}})") + "," +
               action("1.end", "verify-code-otp-sms", rule("2")) + "," + action("2", "logged-in", ""))});
  Sessions sessions = sessions_of(flows);
  EXPECT_EQ(words(fewest_factors(sessions, "f")), "f/1 f/1.end:success f/2");
  EXPECT_EQ(sessions.assurance("f"), 1U);
}

TEST(Sessions, GoesThroughSubflows) {
  const std::string inner = flow_text("inner",
                                      action("1", "verify-totp-code", rule("2") + "," + rule("3", "skip")) + "," +
                                          action("2", "loadUser", "") + "," + action("3", "risk", rule("1", "again")),
                                      R"({"id": "2.success"}, {"id": "3.skipped"})");
  const std::string outer = flow_text(
      "outer", R"("1": {"id": "1", "type": "flow", "arguments": {"flowId": {"value": "inner"}}, "next": {"rules": [)" +
                   rule("2", "2.success") + "," + rule("3", "3.skipped") + "]}}," + action("2", "logged-in", "") + "," +
                   action("3", "password-sign-in-v2", rule("2")));
  const Flows flows = flows_of({inner, outer});
  Sessions sessions = sessions_of(flows);
  EXPECT_EQ(words(fewest_factors(sessions, "outer")), "outer/1:2.success inner/1:success inner/2:2.success outer/2");
  EXPECT_EQ(sessions.guarantees("outer"),
            (std::vector<std::string>{"action:verify-totp-code", "factor:totp", "subflow:inner"}));
  EXPECT_FALSE(sessions.has_session("inner"));
}

TEST(Sessions, LeaveASubflowByASharedInteractionWhoseNameHasDots) {
  const std::string inner =
      flow_text("inner", action("1", "loadUser", rule("2")) + "," + action("2", "verify-totp-code", ""),
                R"({"id": "1.success.more"}, {"id": "2.success"})");
  const std::string outer =
      flow_text("outer", R"("1": {"type": "flow", "arguments": {"flowId": {"value": "inner"}}, "next": {"rules": [)" +
                             rule("2", "1.success.more") + "]}}," + action("2", "logged-in", ""));
  const Flows flows = flows_of({inner, outer});
  Sessions sessions = sessions_of(flows);
  EXPECT_EQ(words(sessions.path("outer", {})), "outer/1:1.success.more inner/1:1.success.more outer/2");
  EXPECT_EQ(sessions.assurance("outer"), 0U);
}

TEST(StepSet, FindsAllTasksThatShowAScreenByTheNameOfOne) {
  const auto screen = [](const std::string& id, const std::string& name, const std::string& shows) {
    return "\"" + id + R"(": {"type": "screen", "name": ")" + name + R"(", "screenId": ")" + shows + "\"}";
  };
  const Flows flows = flows_of({flow_text("f", screen("1", "Verify", "SV") + "," + screen("2", "Again", "SV") + "," +
                                                   screen("3", "Other", "SO") + "," + screen("4", "Verify", "") + "," +
                                                   screen("5", "Empty", ""))});
  Sessions sessions = sessions_of(flows);
  const std::size_t graph = *sessions.graphs().index_of("f");
  const StepSet set(sessions.graphs(), {{Selector::Kind::screen, "Ver?fy"}});
  EXPECT_EQ(set.of_graph(graph), (std::vector<bool>{true, true, false, true, false}));
}

/// `count` times one of two tasks; the first task is `<prefix>0`, the last one leads to `<prefix>count`.
std::string diamonds(int count, const std::string& prefix = "d") {
  std::string tasks;
  for (int number = 0; number < count; ++number) {
    const std::string id = prefix + std::to_string(number);
    const std::string next = rule(prefix + std::to_string(number + 1));
    tasks += action(id, "risk", rule(id + "l") + "," + rule(id + "r", "other")) + "," +
             action(id + "l", "loadUser", next) + "," + action(id + "r", "verify-totp-code", next) + ",";
  }
  return tasks;
}

std::string running(const std::string& id, const std::string& flow_id, const std::string& to) {
  return "\"" + id + R"(": {"type": "flow", "arguments": {"flowId": {"value": ")" + flow_id +
         R"("}}, "next": {"rules": [)" + rule(to) + "]}}";
}

void expect_shortest(const Flows& flows, std::size_t length) {
  Sessions sessions = sessions_of(flows);
  const SimplePaths found = simple_paths(sessions.graphs(), "main", 100);
  ASSERT_EQ(found.paths.size(), 100U);
  EXPECT_TRUE(found.more);
  EXPECT_FALSE(found.is_cut_short);
  EXPECT_EQ(found.paths.back().path.size(), length);
}

TEST(SimplePaths, ListTheShortestOfManyBranchesBeforeAndInSubflows) {
  constexpr int kBranches = 60;
  const std::string inner = flow_text("inner", action("1", "risk", rule("2")) + "," + action("2", "logged-in", ""));
  const std::string before = flow_text("main", action("1", "risk", rule("d0")) + "," + diamonds(kBranches) +
                                                   running("d" + std::to_string(kBranches), "inner", "end") + "," +
                                                   action("end", "logged-in", ""));
  expect_shortest(flows_of({before, inner}), 1 + 2 * kBranches + 3 + 1);
  const std::string branch =
      flow_text("inner", action("1", "risk", rule("d0")) + "," + diamonds(1) + action("d1", "logged-in", ""));
  std::string calls;
  for (int call = 1; call <= kBranches; ++call) {
    calls += running(std::to_string(call), "inner", std::to_string(call + 1)) + ",";
  }
  const std::string row = flow_text("main", calls + action(std::to_string(kBranches + 1), "logged-in", ""));
  expect_shortest(flows_of({row, branch}), 5 * kBranches + 1);
}

/// Enumerates paths over the texts' own structure.
class BruteForce {
 public:
  struct Way {
    std::set<std::string> keys;
    std::set<std::string> factors;
    /// Actions and ids, as `action:…` and `task:…`.
    std::set<std::string> passed;
    std::size_t length = 0;
  };

  explicit BruteForce(const Flows& flows) : flows_(flows) {}

  /// The paths that pass no task of a flow more than `most` times; to sessions, or to the first task with an action.
  std::vector<Way> ways(const std::string& flow_id, int most = 1, const std::string& before = {}) {
    ways_.clear();
    walked_ = 0;
    most_ = most;
    before_ = before;
    walk(flow_id, start_of(flow_id), {}, {flow_id}, {}, {},
         [this](const Way& way, bool is_session, const auto&, const std::string&) {
           if (is_session) ways_.push_back(way);
         });
    return ways_;
  }

  /// Whether there were too many paths to write out.
  bool gave_up() const { return walked_ > 30'000; }

 private:
  using Then =
      std::function<void(const Way&, bool is_session, const std::set<std::string>& shared, const std::string&)>;

  json::Value task(const std::string& flow_id, const std::string& id) const {
    return flows_.at(flow_id).contents.find("tasks").find(id);
  }
  std::string start_of(const std::string& flow_id) const {
    return string_of(flows_.at(flow_id).contents.find("startTask"));
  }
  std::set<std::string> shared_of(const std::string& flow_id, const std::string& id) const {
    std::set<std::string> names;
    for (const json::Value each : value_of(flows_.at(flow_id).metadata, "sharedInteractions").items()) {
      const std::string name = string_of(each.find("id"));
      if (name.substr(0, name.rfind('.')) == id) names.insert(name);
    }
    return names;
  }

  /// `then` is called at every end and session of the flow.
  void walk(const std::string& flow_id, const std::string& id, Way way, const std::set<std::string>& stack,
            std::map<std::string, int> visited, std::set<std::string> /*unused*/, const Then& then) {
    const json::Value at = task(flow_id, id);
    if (!at || gave_up() || ++visited[id] > most_) return;
    ++walked_;
    ++way.length;
    const std::string type = string_of(at.find("type"));
    const std::string name = string_of(at.find("action"));
    const bool is_outermost = stack.size() == 1 && !before_.empty();
    if (is_outermost && name == before_) return then(way, true, {}, id);
    way.passed.insert({"action:" + name, "task:" + id});
    if (!is_outermost && name == "logged-in") return then(way, true, shared_of(flow_id, id), id);
    if (type == "automated" && name != "logged-in") {
      way.keys.insert("action:" + name);
      if (const auto factor = factor_of(name)) way.factors.insert(std::string(factor_kind(*factor)));
    }
    if (type == "screen") way.keys.insert("screen:" + string_of(at.find("screenId")));
    const std::string subflow = string_of(at.find("arguments").find("flowId").find("value"));
    if (type == "flow") way.keys.insert("subflow:" + subflow);
    const auto rules = at.find("next").find("rules").items();
    const auto go_on = [&](const Way& so_far, const std::set<std::string>& shared) {
      std::vector<std::string> named;
      std::vector<std::string> all;
      for (const json::Value each : rules) {
        all.push_back(string_of(each.find("taskId")));
        if (shared.contains(string_of(each.find("interactionId")))) named.push_back(all.back());
      }
      const std::set<std::string> own = shared_of(flow_id, id);
      if (all.empty() || !own.empty()) then(so_far, false, own, id);
      for (const std::string& to : named.empty() ? all : named) walk(flow_id, to, so_far, stack, visited, {}, then);
    };
    if (type != "flow" || stack.contains(subflow) || !flows_.contains(subflow)) return go_on(way, {});
    std::set<std::string> deeper = stack;
    deeper.insert(subflow);
    walk(subflow, start_of(subflow), way, deeper, {}, {},
         [&](const Way& so_far, bool, const std::set<std::string>& shared, const std::string&) {
           go_on(so_far, shared);
         });
  }

  const Flows& flows_;
  std::vector<Way> ways_;
  int most_ = 1;
  std::size_t walked_ = 0;
  std::string before_;
};

class RandomFlows {
 public:
  explicit RandomFlows(unsigned seed) : random_(seed) {}

  Flows make() {
    std::vector<std::string> texts;
    for (int flow = 0; flow < 3; ++flow) texts.push_back(make_flow(flow));
    return flows_of(texts);
  }

 private:
  std::size_t below(std::size_t limit) { return random_() % limit; }

  std::string make_flow(int flow) {
    const std::size_t tasks = 2 + below(3);
    std::string text;
    std::string shared;
    for (std::size_t id = 1; id <= tasks; ++id) {
      std::string rules;
      for (std::size_t count = below(4); count > 0; --count) {
        const std::string interaction = below(3) == 0 ? std::to_string(1 + below(4)) + ".success" : "next";
        rules += (rules.empty() ? "" : ",") + rule(std::to_string(1 + below(tasks)), interaction);
      }
      text += (text.empty() ? "" : ",") + make_task(std::to_string(id), rules);
      if (below(4) == 0) shared += (shared.empty() ? "" : ",") + (R"({"id": ")" + std::to_string(id)) + ".success\"}";
    }
    return flow_text("f" + std::to_string(flow), text, shared);
  }

  std::string make_task(const std::string& id, const std::string& rules) {
    static const char* const kActions[] = {"loadUser",
                                           "verify-totp-code",
                                           "verify-code-otp-sms",
                                           "password-sign-in-v2",
                                           "webauthn-sign-in-finish",
                                           "exchange-oauth-code",
                                           "verify-magic-link",
                                           "verify-code-otp-email"};
    switch (below(5)) {
      case 0:
        return action(id, "logged-in", rules);
      case 1:
        return "\"" + id + R"(": {"id": ")" + id + R"(", "type": "flow", "arguments": {"flowId": {"value": "f)" +
               std::to_string(below(4)) + R"("}}, "next": {"rules": [)" + rules + "]}}";
      case 2:
        return "\"" + id + R"(": {"id": ")" + id + R"(", "type": "screen", "screenId": "S)" + std::to_string(below(2)) +
               R"(", "next": {"rules": [)" + rules + "]}}";
      default:
        return action(id, kActions[below(std::size(kActions))], rules);
    }
  }

  std::mt19937 random_;
};

/// Lengths and factors of all paths, each as often as there are. Rules that lead to one task are one step here.
void expect_all(const SimplePaths& found, const std::vector<BruteForce::Way>& ways) {
  std::set<std::pair<std::size_t, std::vector<std::string>>> listed;
  std::set<std::pair<std::size_t, std::vector<std::string>>> expected;
  std::size_t longest = 0;
  for (const SimplePath& each : found.paths) {
    ASSERT_GE(each.path.size(), longest);
    longest = each.path.size();
    listed.emplace(longest, each.factors);
  }
  for (const BruteForce::Way& way : ways) {
    expected.emplace(way.length, std::vector<std::string>(way.factors.begin(), way.factors.end()));
  }
  ASSERT_FALSE(found.more);
  ASSERT_EQ(listed, expected);
}

TEST(Sessions, AgreeWithEveryPathWrittenOut) {
  for (unsigned seed = 0; seed < 4000; ++seed) {
    SCOPED_TRACE(seed);
    const Flows flows = RandomFlows(seed).make();
    BruteForce brute_force(flows);
    Sessions sessions = sessions_of(flows);
    for (const auto& [id, flow] : flows) {
      const std::vector<BruteForce::Way> ways = brute_force.ways(id);
      ASSERT_EQ(sessions.has_session(id), !ways.empty()) << id;
      if (ways.empty()) continue;
      std::set<std::string> keys;
      std::size_t fewest = kFactorKinds;
      for (const BruteForce::Way& way : ways) {
        keys.insert(way.keys.begin(), way.keys.end());
        for (const std::string& factor : way.factors) keys.insert("factor:" + factor);
        fewest = std::min(fewest, way.factors.size());
      }
      std::vector<std::string> guaranteed;
      for (const std::string& key : keys) {
        std::optional<std::size_t> shortest;
        for (const BruteForce::Way& way : ways) {
          if (way.keys.contains(key) || (key.starts_with("factor:") && way.factors.contains(key.substr(7)))) continue;
          shortest = std::min(shortest.value_or(way.length), way.length);
        }
        if (!shortest) guaranteed.push_back(key);
        const std::optional<Witness> witness = sessions.path_without(id, key);
        ASSERT_EQ(witness.has_value(), shortest.has_value()) << id << " " << key;
        if (witness) {
          ASSERT_EQ(witness->path.size(), *shortest) << id << " " << key << " " << words(witness);
        }
      }
      ASSERT_EQ(sessions.guarantees(id), guaranteed) << id;
      ASSERT_EQ(sessions.assurance(id), fewest) << id;
      expect_all(simple_paths(sessions.graphs(), id, 100'000), ways);
    }
  }
}

std::optional<std::size_t> shortest(const std::vector<BruteForce::Way>& ways,
                                    const std::function<bool(const BruteForce::Way&)>& counts) {
  std::optional<std::size_t> length;
  for (const BruteForce::Way& way : ways) {
    if (counts(way)) length = std::min(length.value_or(way.length), way.length);
  }
  return length;
}

std::optional<std::size_t> length_of(const std::optional<Witness>& witness) {
  if (!witness) return std::nullopt;
  EXPECT_EQ(witness->path.size(), witness->length);
  return witness->length;
}

TEST(Sessions, AnswerQuestionsAsEveryPathWrittenOut) {
  using Kind = Selector::Kind;
  int asked = 0;
  for (unsigned seed = 0; seed < 400; ++seed) {
    SCOPED_TRACE(seed);
    const Flows flows = RandomFlows(seed).make();
    BruteForce brute_force(flows);
    Sessions sessions = sessions_of(flows);
    const StepSet ends(sessions.graphs(), {{Kind::action, "loadUser"}});
    const StepSet chosen(sessions.graphs(), {{Kind::action, "verify-*"}, {Kind::task, "3"}});
    const auto is_chosen = [](const BruteForce::Way& way) {
      return way.passed.contains("task:3") || std::any_of(way.passed.begin(), way.passed.end(), [](const auto& key) {
               return key.starts_with("action:verify-");
             });
    };
    for (const auto& [id, flow] : flows) {
      for (const StepSet* before : {static_cast<const StepSet*>(nullptr), &ends}) {
        SCOPED_TRACE(id + (before == nullptr ? "" : " before loadUser"));
        // A shortest path through a task may pass others twice: before that task and after it.
        const std::vector<BruteForce::Way> ways = brute_force.ways(id, 2, before == nullptr ? "" : "loadUser");
        if (brute_force.gave_up()) continue;
        ++asked;
        ASSERT_EQ(sessions.has_session(id, before), !ways.empty());
        ASSERT_EQ(length_of(sessions.path(id, {.around = &chosen, .ends = before})),
                  shortest(ways, [&](const BruteForce::Way& way) { return !is_chosen(way); }));
        ASSERT_EQ(length_of(sessions.path(id, {.through = &chosen, .ends = before})), shortest(ways, is_chosen));
        std::optional<std::size_t> fewest;
        for (const BruteForce::Way& way : ways) {
          fewest = std::min(fewest.value_or(way.factors.size()), way.factors.size());
        }
        ASSERT_EQ(sessions.assurance(id, before), fewest);
      }
    }
  }
  EXPECT_GT(asked, 2000);
}

/// Flows that each run the next one twice.
std::vector<std::string> tower(int levels) {
  std::vector<std::string> texts;
  for (int level = 0; level < levels; ++level) {
    std::string tasks;
    for (int task = 1; task <= 2; ++task) {
      tasks += "\"" + std::to_string(task) + R"(": {"type": "flow", "arguments": {"flowId": {"value": "f)" +
               std::to_string(level + 1) + R"("}}, "next": {"rules": [)" + rule(std::to_string(task + 1)) + "]}},";
    }
    texts.push_back(flow_text("f" + std::to_string(level), tasks + action("3", "logged-in", "")));
  }
  texts.push_back(flow_text("f" + std::to_string(levels),
                            action("1", "verify-totp-code", rule("2")) + "," + action("2", "logged-in", "")));
  return texts;
}

TEST(Sessions, SearchATowerOfFlowsLevelByLevel) {
  const Flows flows = flows_of(tower(60));
  Sessions sessions = sessions_of(flows);
  EXPECT_EQ(sessions.assurance("f0"), 1U);
  const std::vector<std::string> guarantees = sessions.guarantees("f0");
  EXPECT_EQ(guarantees.size(), 62U) << "the code, its factor, and each flow";
  const std::optional<Witness> witness = fewest_factors(sessions, "f0");
  ASSERT_TRUE(witness);
  EXPECT_EQ(witness->path.size(), kLongestPath);
  EXPECT_TRUE(witness->is_truncated);
  EXPECT_EQ(witness->length, Reached::kLongest);
  EXPECT_FALSE(sessions.path_without("f0", "factor:totp"));
}

/// Flows that each show one of two screens, verify a code in one of two ways, and run the next one.
std::vector<std::string> branching_tower(int levels) {
  std::vector<std::string> texts;
  for (int level = 0; level < levels; ++level) {
    const std::string number = std::to_string(level);
    const auto screen = [&](const std::string& id, const std::string& name) {
      return "\"" + id + R"(": {"type": "screen", "screenId": ")" + name + number + R"(", "next": {"rules": [)" +
             rule(id == "1" ? "2" : "4") + (id == "1" ? "," + rule("3") : "") + "]}},";
    };
    const std::string last = level + 1 == levels
                                 ? action("5", "connector", rule("6"))
                                 : "\"5\": {\"type\": \"flow\", \"arguments\": {\"flowId\": {\"value\": \"f" +
                                       std::to_string(level + 1) + "\"}}, \"next\": {\"rules\": [" + rule("6") + "]}}";
    texts.push_back(flow_text("f" + number, screen("1", "first") + screen("2", "left") + screen("3", "right") +
                                                action("4", "verify-totp-code", rule("5")) + "," + last + "," +
                                                action("6", "logged-in", "")));
  }
  return texts;
}

TEST(Sessions, FindTheGuaranteesOfATowerOfFlowsInAFewSearchesEach) {
  constexpr std::size_t kLevels = 80;
  const Flows flows = flows_of(branching_tower(kLevels));
  Sessions sessions = sessions_of(flows);
  for (std::size_t level = 0; level < kLevels; ++level) {
    const std::vector<std::string> guarantees = sessions.guarantees("f" + std::to_string(level));
    // Of each level below: the first screen and the subflow, and once the code, its factor and the connector.
    ASSERT_EQ(guarantees.size(), 2 * (kLevels - level) - 1 + 3) << level;
  }
  // The screens that a path can go around take one together.
  EXPECT_EQ(sessions.searches(), kLevels);
}

const char* const kProofs[] = {"password-sign-in-v2",   "verify-code-otp-sms",   "verify-code-otp-email",
                               "verify-code-otp-voice", "verify-totp-code",      "webauthn-sign-in-finish",
                               "verify-magic-link",     "verify-enchanted-link", "exchange-oauth-code",
                               "exchange-saml-code"};

TEST(Sessions, NeedFewSearchesForManyKindsOfFactors) {
  std::string row;
  std::string pairs;
  constexpr std::size_t kKinds = std::size(kProofs);
  for (std::size_t at = 0; at < kKinds; ++at) {
    const std::string id = std::to_string(at + 1);
    row += action(id, kProofs[at], rule(std::to_string(at + 2))) + ",";
    // One of two, and then one of the next two.
    const std::size_t next = at / 2 * 2 + 3;
    const std::string rules =
        next > kKinds ? rule("end") : rule(std::to_string(next)) + "," + rule(std::to_string(next + 1));
    pairs += action(id, kProofs[at], rules) + ",";
  }
  row += action(std::to_string(kKinds + 1), "logged-in", "");
  const std::string start = action("start", "loadUser", rule("1") + "," + rule("2"));
  const std::string either = start + "," + pairs + action("end", "logged-in", "");
  const Flows flows = flows_of({flow_text("row", row)});
  Sessions in_a_row = sessions_of(flows);
  EXPECT_EQ(in_a_row.assurance("row"), kKinds);
  EXPECT_LE(in_a_row.searches(), kKinds * kKinds);
  std::string text = flow_text("either", either);
  text.replace(text.find(R"("startTask": "1")"), std::string(R"("startTask": "1")").size(), R"("startTask": "start")");
  const Flows others = flows_of({text});
  Sessions of_two = sessions_of(others);
  EXPECT_EQ(of_two.assurance("either"), kKinds / 2);
  EXPECT_LE(of_two.searches(), 100U);
}

TEST(Sessions, NeedNoMoreSearchesThanThereAreSetsOfFactors) {
  // A session needs any four of eight: at each kind a path goes by the proof, or past it.
  constexpr std::size_t kKinds = 8;
  constexpr std::size_t kNeeded = 4;
  const auto place = [](std::size_t kind, std::size_t passed) {
    return kind == kKinds ? passed < kNeeded ? std::string("short") : std::string("end")
                          : std::to_string(kind) + "-" + std::to_string(passed);
  };
  std::string tasks = action("1", "loadUser", rule(place(0, 0)));
  for (std::size_t kind = 0; kind < kKinds; ++kind) {
    for (std::size_t passed = 0; passed <= kind; ++passed) {
      const std::string proof = "proof" + place(kind, passed);
      tasks += "," + action(place(kind, passed), "risk", rule(proof) + "," + rule(place(kind + 1, passed), "other"));
      tasks += "," + action(proof, kProofs[kind], rule(place(kind + 1, passed + 1)));
    }
  }
  tasks += "," + action("short", "risk", "") + "," + action("end", "logged-in", "");
  const Flows flows = flows_of({flow_text("any", tasks)});
  Sessions sessions = sessions_of(flows);
  EXPECT_EQ(sessions.assurance("any"), kNeeded);
  EXPECT_LE(sessions.searches(), (1U << kKinds) + 24 * kKinds);
}

TEST(Sessions, GiveUpOnCirclesWithTooManyPaths) {
  const auto circle = [](int flows) {
    std::vector<std::string> texts;
    for (int flow = 0; flow < flows; ++flow) {
      std::string tasks;
      for (int task = 0; task < flows; ++task) {
        tasks += "\"" + std::to_string(task + 1) + R"(": {"type": "flow", "arguments": {"flowId": {"value": "f)" +
                 std::to_string(task) + R"("}}, "next": {"rules": [)" + rule(std::to_string(task + 2)) + "]}},";
      }
      texts.push_back(
          flow_text("f" + std::to_string(flow), tasks + action(std::to_string(flows + 1), "logged-in", "")));
    }
    return flows_of(texts);
  };
  const Flows small = circle(6);
  EXPECT_EQ(sessions_of(small).assurance("f0"), 0U);
  const Flows large = circle(14);
  Sessions sessions = sessions_of(large);
  EXPECT_THROW(sessions.guarantees("f0"), TooManyCircles);
}

TEST(Sessions, TellTheLastRule) {
  const Flows flows = flows_of(
      {flow_text("f", action("1", "sign-in-otp-sms", rule("2", "sent")) + "," +
                          action("2", "sign-in-otp-sms", "", R"(, "arguments": {"verifyStepId": {"value": "2.end"}})") +
                          "," + action("2.end", "logged-in", ""))});
  const std::optional<Witness> witness = sessions_of(flows).path("f", {});
  ASSERT_TRUE(witness && witness->last_rule);
  EXPECT_EQ(witness->last_rule->task_id + " " + witness->last_rule->interaction + " " + witness->last_rule->to,
            "1 sent 2");
}

}  // namespace
}  // namespace flowship::flow
