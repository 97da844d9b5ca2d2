#pragma once

#include "deploy/diff.hpp"
#include "flow/description.hpp"

#include <string>
#include <string_view>

// Sentences about a change, as a format shows them.

namespace flowship::report {

/// The parts made safe to show in one line: secrets masked, then everything cut to `cells`. Where a text is too long,
/// what differs between its two sides stays in sight.
flow::Parts shown_parts(const flow::Parts& parts, int cells);

/// The sentence as text: names in backticks, texts in quotes.
std::string sentence_text(const flow::Statement& statement, int cells);

/// `+`, `~` or `-`.
std::string_view sign_of(flow::Happening happening);

/// `4 changes`, or what there is to say of a flow that has no description: `new`, `gone`.
std::string description_summary(const deploy::Change& change, const flow::Description& description);

}  // namespace flowship::report
