#include "deploy/guarantees/guarantee_changes.hpp"

#include "base/text/pluralize.hpp"
#include "flow/graph/sessions.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace flowship::deploy {

namespace {

constexpr std::string_view kFactor = "factor:";

/// Everything about a flow that paths depend on, as text.
std::string paths_text_of(const flow::Flow& flow) {
  flow::StepGraphs graphs([&flow](const std::string& id) { return id == flow.id ? &flow : nullptr; });
  const flow::StepGraph& graph = graphs.graph(*graphs.index_of(flow.id));
  std::string text = graph.start ? graph.steps[*graph.start].id : "";
  for (const flow::Step& step : graph.steps) {
    text += "\n" + step.id + (step.is_session ? " session" : "");
    for (const std::size_t key : step.keys) text += " key " + graphs.key(key);
    for (const flow::Way& way : step.ways)
      text += " to " + graph.steps[way.to].id + " by " + way.interaction.value_or("");
    for (const std::string& shared : step.shared) text += " shared " + shared;
  }
  return text;
}

bool changes_paths(const Change& change) {
  if (!change.before || !change.flow) return true;
  return paths_text_of(*change.before) != paths_text_of(*change.flow);
}

class Comparing {
 public:
  Comparing(const flow::FlowsById& before, const flow::FlowsById& after)
      : before_flows_(before), before_(flow::finder(before)), after_(flow::finder(after)) {}

  std::vector<GuaranteeChange> run(const std::set<std::string>& changed) {
    for (const auto& [id, flow] : before_flows_) {
      if (is_concerned(id, changed) && before_.has_session(id) && after_.has_session(id)) compare(id);
    }
    return std::move(found_);
  }

 private:
  /// Whether the flow, or one that it runs on either side, is among these.
  bool is_concerned(const std::string& id, const std::set<std::string>& changed) {
    for (flow::Sessions* side : {&before_, &after_}) {
      flow::StepGraphs& graphs = side->graphs();
      const std::optional<std::size_t> index = graphs.index_of(id);
      if (!index) return false;
      for (const std::size_t inside : graphs.within(*index)) {
        if (changed.contains(graphs.graph(inside).flow_id)) return true;
      }
    }
    // A flow that was added or removed is on one side only.
    return false;
  }

  void compare(const std::string& id) {
    const std::size_t was = *before_.assurance(id);
    const std::size_t now = *after_.assurance(id);
    if (was != now) {
      GuaranteeChange change{.flow_id = id, .kind = GuaranteeChange::Kind::assurance, .from = was, .to = now};
      if (now < was) set_path(change, after_.path_with_fewest_factors(id));
      found_.push_back(std::move(change));
    }
    const std::vector<std::string> old_keys = before_.guarantees(id);
    const std::vector<std::string> new_keys = after_.guarantees(id);
    std::vector<std::string> gained;
    std::vector<std::string> lost;
    std::set_difference(new_keys.begin(), new_keys.end(), old_keys.begin(), old_keys.end(), std::back_inserter(gained));
    std::set_difference(old_keys.begin(), old_keys.end(), new_keys.begin(), new_keys.end(), std::back_inserter(lost));
    for (std::string& key : gained) {
      found_.push_back({.flow_id = id, .kind = GuaranteeChange::Kind::gained, .key = std::move(key)});
    }
    for (std::string& key : lost) {
      GuaranteeChange change{.flow_id = id, .kind = GuaranteeChange::Kind::lost, .key = std::move(key)};
      set_path(change, after_.path_without(id, change.key));
      found_.push_back(std::move(change));
    }
  }

  static void set_path(GuaranteeChange& change, std::optional<flow::Path> path) {
    if (!path) return;
    change.is_truncated = path->size() > flow::kLongestWitness;
    if (change.is_truncated) path->resize(flow::kLongestWitness);
    change.path = std::move(*path);
  }

