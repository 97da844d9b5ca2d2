#pragma once

#include "deploy/plan/diff.hpp"
#include "flow/describe/description.hpp"

#include <string>
#include <string_view>

// Sentences about a change, as formats show them.

namespace flowship::report {

/// How a format writes the parts of a sentence.
struct SentenceForm {
  struct Around {
    std::string_view before;
    std::string_view after;
  };
  /// Converts the program's own words, and those of others.
  std::string (*own)(std::string_view);
  std::string (*foreign)(std::string_view);
  Around name;
  Around value;
  Around text;
};

/// The sentence on one line. Words of others are made safe to show: secrets masked, then cut to `width`. If a text is
/// too long, the part that differs between its two sides stays visible.
std::string sentence(const flow::Statement& statement, int width, const SentenceForm& form);

/// The sentence as text: names in backticks, texts in quotes.
std::string sentence_text(const flow::Statement& statement, int width);

/// `+`, `~` or `-`.
std::string_view sign_of(flow::ChangeKind kind);

/// `4 differences`, or for a flow without a description `new` or `gone`.
std::string description_summary(const deploy::Change& change, const flow::Description& description);

}  // namespace flowship::report
