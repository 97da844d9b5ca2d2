#include "check/guarantees/policies.hpp"

#include "base/parallel.hpp"
#include "base/text/glob.hpp"
#include "base/text/pluralize.hpp"
#include "check/findings/findings.hpp"
#include "check/rules/secrets.hpp"
#include "flow/graph/sessions.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace flowship::check {

namespace {

/// Flows that are read at once, for their memory's sake.
constexpr std::size_t kFlowsInARound = 1000;

std::string words_of(const std::vector<flow::Selector>& selectors) {
  std::string text;
  for (const flow::Selector& selector : selectors) text += (text.empty() ? "" : " or ") + selector.words();
  return text;
}

/// A path that a policy does not allow, and why.
struct Violation {
  std::string words;
  flow::Witness witness;
};

/// A policy with the steps that its selectors match.
class PolicyCheck {
 public:
  PolicyCheck(const Policy& policy, flow::Sessions& sessions) : policy_(policy), sessions_(sessions) {
    const std::vector<flow::Selector> before =
        policy.before ? std::vector<flow::Selector>{*policy.before} : std::vector<flow::Selector>();
    for (const auto& selectors : {policy.require, policy.forbid, before}) {
      sets_.emplace_back(sessions.graphs(), selectors);
    }
  }

  const Policy& policy() const { return policy_; }

  /// The shortest path that the policy does not allow.
  std::optional<Violation> violation_of(const std::string& flow_id) {
    std::optional<Violation> shortest;
    const auto add = [&](std::string words, std::optional<flow::Witness> witness) {
      if (!witness || (shortest && shortest->witness.length <= witness->length)) return;
      shortest = {std::move(words), std::move(*witness)};
    };
    const flow::StepSet* ends = policy_.before ? &sets_[kBefore] : nullptr;
    const std::string end = policy_.before ? policy_.before->words() : "a session";
    if (!policy_.require.empty()) {
      add(end + " can be reached without " + words_of(policy_.require),
          sessions_.path(flow_id, {.around = &sets_[kRequire], .ends = ends}));
    }
    if (matches_within(sets_[kForbid], flow_id)) {
      add(end + " can be reached by way of " + words_of(policy_.forbid),
          sessions_.path(flow_id, {.through = &sets_[kForbid], .ends = ends}));
    }
    if (policy_.factors) {
      auto fewest = sessions_.path_with_fewest_factors(flow_id, ends, *policy_.factors - 1);
      if (fewest) {
        add(end + " can be reached with " + pluralize(fewest->factors, "factor") + " instead of " +
                std::to_string(*policy_.factors),
            std::move(fewest->witness));
      }
    }
    return shortest;
  }

  /// Looks at all tasks of the flow, so that `unmatched` knows of them.
  void note_matches(const std::string& flow_id) {
    has_flow_ = true;
    for (const flow::StepSet& set : sets_) matches_within(set, flow_id);
  }

  /// What the policy names and no flow has, as seen by several checks of it together.
  static std::vector<Finding> unmatched(const std::vector<const PolicyCheck*>& checks) {
    const PolicyCheck& first = *checks.front();
    const bool has_flow = std::any_of(checks.begin(), checks.end(), [](const auto* check) { return check->has_flow_; });
    if (!has_flow) return {first.finding(Severity::warning, "matches no flow")};
    std::vector<Finding> findings;
    for (std::size_t set = 0; set < first.sets_.size(); ++set) {
      for (std::size_t index = 0; index < first.sets_[set].selectors().size(); ++index) {
        const bool is_found = std::any_of(checks.begin(), checks.end(), [&](const PolicyCheck* check) {
          return check->sets_[set].has_matched()[index];
        });
        if (is_found) continue;
        findings.push_back(first.finding(
            Severity::note, "names " + first.sets_[set].selectors()[index].words() + ", which no task matches"));
      }
    }
    return findings;
  }

 private:
  /// Indexes of `sets_`.
  static constexpr std::size_t kRequire = 0;
  static constexpr std::size_t kForbid = 1;
  static constexpr std::size_t kBefore = 2;

  /// Whether the set has a task of the flow, or of one that it runs.
  bool matches_within(const flow::StepSet& set, const std::string& flow_id) {
    const std::optional<std::size_t> index = sessions_.graphs().index_of(flow_id);
    if (!index || set.selectors().empty()) return false;
    bool has_one = false;
    for (const std::size_t inside : sessions_.graphs().within(*index)) {
      const std::vector<bool>& steps = set.of_graph(inside);
      has_one = has_one || std::find(steps.begin(), steps.end(), true) != steps.end();
    }
    return has_one;
  }

  Finding finding(Severity severity, const std::string& what) const {
    Finding finding;
    finding.rule = kPolicyRule;
    finding.severity = severity;
    finding.message = "policy " + in_ticks(policy_.name) + " " + what;
    finding.path = policy_.path;
    finding.line = policy_.line;
    finding.column = policy_.column;
    return finding;
  }

