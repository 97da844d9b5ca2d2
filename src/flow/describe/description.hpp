#pragma once

#include "flow/model/flow.hpp"

#include <string>
#include <string_view>
#include <vector>

// How a flow has changed, in its own terms: tasks, rules, screens and their texts.

namespace flowship::flow {

/// What a statement is about, in the order of a description.
enum class Topic { tasks, rules, screens, metadata, references, others };

/// `tasks`, `rules`, …
std::string_view to_text(Topic topic);

/// `moved` is a position or an order only.
enum class ChangeKind { added, removed, changed, moved };

/// `added`, `removed`, `changed`, `moved`.
std::string_view to_text(ChangeKind kind);

/// A piece of a sentence. Everything but `words` was written by the flow's author: whoever shows it masks secrets,
/// escapes and truncates it.
struct Fragment {
  enum class Role {
    words,  ///< the sentence's own, spaces included
    name,   ///< of a task, a screen, a member; also a pointer
    id,     ///< or another short word that is shown without quotes
    text,   ///< what users of the flow read, or another string
    value,  ///< JSON
  };
  /// Fragments of one sentence that show the same place before and after, so that truncation can keep the difference.
  enum class Side { neither, before, after };

  Role role = Role::words;
  std::string text = {};
  Side side = Side::neither;
};

using Fragments = std::vector<Fragment>;

struct Statement {
  Topic topic = Topic::others;
  ChangeKind kind = ChangeKind::changed;
  /// The id of the task or screen that it is about, or the name of the member; may be empty.
  std::string subject;
  /// The sentence, without a full stop.
  Fragments fragments;
  /// Where, as a JSON Pointer: into the new flow, or into the old one for what only that has.
  std::string pointer;
};

/// In the order of the topics; empty if and only if the flows are `same`.
using Description = std::vector<Statement>;

/// Covers every difference by value: what no phrase covers is shown by pointer, before and after.
Description describe(const Flow& before, const Flow& after);

}  // namespace flowship::flow
