#pragma once

#include "flow/compare/edits.hpp"
#include "flow/describe/description.hpp"
#include "flow/describe/secret_members.hpp"
#include "flow/graph/graph.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

// Putting a change into words: what the sentences of all topics share.

namespace flowship::flow {

Fragment words(std::string_view text);
Fragment name(std::string_view text);
Fragment id(std::string_view text);
/// What users read.
Fragment text(std::string_view text);

/// A value as a fragment: a string's text, else JSON on one line. Absent: the word "nothing".
Fragment shown(json::Value value, Fragment::Side side = Fragment::Side::neither);

/// What happened to a value, after the words that name it: ` is now "b" (was "a")`, ` was set to "b"`,
/// ` was removed (it was "a")`.
Fragments became(const Edit& edit);

/// Moved for an order; else added, removed or changed, by which sides the edit has.
ChangeKind change_kind(const Edit& edit);

/// `path` from its token `from` on, as people write it: `view/x`.
std::string path_text(const json::Pointer& path, std::size_t from);

inline void append(Fragments& fragments, std::string_view text) { fragments.push_back(words(text)); }
inline void append(Fragments& fragments, const Fragment& fragment) { fragments.push_back(fragment); }
inline void append(Fragments& fragments, const Fragments& more) {
  fragments.insert(fragments.end(), more.begin(), more.end());
}

/// A sentence of words, fragments and phrases.
template <typename... Pieces>
Fragments sentence(const Pieces&... pieces) {
  Fragments fragments;
  (append(fragments, pieces), ...);
  return fragments;
}

/// The names of what ids refer to, in one of the two flows.
class Names {
 public:
  explicit Names(const Flow& flow);

  /// A task's name as written, which may be empty; null if there is no such task.
  const std::string* task(const std::string& id) const;
  /// Whether other tasks have the same name.
  bool is_ambiguous(const std::string& task_name) const;
  /// What kind of task it is and what it does; empty if unknown.
  std::string kind(const std::string& task) const;
  /// A screen's name: its file's, or the one the service would give it; null if there is no such screen.
  const std::string* screen(const std::string& id) const;
  /// The name that `references.connectors` gives to an id; null if it has none.
  const std::string* connector(const std::string& id) const;
  /// The label of a task's interaction; empty if there is nothing to say.
  std::string interaction(const std::string& task, const std::string& id) const;
  /// The value of a task, absent if there is no such task.
  json::Value task_value(const std::string& id) const;
  /// The condition of a task with that interaction, absent if there is none.
  json::Value condition(const std::string& task, const std::string& interaction) const;
  /// The nodes of a screen, absent if there are none.
  json::Value nodes(const std::string& screen) const;

 private:
  Graph graph_;
  std::unordered_map<std::string, std::size_t> task_indexes_;
  /// Labels by the task's index and the interaction.
  std::map<std::pair<std::size_t, std::string>, std::string> labels_;
  std::unordered_map<std::string, json::Value> task_values_;
  /// By task and interaction.
  std::map<std::pair<std::string, std::string>, json::Value> conditions_;
  std::unordered_map<std::string, std::string> task_names_;
  std::unordered_map<std::string, int> uses_;
  std::unordered_map<std::string, std::string> screen_names_;
  std::unordered_map<std::string, json::Value> nodes_;
  std::unordered_map<std::string, std::string> connectors_;
};

/// What sentences are made from: both flows and everything that differs.
class DescriptionContext {
 public:
  DescriptionContext(const Flow& before, const Flow& after);

  /// Everything that differs, with the values of secret members masked.
  const std::vector<Edit>& edits() const { return edits_; }
  const Names& before() const { return before_; }
  const Names& after() const { return after_; }

  /// The task's current name, else its old one, followed by the id if other tasks share it; the id if it has no name.
  Fragments task(const std::string& id) const;
  /// The same, always with the id.
  Fragments task_and_id(const std::string& id) const;
  /// The name of a screen, now or else before; the id if it has none.
  Fragment screen(const std::string& id) const;

  /// For sentences that cover several edits: whether the sentence about that was written.
  bool is_described(const std::string& what) const { return described_.contains(what); }
  void set_described(std::string what) { described_.insert(std::move(what)); }
  /// Whether one of the edits is at exactly that path.
  bool has(const json::Pointer& path) const { return paths_.contains(path); }
  /// Tasks with another position on the canvas.
  std::set<std::string> moved_tasks;

 private:
  /// Shows a masked copy of the value in its place.
  void mask(json::Value& value, const json::Pointer& path);

  std::vector<Edit> edits_;
  SecretMembers secrets_;
  std::vector<json::DocumentPtr> masked_;
  Names before_;
  Names after_;
  std::set<json::Pointer> paths_;
  std::set<std::string> described_;
};

/// The sentence for an edit: nothing if this phrase does not apply to it after all, empty if another sentence covers
/// it.
using Sentence = std::optional<Fragments>;
using Describe = Sentence (*)(const Edit& edit, DescriptionContext& context);

// The phrases, each in the file of its topic.

Sentence describe_start(const Edit& edit, DescriptionContext& context);
Sentence describe_task(const Edit& edit, DescriptionContext& context);
Sentence describe_task_name(const Edit& edit, DescriptionContext& context);
Sentence describe_task_screen(const Edit& edit, DescriptionContext& context);
Sentence describe_action(const Edit& edit, DescriptionContext& context);
Sentence describe_connector(const Edit& edit, DescriptionContext& context);
Sentence describe_subflow(const Edit& edit, DescriptionContext& context);
Sentence describe_argument(const Edit& edit, DescriptionContext& context);
Sentence describe_task_member(const Edit& edit, DescriptionContext& context);
Sentence describe_position(const Edit& edit, DescriptionContext& context);

Sentence describe_rule(const Edit& edit, DescriptionContext& context);
Sentence describe_rule_target(const Edit& edit, DescriptionContext& context);
Sentence describe_condition(const Edit& edit, DescriptionContext& context);
Sentence describe_condition_name(const Edit& edit, DescriptionContext& context);
Sentence describe_condition_member(const Edit& edit, DescriptionContext& context);
Sentence describe_rule_order(const Edit& edit, DescriptionContext& context);

Sentence describe_screen(const Edit& edit, DescriptionContext& context);
Sentence describe_node(const Edit& edit, DescriptionContext& context);
Sentence describe_node_prop(const Edit& edit, DescriptionContext& context);
Sentence describe_node_parent(const Edit& edit, DescriptionContext& context);
Sentence describe_node_member(const Edit& edit, DescriptionContext& context);
Sentence describe_children(const Edit& edit, DescriptionContext& context);
Sentence describe_interaction(const Edit& edit, DescriptionContext& context);
Sentence describe_interaction_member(const Edit& edit, DescriptionContext& context);

Sentence describe_metadata(const Edit& edit, DescriptionContext& context);
Sentence describe_disabled(const Edit& edit, DescriptionContext& context);
Sentence describe_shared_interaction(const Edit& edit, DescriptionContext& context);
Sentence describe_connector_reference(const Edit& edit, DescriptionContext& context);
Sentence describe_role_reference(const Edit& edit, DescriptionContext& context);
Sentence describe_reference(const Edit& edit, DescriptionContext& context);

}  // namespace flowship::flow
