#pragma once

#include "flow/model/flow.hpp"

#include <string>
#include <string_view>
#include <vector>

// How a flow has changed, in its own terms: tasks, ways between them, screens and their texts.

namespace flowship::flow {

/// What a statement is about, in the order in which they are told.
enum class Topic { tasks, rules, screens, metadata, references, others };

/// `tasks`, `rules`, …
std::string_view to_text(Topic topic);

/// What became of it. `moved` is a place or an order alone.
enum class Happening { added, removed, changed, moved };

/// `added`, `removed`, `changed`, `moved`.
std::string_view to_text(Happening happening);

/// A piece of a sentence. All but `words` was written by the flow's author: whoever shows it masks secrets, escapes
/// and cuts it.
struct Part {
  enum class Role {
    words,  ///< the sentence's own, spaces included
    name,   ///< of a task, a screen, a member; also a pointer
    id,     ///< or another short word that is shown without marks around it
    text,   ///< what users of the flow read, or another string
    value,  ///< JSON
  };
  /// Parts of one sentence that show the same place before and after, so that a cut can leave in what differs.
  enum class Side { neither, before, after };

  Role role = Role::words;
  std::string text;
  Side side = Side::neither;
};

using Parts = std::vector<Part>;

struct Statement {
  Topic topic = Topic::others;
  Happening happening = Happening::changed;
  /// The id of the task or screen that it is about, or the name of the member; may be empty.
  std::string subject;
  /// The sentence, without a full stop.
  Parts parts;
  /// Where, as a JSON Pointer: into the flow as it is now, or into the old one for what it has alone.
  std::string pointer;
};

/// In the order of the topics; empty for flows that are `same`, and never for others.
using Description = std::vector<Statement>;

/// Everything that differs by value is in a statement: what no phrase covers is told by pointer, before and after.
Description describe(const Flow& before, const Flow& after);

}  // namespace flowship::flow