  const flow::FlowsById& before_flows_;
  flow::Sessions before_;
  flow::Sessions after_;
  std::vector<GuaranteeChange> found_;
};

std::string path_words(const GuaranteeChange& change) {
  std::string text;
  for (const flow::PathStep& step : change.path) {
    text += (text.empty() ? "" : " → ") + (step.name.empty() ? step.task_id : step.name + " (" + step.task_id + ")");
  }
  return text + (change.is_truncated ? " → …" : "");
}

/// "with 1 instead of 2 factors, without a one-time code by email, without action:risk".
std::string loss_words(const std::vector<const GuaranteeChange*>& members) {
  std::vector<std::string> parts;
  std::vector<std::string> others;
  for (const GuaranteeChange* change : members) {
    if (change->kind == GuaranteeChange::Kind::assurance) {
      parts.push_back("with " + std::to_string(*change->to) + " instead of " + pluralize(*change->from, "factor"));
    } else if (change->key.starts_with(kFactor)) {
      parts.push_back("without " + std::string(flow::factor_words(change->key.substr(kFactor.size()))));
    } else {
      others.push_back(change->key);
    }
  }
  for (std::string& other : others) parts.push_back("without " + std::move(other));
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
  return text;
}

/// Notes the reasons of the entries of `ignore` that list a loss.
void note_ignored(std::vector<GuaranteeChange>& changes, const check::Settings& settings) {
  for (GuaranteeChange& change : changes) {
    const std::string key = change.kind == GuaranteeChange::Kind::assurance ? "assurance" : change.key;
    for (const check::IgnoreEntry& entry : settings.ignore) {
      if (entry.rule != check::kGuaranteeRule || entry.flow_id != change.flow_id || entry.key != key) continue;
      if (change.is_loss()) change.ignored = entry.reason;
    }
  }
}

}  // namespace

std::vector<GuaranteeLoss> losses_of(const std::vector<GuaranteeChange>& changes) {
  std::vector<GuaranteeLoss> losses;
  // By flow and witness.
  std::map<std::pair<std::string, std::string>, std::vector<const GuaranteeChange*>> groups;
  for (const GuaranteeChange& change : changes) {
    if (change.is_loss() && change.ignored.empty()) {
      groups[{change.flow_id, path_words(change)}].push_back(&change);
    }
  }
  for (const auto& [group, members] : groups) {
    losses.push_back({group.first, "a session can now be reached " + loss_words(members) + ": " + group.second});
  }
  return losses;
}

void add_guarantee_findings(Plan& plan, const Config& config) {
  for (GuaranteeLoss& loss : losses_of(plan.guarantees)) {
    check::Finding finding;
    finding.rule = check::kGuaranteeRule;
    finding.severity = config.guarantees == GuaranteeChecks::error ? check::Severity::error : check::Severity::warning;
    finding.message = std::move(loss.sentence);
    finding.hint = "if it is meant, list it in `ignore` of flowship.json with `flowId`, `key` and `reason`";
    finding.flow_id = loss.flow_id;
    for (const Change& step : plan.changes) {
      if (step.flow_id == loss.flow_id && !step.paths.empty()) finding.path = step.paths.front();
    }
    plan.findings.push_back(std::move(finding));
  }
}

std::string_view to_text(GuaranteeChange::Kind kind) {
  switch (kind) {
    case GuaranteeChange::Kind::assurance:
      return "assurance";
    case GuaranteeChange::Kind::gained:
      return "gained";
    case GuaranteeChange::Kind::lost:
      return "lost";
  }
  return {};
}

bool GuaranteeChange::is_loss() const { return kind == Kind::lost || (kind == Kind::assurance && *to < *from); }

std::vector<GuaranteeChange> guarantee_changes(const std::vector<Change>& changes, const Config& config,
                                               const std::function<flow::Reading()>& read_all) {
  if (config.guarantees == GuaranteeChecks::off) return {};
  std::set<std::string> changed;
  for (const Change& change : changes) {
    if (changes_paths(change)) changed.insert(change.flow_id);
  }
  if (changed.empty()) return {};
  const flow::Reading read = read_all();
  flow::FlowsById before = flow::by_id(read.flows);
  for (const Change& change : changes) {
    if (change.before) before[change.flow_id] = &*change.before;
  }
  flow::FlowsById after = before;
  for (const Change& change : changes) {
    if (change.flow) after[change.flow_id] = &*change.flow;
    if (change.action == Action::remove) after.erase(change.flow_id);
  }
  std::vector<GuaranteeChange> found = Comparing(before, after).run(changed);
  note_ignored(found, config.check);
  return found;
}

}  // namespace flowship::deploy
