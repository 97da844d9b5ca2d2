#pragma once

#include "deploy/plan/diff.hpp"
#include "flow/describe/description.hpp"

#include <string>
#include <string_view>

// Sentences about a change, as a format shows them.

namespace flowship::report {

/// How a format writes a sentence's fragments.
struct SentenceForm {
  struct Around {
    std::string_view before;
    std::string_view after;
  };
  /// What becomes of the program's own words, and of those of others.
  std::string (*own)(std::string_view);
  std::string (*foreign)(std::string_view);
  Around name;
  Around value;
  Around text;
};

/// The sentence in one line. Words of others are made safe to show: secrets masked, then cut to `cells`. Where a text
/// is too long, what differs between its two sides stays in sight.
std::string sentence(const flow::Statement& statement, int cells, const SentenceForm& form);

/// The sentence as text: names in backticks, texts in quotes.
std::string sentence_text(const flow::Statement& statement, int cells);

/// `+`, `~` or `-`.
std::string_view sign_of(flow::ChangeKind kind);

/// `4 changes`, or what there is to say of a flow that has no description: `new`, `gone`.
std::string description_summary(const deploy::Change& change, const flow::Description& description);

}  // namespace flowship::report
