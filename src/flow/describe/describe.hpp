#pragma once

#include "flow/compare/edits.hpp"
#include "flow/describe/description.hpp"
#include "flow/graph/graph.hpp"

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

// Putting a change into words: what the phrases of all topics share.

namespace flowship::flow {

Part words(std::string_view text);
Part name(std::string_view text);
Part id(std::string_view text);
/// What users read.
Part text(std::string_view text);

/// A value as a part: a string's text, else JSON on one line. Absent: the word "nothing".
Part shown(json::Value value, Part::Side side = Part::Side::neither);

/// What became of a value, behind the words that name it: ` is now "b" (was "a")`, ` was set to "b"`,
/// ` was removed (it was "a")`.
Parts became(const Edit& edit);

/// Added, removed or changed, by which sides an edit has.
Happening happening_of(const Edit& edit);

inline void append(Parts& parts, std::string_view text) { parts.push_back(words(text)); }
inline void append(Parts& parts, const Part& part) { parts.push_back(part); }
inline void append(Parts& parts, const Parts& more) { parts.insert(parts.end(), more.begin(), more.end()); }

/// A sentence of words, parts and phrases.
template <typename... Pieces>
Parts sentence(const Pieces&... pieces) {
  Parts parts;
  (append(parts, pieces), ...);
  return parts;
}

/// ` on "Continue"`; empty where there is nothing to say.
Parts on(const std::string& interaction);

/// The decoded text of a string; empty for anything else and where it is absent.
std::string text_of(json::Value value);

/// One flow of the two: what its ids stand for.
class Names {
 public:
  explicit Names(const Flow& flow);

  /// A task's name as written, which may be empty; nothing where there is no such task.
  const std::string* task(const std::string& id) const;
  /// Whether other tasks have the same name.
  bool is_ambiguous(const std::string& task_name) const;
  /// What kind of task it is and what it does; empty where that can't be told.
  std::string kind(const std::string& task) const;
  /// A screen's name: that of its file, or as the service would name it; nothing where there is no such screen.
  const std::string* screen(const std::string& id) const;
  /// The name that `references.connectors` gives to an id; nothing where it gives none.
  const std::string* connector(const std::string& id) const;
  /// How people know an interaction of a task; empty where there is nothing to say.
  std::string interaction(const std::string& task, const std::string& id) const;
  /// The value of a task, absent where there is no such task.
  json::Value task_value(const std::string& id) const;
  /// The nodes of a screen, absent where there are none.
  json::Value nodes(const std::string& screen) const;

 private:
  const Flow& flow_;
  Graph graph_;
  std::unordered_map<std::string, json::Value> task_values_;
  std::unordered_map<std::string, std::string> tasks_;
  std::unordered_map<std::string, int> uses_;
  std::unordered_map<std::string, std::string> screens_;
  std::unordered_map<std::string, std::string> connectors_;
};

/// What phrases are told with: both flows, everything that differs, and the statements made so far.
class Telling {
 public:
  Telling(const Flow& before, const Flow& after);

  const std::vector<Edit>& edits() const { return edits_; }
  const Names& before() const { return before_; }
  const Names& after() const { return after_; }

  /// The name of a task as it is called now, else as it was, with its id where others have the same; the id where it
  /// has none.
  Parts task(const std::string& id) const;
  /// The same, always with the id.
  Parts task_and_id(const std::string& id) const;
  /// The name of a screen, now or else before; the id where it has none.
  Part screen(const std::string& id) const;

  void say(Statement statement) { statements_.push_back(std::move(statement)); }
  /// True the first time: for sentences that tell of several edits.
  bool is_first(const std::string& what) { return said_.insert(what).second; }
  /// Whether one of the edits is at that place itself.
  bool has(const json::Pointer& path) const { return places_.contains(path); }
  /// A task that has another place on the canvas.
  void moved(const std::string& task) { moved_.insert(task); }

  Description description();

 private:
  std::vector<Edit> edits_;
  Names before_;
  Names after_;
  std::set<json::Pointer> places_;
  std::set<std::string> said_;
  std::set<std::string> moved_;
  Description statements_;
};

/// A form of sentence: the edits that it is for, and the function that tells one of them, or says false where it is
/// not for this one after all.
struct Phrase {
  std::string_view pattern;
  bool (*tell)(const Edit& edit, Telling& describe);
};

// The phrases, each in the file of its topic.

bool tell_start(const Edit& edit, Telling& describe);
bool tell_task(const Edit& edit, Telling& describe);
bool tell_task_name(const Edit& edit, Telling& describe);
bool tell_task_screen(const Edit& edit, Telling& describe);
bool tell_action(const Edit& edit, Telling& describe);
bool tell_connector(const Edit& edit, Telling& describe);
bool tell_subflow(const Edit& edit, Telling& describe);
bool tell_argument(const Edit& edit, Telling& describe);
bool tell_task_member(const Edit& edit, Telling& describe);
bool tell_place(const Edit& edit, Telling& describe);

bool tell_way(const Edit& edit, Telling& describe);
bool tell_target(const Edit& edit, Telling& describe);
bool tell_condition(const Edit& edit, Telling& describe);
bool tell_condition_name(const Edit& edit, Telling& describe);
bool tell_condition_inside(const Edit& edit, Telling& describe);
bool tell_order_of_ways(const Edit& edit, Telling& describe);

bool tell_screen(const Edit& edit, Telling& describe);
bool tell_node(const Edit& edit, Telling& describe);
bool tell_node_prop(const Edit& edit, Telling& describe);
bool tell_node_member(const Edit& edit, Telling& describe);
bool tell_children(const Edit& edit, Telling& describe);
bool tell_interaction(const Edit& edit, Telling& describe);
bool tell_interaction_member(const Edit& edit, Telling& describe);

bool tell_metadata(const Edit& edit, Telling& describe);
bool tell_disabled(const Edit& edit, Telling& describe);
bool tell_shared_interaction(const Edit& edit, Telling& describe);
bool tell_reference_connector(const Edit& edit, Telling& describe);
bool tell_reference(const Edit& edit, Telling& describe);

}  // namespace flowship::flow
