#pragma once

#include "json/document.hpp"

#include <string>
#include <string_view>

namespace flowship::json {

/// The order in which an object's members are written.
enum class MemberOrder { as_found, by_name };

/// How a text is laid out.
struct Style {
  /// Line break; empty: everything on one line.
  std::string newline = "\n";
  /// Indentation of each level.
  std::string indent = "  ";
  /// Between a key and its value.
  std::string colon = ": ";
  MemberOrder order = MemberOrder::as_found;

  /// Between members and elements on one line.
  std::string_view comma() const { return colon.size() > 1 ? ", " : ","; }
  /// The same, on one line.
  Style on_one_line() const;
};

/// The style of a document, judged by its outermost object or array; the default if that is empty.
Style style_of(const Document& document);

/// The indentation of the line on which a value begins.
std::string_view indentation_of(Value value);

/// `value` in that style, with `indentation` before each further line. Numbers and strings keep their source text.
std::string styled(Value value, const Style& style, std::string_view indentation = {});

}  // namespace flowship::json
