#pragma once

#include "json/document.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

/// One member (with its key) or element of a rewritten object or array, and the old one it comes from, if any.
struct Slot {
  std::optional<std::size_t> old;
  std::string text;
};

/// The source text of an object or array, split into members or elements and the text between them.
class Container {
 public:
  explicit Container(Value value);

  std::size_t size() const { return items_.size(); }
  /// The source text of a member with its key, or of an element.
  std::string_view text(std::size_t item) const;
  /// The source text of a member up to its value.
  std::string_view key(std::size_t item) const;
  Value value(std::size_t item) const { return items_[item].value; }
  /// The text between key and value of the last member; empty for arrays and empty objects.
  std::string_view colon() const;
  /// Whether the first member or element is on the line of the opening bracket. Meaningless if empty.
  bool on_one_line() const { return opening().find('\n') == std::string_view::npos; }
  /// The white space between the bracket and the first member or element.
  std::string_view opening() const;

  /// The source text with these slots. Separators between old neighbours are kept, new ones imitate them; `comma`
  /// separates elements on one line if there are too few to imitate.
  std::string with(const std::vector<Slot>& slots, std::string_view comma = ",") const;

 private:
  struct Item {
    std::size_t begin;
    std::size_t end;
    Value value;
  };
  std::string separator(std::string_view comma) const;

  std::string_view source_;
  std::vector<Item> items_;
};

}  // namespace flowship::json
