#pragma once

#include "json/document.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::json {

/// Fills a document's nodes from its text in one pass, without recursion.
class Reader {
 public:
  explicit Reader(Document& document) : document_(document), text_(document.text_) {}

  /// False with a `fault`; the document is then unusable.
  bool read();
  const std::optional<SyntaxFault>& fault() const { return fault_; }

 private:
  /// What may come next inside the innermost object or array.
  enum class Expect { value, first_key, key, first_item, comma_or_end };

  bool step();
  /// `expected` names in a fault what belongs here.
  bool value(std::string_view expected);
  bool open(Type type);
  bool close(char bracket);
  bool key(bool first);
  bool after_value();
  bool string();
  bool escape();
  int code_unit();
  bool not_plain();
  bool number();
  bool literal(std::string_view word, Type type, std::string_view expected);
  bool unique_keys(std::uint32_t object);
  bool unique_among_many(std::uint32_t object);
  bool refuse_key(std::uint32_t key, std::size_t first);
  bool fail(std::size_t at, std::string message);
  bool unexpected(std::string_view expected);
  std::string_view found_here() const;
  std::string where_open() const;
  std::string_view raw(std::uint32_t node) const;
  void skip_space();
  /// Adds the value from `begin` to here.
  void add(Type type, std::size_t begin);
  bool at_end() const { return at_ == text_.size(); }
  /// NUL at the end: `text_` views a `std::string`.
  char peek() const { return text_.data()[at_]; }

  struct Frame {
    std::uint32_t node;
    bool is_object;
  };

  Document& document_;
  std::string_view text_;
  std::size_t at_ = 0;
  bool escaped_ = false;
  Expect expect_ = Expect::value;
  std::vector<Frame> open_;
  std::optional<SyntaxFault> fault_;
};

}  // namespace flowship::json
