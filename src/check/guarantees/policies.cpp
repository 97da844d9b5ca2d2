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
  PolicyCheck(const Policy& policy, flow::Sessions& sessions)
      : policy_(policy),
        sessions_(sessions),
        require_(sessions.graphs(), policy.require),
        forbid_(sessions.graphs(), policy.forbid) {
    if (policy.before) before_.emplace(sessions.graphs(), std::vector{*policy.before});
    for (const std::vector<flow::Selector>* list : {&policy.require, &policy.forbid}) {
      for (const flow::Selector& selector : *list) each_.emplace_back(selector);
    }
    if (policy.before) each_.emplace_back(*policy.before);
  }

  const Policy& policy() const { return policy_; }

  /// The shortest path that the policy does not allow.
  std::optional<Violation> violation_of(const std::string& flow_id) {
    std::optional<Violation> shortest;
    const auto add = [&](std::string words, std::optional<flow::Witness> witness) {
      if (!witness || (shortest && shortest->witness.length <= witness->length)) return;
      shortest = {std::move(words), std::move(*witness)};
    };
    const flow::StepSet* ends = before_ ? &*before_ : nullptr;
    const std::string end = policy_.before ? policy_.before->words() : "a session";
    if (!policy_.require.empty()) {
      add(end + " can be reached without " + words_of(policy_.require),
          sessions_.path(flow_id, {.around = &require_, .ends = ends}));
    }
    if (!policy_.forbid.empty()) {
      add(end + " can be reached by way of " + words_of(policy_.forbid),
          sessions_.path(flow_id, {.through = &forbid_, .ends = ends}));
    }
    if (policy_.factors) {
      const std::optional<std::size_t> fewest = sessions_.assurance(flow_id, ends);
      if (fewest && *fewest < *policy_.factors) {
        add(end + " can be reached with " + pluralize(*fewest, "factor") + " instead of " +
                std::to_string(*policy_.factors),
            sessions_.path_with_fewest_factors(flow_id, ends));
      }
    }
    return shortest;
  }

  void note_matches(const std::string& flow_id) {
    has_flow_ = true;
    const std::optional<std::size_t> index = sessions_.graphs().index_of(flow_id);
    if (!index) return;
    for (const std::size_t inside : sessions_.graphs().within(*index)) {
      for (const flow::Step& step : sessions_.graphs().graph(inside).steps) {
        for (Match& match : each_) match.is_found = match.is_found || flow::matches(match.selector, step);
      }
    }
  }

  /// Adds what another one of the same policy has found.
  void merge(const PolicyCheck& other) {
    has_flow_ = has_flow_ || other.has_flow_;
    for (std::size_t index = 0; index < each_.size(); ++index) {
      each_[index].is_found = each_[index].is_found || other.each_[index].is_found;
    }
  }

  /// What the policy names and no flow has.
  std::vector<Finding> unmatched() const {
    if (!has_flow_) return {finding(Severity::warning, "matches no flow")};
    std::vector<Finding> findings;
    for (const Match& match : each_) {
      if (!match.is_found) {
        findings.push_back(finding(Severity::note, "names " + match.selector.words() + ", which no task matches"));
      }
    }
    return findings;
  }

 private:
  struct Match {
    explicit Match(flow::Selector which) : selector(std::move(which)) {}

    flow::Selector selector;
    bool is_found = false;
  };

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
  flow::StepSet require_;
  flow::StepSet forbid_;
  std::optional<flow::StepSet> before_;
  std::vector<Match> each_;
  bool has_flow_ = false;
};

Severity severity_of_rule(const Settings& settings) {
  const auto configured = settings.severities.find(std::string(kPolicyRule));
  return configured == settings.severities.end() ? find_rule(kPolicyRule)->severity : configured->second;
}

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
        sessions_(find_) {
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

  std::vector<PolicyCheck>& policies() { return policies_; }

 private:
  void check_flow_by(PolicyCheck& check, const flow::Flow& flow) {
    const Policy& policy = check.policy();
    const Severity severity = policy.severity.value_or(severity_of_rule(settings_));
    if (severity == Severity::off) return;
    Findings of_flow(flow);
    const std::string name = "policy " + in_ticks(policy.name);
    try {
      const std::optional<Violation> violation = check.violation_of(flow.id);
      if (!violation) return;
      const flow::Witness& witness = violation->witness;
      add(of_flow, flow::place_of(flow, witness.last_rule),
          name + ": " + violation->words + ": " + flow::path_words(witness.path, witness.is_truncated));
    } catch (const flow::TooManyCircles& error) {
      add(of_flow, flow::place_of(flow, std::nullopt), name + " can't be checked: " + error.message());
    }
    for (Finding& finding : of_flow.take()) {
      finding.severity = severity;
      finding.subject = policy.name;
      if (!is_ignored(policy, finding, settings_)) findings.push_back(std::move(finding));
    }
  }

  static void add(Findings& of_flow, json::Value at, std::string message) {
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
  for_each_in_parallel(threads, threads, [&](std::size_t thread) {
    checkers[thread]->check(count * thread / threads, count * (thread + 1) / threads, is_whole);
  });
  std::vector<Finding> findings;
  for (const std::unique_ptr<PolicyChecker>& checker : checkers) {
    std::move(checker->findings.begin(), checker->findings.end(), std::back_inserter(findings));
  }
  if (!is_whole || severity_of_rule(settings) == Severity::off) return findings;
  for (std::size_t index = 0; index < settings.policies.size(); ++index) {
    PolicyCheck& check = checkers.front()->policies()[index];
    for (const std::unique_ptr<PolicyChecker>& checker : checkers) check.merge(checker->policies()[index]);
    // Who pushes can't correct the server's.
    if (settings.policies[index].is_of_server) continue;
    for (Finding& finding : check.unmatched()) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace flowship::check
