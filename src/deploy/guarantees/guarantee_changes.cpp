#include "deploy/guarantees/guarantee_changes.hpp"

#include "base/text/pluralize.hpp"
#include "check/guarantees/policies.hpp"
#include "check/rules/secrets.hpp"
#include "flow/graph/sessions.hpp"
#include "flow/graph/task_keys.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace flowship::deploy {

namespace {

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
  const bool is_changed = paths_text_of(*change.before) != paths_text_of(*change.flow);
  flow::rest(*change.before);
  flow::rest(*change.flow);
  return is_changed;
}

class Comparing {
 public:
  Comparing(const flow::FlowsById& before, const flow::FlowsById& after)
      : before_flows_(before), after_flows_(after), before_(flow::finder(before)), after_(flow::finder(after)) {}

  GuaranteeComparison run(const std::set<std::string>& changed) {
    for (const auto& [id, flow] : before_flows_) {
      if (!is_concerned(id, changed)) continue;
      try {
        if (before_.has_session(id) && after_.has_session(id)) compare(id);
      } catch (const flow::TooManyCircles&) {
        found_.not_compared.emplace(id, flow->source.path);
      }
    }
    // Key by key, so that flows that several others run are searched once for each.
    for (const auto& [key, changes] : open_) {
      for (const std::size_t change : changes) add_witness(key, found_.changes[change]);
    }
    std::erase_if(found_.changes,
                  [this](const GuaranteeChange& change) { return found_.not_compared.contains(change.flow_id); });
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
    std::vector<GuaranteeChange> changes;
    const std::size_t was = *before_.assurance(id);
    flow::Sessions::FewestFactors fewest = *after_.path_with_fewest_factors(id);
    const std::size_t now = fewest.factors;
    if (was != now) {
      GuaranteeChange change{.flow_id = id, .kind = GuaranteeChange::Kind::assurance, .from = was, .to = now};
      if (now < was) change.witness = shown(id, std::move(fewest.witness));
      changes.push_back(std::move(change));
    }
    const std::vector<std::string> old_keys = before_.guarantees(id);
    const std::vector<std::string> new_keys = after_.guarantees(id);
    std::vector<std::string> gained;
    std::vector<std::string> lost;
    std::set_difference(new_keys.begin(), new_keys.end(), old_keys.begin(), old_keys.end(), std::back_inserter(gained));
    std::set_difference(old_keys.begin(), old_keys.end(), new_keys.begin(), new_keys.end(), std::back_inserter(lost));
    for (std::string& key : gained) {
      changes.push_back({.flow_id = id, .kind = GuaranteeChange::Kind::gained, .key = std::move(key)});
    }
    std::move(changes.begin(), changes.end(), std::back_inserter(found_.changes));
    if (!lost.empty()) add_lost(id, std::move(lost));
  }

  void add_lost(const std::string& id, std::vector<std::string> lost) {
    const std::vector<std::string> passed = after_.keys_on_shortest_path(id);
    // Shows all that it does not pass.
    std::shared_ptr<const GuaranteeWitness> shortest;
    for (std::string& key : lost) {
      GuaranteeChange change{.flow_id = id, .kind = GuaranteeChange::Kind::lost, .key = std::move(key)};
      if (change.key.starts_with(flow::kFactorKey)) change.task = task_with(id, change.key);
      if (std::binary_search(passed.begin(), passed.end(), change.key)) {
        open_[change.key].push_back(found_.changes.size());
      } else {
        if (!shortest) shortest = shown(id, after_.shortest_path(id));
        change.witness = shortest;
      }
      found_.changes.push_back(std::move(change));
    }
  }

  void add_witness(const std::string& key, GuaranteeChange& lost) {
    if (found_.not_compared.contains(lost.flow_id)) return;
    try {
      lost.witness = shown(lost.flow_id, after_.path_without(lost.flow_id, key));
    } catch (const flow::TooManyCircles&) {
      // What was lost may be found with fewer searches than the path that shows it.
      found_.not_compared.emplace(lost.flow_id, before_flows_.at(lost.flow_id)->source.path);
    }
  }