  const Policy& policy_;
  flow::Sessions& sessions_;
  /// What is required, what is forbidden, and what a path ends at.
  std::vector<flow::StepSet> sets_;
  bool has_flow_ = false;
};

bool is_ignored(const Policy& policy, const Finding& finding, const Settings& settings) {
  return std::any_of(settings.ignore.begin(), settings.ignore.end(), [&](const IgnoreEntry& entry) {
    return entry.rule == kPolicyRule && entry.policy == policy.name && (entry.is_of_server || !policy.is_of_server) &&
           flow::lies_in(finding.path, entry.path) && (entry.flow_id.empty() || entry.flow_id == finding.flow_id);
  });
}

/// Checks some of the flows that were read.
class PolicyChecker {
 public:
  PolicyChecker(const flow::Reading& reading, const Repository& repository, const Settings& settings)
      : reading_(reading),
        settings_(settings),
        find_([&repository](const std::string& id) { return repository.find_flow(id); }),
        sessions_(find_, flow::StepGraphs::Keys::left_out) {
    for (const Policy& policy : settings.policies) policies_.emplace_back(policy, sessions_);
  }

  void check(std::size_t from, std::size_t to, bool is_whole) {
    for (std::size_t index = from; index < to; ++index) {
      const flow::Flow& flow = reading_.flows[index];
      // Of several flows with one id, which is an error of its own, one is looked at.
      if (!flow.complete || find_(flow.id) != &flow) continue;
      for (PolicyCheck& check : policies_) {
        if (!check.policy().applies_to(flow.id)) continue;
        if (is_whole) check.note_matches(flow.id);
        check_flow_by(check, flow);
      }
    }
  }

  std::vector<Finding> findings;

  const std::vector<PolicyCheck>& policies() const { return policies_; }

 private:
  void check_flow_by(PolicyCheck& check, const flow::Flow& flow) {
    const Policy& policy = check.policy();
    const Severity severity = policy.severity.value_or(settings_.severity_of(kPolicyRule));
    if (severity == Severity::off) return;
    Findings of_flow(flow);
    const std::string name = "policy " + in_ticks(policy.name);
    try {
      const std::optional<Violation> violation = check.violation_of(flow.id);
      if (!violation) return;
      const flow::Witness& witness = violation->witness;
      const std::string path = flow::path_words(with_names_masked(witness.path), witness.is_truncated);
      add(of_flow, flow::place_of(flow, witness.last_rule), name + ": " + violation->words + ": " + path);
    } catch (const flow::TooManyCircles& error) {
      add(of_flow, flow::place_of(flow, std::nullopt), name + " can't be checked: " + error.message());
    }
    for (Finding& finding : of_flow.take()) {
      finding.severity = severity;
      finding.subject = policy.name;
      if (!is_ignored(policy, finding, settings_)) findings.push_back(std::move(finding));
    }
  }

  static void add(Findings& of_flow, json::Value at, const std::string& message) {
    of_flow.add(kPolicyRule, at, with_secrets_masked(message),
                "lead the path through what is required, or list it in `ignore` with `policy`, `flowId` and `reason`");
  }

  const flow::Reading& reading_;
  const Settings& settings_;
  flow::FindFlow find_;
  flow::Sessions sessions_;
  std::vector<PolicyCheck> policies_;
};

}  // namespace

flow::Path with_names_masked(flow::Path path) {
  for (flow::PathStep& step : path) step.name = with_message_masked(step.name);
  return path;
}

bool Policy::applies_to(const std::string& flow_id) const {
  return flows.empty() ||
         std::any_of(flows.begin(), flows.end(), [&](const std::string& glob) { return matches_glob(glob, flow_id); });
}

std::vector<Finding> policy_findings(const flow::Reading& reading, const Repository& repository,
                                     const Settings& settings, bool is_whole) {
  if (settings.policies.empty()) return {};
  const std::size_t count = reading.flows.size();
  const std::size_t threads = std::max<std::size_t>(1, threads_for(count));
  std::vector<std::unique_ptr<PolicyChecker>> checkers;
  for (std::size_t thread = 0; thread < threads; ++thread) {
    checkers.push_back(std::make_unique<PolicyChecker>(reading, repository, settings));
  }
  for (std::size_t from = 0; from < count; from += kFlowsInARound) {
    const std::size_t in_round = std::min(count - from, kFlowsInARound);
    for_each_in_parallel(threads, threads, [&](std::size_t thread) {
      checkers[thread]->check(from + in_round * thread / threads, from + in_round * (thread + 1) / threads, is_whole);
    });
    // Only here is no thread using the flow of another's subflow.
    for (const flow::Flow& flow : reading.flows) flow::rest(flow);
  }
  std::vector<Finding> findings;
  for (const std::unique_ptr<PolicyChecker>& checker : checkers) {
    std::move(checker->findings.begin(), checker->findings.end(), std::back_inserter(findings));
  }
  if (!is_whole || settings.severity_of(kPolicyRule) == Severity::off) return findings;
  for (std::size_t index = 0; index < settings.policies.size(); ++index) {
    // Who pushes can't correct the server's.
    if (settings.policies[index].is_of_server) continue;
    std::vector<const PolicyCheck*> checks;
    for (const std::unique_ptr<PolicyChecker>& checker : checkers) checks.push_back(&checker->policies()[index]);
    for (Finding& finding : PolicyCheck::unmatched(checks)) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace flowship::check
