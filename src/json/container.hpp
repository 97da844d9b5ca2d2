#pragma once

#include "json/document.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

/// One place in an object or array that is written anew: what is to stand there (a member with its key), and which of
/// the old members or elements it comes from, if any.
struct Slot {
  std::optional<std::size_t> old;
  std::string text;
};

/// The source text of an object or array, taken apart into its members or elements and what stands between them.
class Container {
 public:
  explicit Container(Value value);

  std::size_t size() const { return items_.size(); }
  /// The member or element as it stands, with its key.
  std::string_view text(std::size_t item) const;
  /// The key of a member with what follows it, up to its value.
  std::string_view key(std::size_t item) const;
  Value value(std::size_t item) const { return items_[item].value; }
  /// What stands between a key and its value, by the last member; empty for arrays and empty objects.
  std::string_view colon() const;
  /// Whether everything stands on the line on which it begins; of no meaning for an empty one.
  bool on_one_line() const { return opening().find('\n') == std::string_view::npos; }
  /// What stands between the bracket and the first member or element; with its line breaks and indentation.
  std::string_view opening() const;

  /// The whole with these slots in it: what lies between old ones that were neighbours before stays as it was, and
  /// what is new is set off in the manner of the others; `comma` is what sets off elements on one line, where there
  /// are too few to show it.
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
