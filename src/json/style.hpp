#pragma once

#include "json/document.hpp"

#include <string>
#include <string_view>

namespace flowship::json {

/// The order in which an object's members are written.
enum class MemberOrder { as_found, by_name };

/// How a text is laid out.
struct Style {
  /// What ends a line; empty: everything stands on one line.
  std::string newline = "\n";
  /// What each level is indented by.
  std::string indent = "  ";
  /// What stands between a key and its value.
  std::string colon = ": ";
  MemberOrder order = MemberOrder::as_found;

  /// What stands between members and elements on one line.
  std::string_view comma() const { return colon.size() > 1 ? ", " : ","; }
  /// The same, on one line.
  Style on_one_line() const;
};

/// How a document is laid out, by its outermost object or array; the default where that shows nothing.
Style style_of(const Document& document);

/// What the line on which a value begins is indented by.
std::string_view indentation_of(Value value);

/// `value` in that style, its own lines indented by `indentation` and more. Numbers and strings keep their source text.
std::string styled(Value value, const Style& style, std::string_view indentation = {});

}  // namespace flowship::json