  /// A task of the old flow, or of one that it runs, that has the key.
  std::string task_with(const std::string& id, const std::string& key) {
    flow::StepGraphs& graphs = before_.graphs();
    const std::optional<std::size_t> number = graphs.number_of(key);
    for (const std::size_t inside : graphs.within(*graphs.index_of(id))) {
      for (const flow::Step& step : graphs.graph(inside).steps) {
        const bool has_it = number && std::find(step.keys.begin(), step.keys.end(), *number) != step.keys.end();
        if (has_it) return step.name.empty() ? step.id : step.name;
      }
    }
    return {};
  }

  std::shared_ptr<const GuaranteeWitness> shown(const std::string& id, std::optional<flow::Witness> witness) const {
    GuaranteeWitness shown;
    if (!witness) return std::make_shared<const GuaranteeWitness>();
    shown.is_truncated = witness->is_truncated;
    shown.path = check::with_names_masked(std::move(witness->path));
    const flow::Flow& flow = *after_flows_.at(id);
    shown.source = flow.source.path;
    const json::Value place = flow::place_of(flow, witness->last_rule);
    // What the environment sets is not written there.
    if (place && flow::lies_in(place.document().name(), flow.source.path)) {
      shown.source = place.document().name();
      shown.line = place.position().line;
      shown.column = place.position().column;
    }
    return std::make_shared<const GuaranteeWitness>(std::move(shown));
  }

  const flow::FlowsById& before_flows_;
  const flow::FlowsById& after_flows_;
  flow::Sessions before_;
  flow::Sessions after_;
  GuaranteeComparison found_;
  /// By lost key, the indexes of the changes whose witness is not known yet.
  std::map<std::string, std::vector<std::size_t>> open_;
};

bool is_of_factors(const GuaranteeChange& change) {
  return change.kind == GuaranteeChange::Kind::assurance || change.key.starts_with(flow::kFactorKey);
}

/// ``with 1 instead of 2 factors``, ``without verifying a one-time code by email (`Verify OTP`)``.
std::string factor_loss_words(const GuaranteeChange& change) {
  if (change.kind == GuaranteeChange::Kind::assurance) {
    return "with " + std::to_string(*change.to) + " instead of " + pluralize(*change.from, "factor");
  }
  return "without " + std::string(flow::factor_words(change.key.substr(flow::kFactorKey.size()))) +
         (change.task.empty() ? "" : " (`" + flow::message_text(change.task) + "`)");
}

/// `a session now takes 1 factor instead of 0`.
std::string gained_factor_words(const GuaranteeChange& change, const std::string& so_far) {
  if (change.kind == GuaranteeChange::Kind::assurance) {
    return "a session now takes " + pluralize(*change.to, "factor") + " instead of " + std::to_string(*change.from);
  }
  const std::string subject = so_far.empty() ? "a session" : ", and";
  const std::string words(flow::factor_words(change.key.substr(flow::kFactorKey.size())));
  return (so_far.find(" no longer ") == std::string::npos ? subject + " can no longer be reached without "
                                                          : std::string(" or without ")) +
         words;
}

std::string list_of(const std::vector<std::string>& keys) {
  std::string list;
  for (const std::string& key : keys) list += (list.empty() ? "" : ", ") + key;
  return list;
}

template <typename Group, typename Change>
std::vector<Change> factors_first(std::map<Group, Change> groups) {
  std::vector<Change> changes;
  for (auto& [group, change] : groups) changes.push_back(std::move(change));
  std::stable_partition(changes.begin(), changes.end(), [](const Change& change) { return !change.factors.empty(); });
  return changes;
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

check::Finding finding_about(const std::string& flow_id, const std::string& message, check::Severity severity) {
  check::Finding finding;
  finding.rule = check::kGuaranteeRule;
  finding.severity = severity;
  finding.message = check::with_secrets_masked(message);
  finding.flow_id = flow_id;
  return finding;
}

}  // namespace

std::string GuaranteeLoss::sentence() const {
  const std::string list = list_of(others);
  if (factors.empty()) return "a session can now be reached without " + list + ": " + path;
  return "a session can now be reached " + factors + ": " + path + (list.empty() ? "" : " (also without " + list + ")");
}

std::string GuaranteeGain::sentence() const {
  const std::string list = list_of(others);
  if (factors.empty()) return "a session can no longer be reached without " + list;
  return factors + (list.empty() ? "" : " (nor without " + list + ")");
}

std::vector<GuaranteeGain> gains_of(const std::vector<GuaranteeChange>& changes) {
  std::map<std::string, GuaranteeGain> by_flow;
  for (const GuaranteeChange& change : changes) {
    if (change.is_loss()) continue;
    GuaranteeGain& gain = by_flow[change.flow_id];
    gain.flow_id = change.flow_id;
    if (is_of_factors(change)) {
      gain.factors += gained_factor_words(change, gain.factors);
    } else {
      gain.others.push_back(change.key);
    }
  }
  return factors_first(std::move(by_flow));
}

std::vector<GuaranteeLoss> losses_of(const std::vector<GuaranteeChange>& changes) {
  // By flow and witness.
  std::map<std::pair<std::string, std::string>, GuaranteeLoss> groups;
  std::map<const GuaranteeWitness*, GuaranteeLoss*> known;
  for (const GuaranteeChange& change : changes) {
    if (!change.is_loss() || !change.ignored.empty()) continue;
    GuaranteeLoss*& group = known[change.witness.get()];
    if (group == nullptr) {
      const GuaranteeWitness& witness = *change.witness;
      const std::string path = flow::path_words(witness.path, witness.is_truncated);
      group = &groups[{change.flow_id, path}];
      group->flow_id = change.flow_id;
      group->path = path;
      group->source = witness.source;
      group->line = witness.line;
      group->column = witness.column;
    }
    GuaranteeLoss& loss = *group;
    if (is_of_factors(change)) {
      loss.factors += (loss.factors.empty() ? "" : ", ") + factor_loss_words(change);
    } else {
      loss.others.push_back(change.key);
    }
  }
  return factors_first(std::move(groups));
}

check::Finding loss_finding(const GuaranteeLoss& loss, check::Severity severity) {
  check::Finding finding = finding_about(loss.flow_id, "`" + loss.flow_id + "`: " + loss.sentence(), severity);
  finding.hint = "if it is meant, list it in `ignore` of flowship.json with `flowId`, `key` and `reason`";
  finding.path = loss.source;
  finding.line = loss.line;
  finding.column = loss.column;
  return finding;
}

std::vector<check::Finding> guarantee_findings(const GuaranteeComparison& compared, const Config& config) {
  const check::Severity severity =
      config.guarantees == GuaranteeChecks::error ? check::Severity::error : check::Severity::warning;
  std::vector<check::Finding> findings;
  for (const GuaranteeLoss& loss : losses_of(compared.changes)) findings.push_back(loss_finding(loss, severity));
  for (const auto& [flow_id, source] : compared.not_compared) {
    check::Finding finding = finding_about(
        flow_id, "the guarantees of `" + flow_id + "` are not compared: " + flow::TooManyCircles().message(), severity);
    finding.path = source;
    findings.push_back(std::move(finding));
  }
  return findings;
}

void note_open_paths(const std::vector<GuaranteeChange>& guarantees, std::vector<Change>& changes) {
  std::map<std::string_view, Change*> by_flow;
  for (Change& change : changes) by_flow.emplace(change.flow_id, &change);
  for (const GuaranteeChange& guarantee : guarantees) {
    if (!guarantee.is_loss() || !guarantee.ignored.empty() || !is_of_factors(guarantee)) continue;
    const auto change = by_flow.find(guarantee.flow_id);
    if (change == by_flow.end()) continue;
    const bool is_factor = guarantee.kind == GuaranteeChange::Kind::lost;
    change->second->open_paths.push_back(
        {guarantee.witness->path, is_factor ? guarantee.key.substr(flow::kFactorKey.size()) : ""});
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

void GuaranteeComparison::forget(const std::string& flow_id) {
  std::erase_if(changes, [&](const GuaranteeChange& change) { return change.flow_id == flow_id; });
  not_compared.erase(flow_id);
}

GuaranteeComparison guarantee_changes(const std::vector<Change>& changes, const Config& config,
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
  GuaranteeComparison found = Comparing(before, after).run(changed);
  note_ignored(found.changes, config.check);
  return found;
}

}  // namespace flowship::deploy
