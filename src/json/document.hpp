#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace flowship::json {

enum class Type : std::uint8_t { null, boolean, number, string, array, object };

/// A place in a text, from 1; `column` counts characters (code points), not bytes.
struct Position {
  int line = 1;
  int column = 1;
};

/// Why a text is not JSON, and where.
struct SyntaxFault {
  std::string message;
  Position position;
};

class Document;
struct Member;
template <typename Item>
class Range;

/// A value inside a document: a cheap view that must not outlive the document. A default-constructed one is absent;
/// only `operator bool`, `is`, `find`, `members` and `items` may be called on it.
class Value {
 public:
  Value() = default;
  explicit operator bool() const { return document_ != nullptr; }

  Type type() const;
  /// False for an absent value.
  bool is(Type type) const;
  /// The source text, byte for byte as the author wrote it.
  std::string_view text() const;
  /// The decoded text of a string.
  std::string string() const;
  /// The text between a string's quotes if it has no escapes, else nothing.
  std::optional<std::string_view> plain() const;
  /// Whether this is a string with that decoded text.
  bool is_string(std::string_view decoded) const;
  bool boolean() const;
  /// The number of members or elements.
  std::size_t size() const;
  /// An object's members, in the author's order; empty for any other type and for an absent value.
  Range<Member> members() const;
  /// An array's elements; empty for any other type and for an absent value.
  Range<Value> items() const;
  /// The member of that name; absent if there is none or this is not an object. Large objects that are searched
  /// repeatedly are indexed.
  Value find(std::string_view name) const;
  /// Where the value begins in its document.
  Position position() const;
  const Document& document() const { return *document_; }
  /// Whether both are views of the same place.
  bool same_place(const Value& other) const { return document_ == other.document_ && node_ == other.node_; }

 private:
  friend class Document;
  friend class Reader;
  template <typename Item>
  friend class Range;
  Value(const Document* document, std::uint32_t node) : document_(document), node_(node) {}

  const Document* document_ = nullptr;
  std::uint32_t node_ = 0;
};

struct Member {
  Value key;
  Value value;

  std::string name() const { return key.string(); }
};

using DocumentPtr = std::shared_ptr<const Document>;

struct ReadResult {
  /// Null when there is a fault.
  DocumentPtr document;
  std::optional<SyntaxFault> fault;
};

/// A parsed JSON text that keeps its source. Strict RFC 8259; duplicate keys, a byte order mark, invalid UTF-8, lone
/// surrogates and nesting deeper than `kMaxDepth` are errors too. Nothing is converted: numbers stay text.
class Document {
 public:
  static constexpr int kMaxDepth = 256;

  /// `name` is what error positions refer to, usually a path.
  static ReadResult read(std::string text, std::string name = {});
  /// As `read`, but a fault is thrown as an `Error` of `Fault::invalid` that names `name`, line and column.
  static DocumentPtr parse(std::string text, const std::string& name = {});

  const std::string& name() const { return name_; }
  std::string_view text() const {
    wake();
    return text_;
  }
  Value root() const { return Value(this, 0); }
  /// The position of a byte offset, in constant time but for the first.
  Position position(std::size_t offset) const;

  /// Keeps a compressed copy of the text, so that `rest` frees everything else. Nobody may use the document meanwhile.
  void pack() const;
  bool is_packed() const { return !packed_.empty(); }
  /// Frees what a packed document takes until it is next used; does nothing to another one. Nobody may use the document
  /// meanwhile, nor views of its text afterwards; its values stay valid.
  void rest() const;

 private:
  friend class Value;
  template <typename Item>
  friend class Range;
  friend class Reader;

  /// One value or key: its text is `[begin, end)`. An object or array takes a second node, whose `packed` is the number
  /// of members or elements and whose `end` is the node after its whole subtree.
  struct Node {
    /// Three bits of type, one for escapes, then the offset. Not a bit-field: compilers write these one by one, and
    /// reading fresh memory before writing makes the kernel map each page twice.
    std::uint32_t packed;
    std::uint32_t end;

    std::uint32_t begin() const { return packed >> 4U; }
    bool escaped() const { return (packed & 8U) != 0; }
    Type type() const { return static_cast<Type>(packed & 7U); }
  };
  static_assert(sizeof(Node) == 8);

  void wake() const {
    if (is_resting_.load(std::memory_order_acquire)) unpack();
  }
  void unpack() const;
  const Node& node(std::uint32_t number) const {
    wake();
    return nodes_[number];
  }
  bool has_children(std::uint32_t number) const { return node(number).type() >= Type::array; }
  /// The first member's key or the first element, if there is one.
  static std::uint32_t first_in(std::uint32_t node) { return node + 2; }
  /// The node after this one and its whole subtree.
  std::uint32_t after(std::uint32_t number) const { return has_children(number) ? nodes_[number + 1].end : number + 1; }
  std::size_t count(std::uint32_t number) const { return has_children(number) ? nodes_[number + 1].packed : 0; }

  /// The members of a large object by name, from the second search on.
  struct Index {
    bool is_filled = false;
    std::unordered_map<std::string, std::uint32_t> values;
  };
  /// The value of a member of a large object; nothing if there is none.
  std::optional<std::uint32_t> find(std::uint32_t object, std::string_view name) const;

  std::string name_;
  /// Empty while the document rests.
  mutable std::string text_;
  mutable std::vector<Node> nodes_;
  /// The compressed text, and how long the text is; empty if the document is not packed.
  mutable std::string packed_;
  mutable std::size_t unpacked_size_ = 0;
  mutable std::atomic<bool> is_resting_{false};
  mutable std::mutex waking_;
  mutable std::once_flag has_positions_;
  /// The position of every `kStride`th byte.
  mutable std::vector<Position> positions_;
  mutable std::mutex indexes_mutex_;
  mutable std::unordered_map<std::uint32_t, Index> indexes_;
};

/// Members or elements in the order of the text, for range-based `for`.
template <typename Item>
class Range {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = const Item*;
    using reference = Item;

    Iterator(const Document* document, std::uint32_t node) : document_(document), node_(node) {}
    Item operator*() const;
    Iterator& operator++();
    bool operator==(const Iterator& other) const { return node_ == other.node_; }

   private:
    const Document* document_;
    std::uint32_t node_;
  };

  Range() = default;
  Range(const Document* document, std::uint32_t first, std::uint32_t last)
      : document_(document), first_(first), last_(last) {}
  Iterator begin() const { return Iterator(document_, first_); }
  Iterator end() const { return Iterator(document_, last_); }
  bool empty() const { return first_ == last_; }

 private:
  const Document* document_ = nullptr;
  std::uint32_t first_ = 0;
  std::uint32_t last_ = 0;
};

// Inline, since these are called for every value of every flow.

inline Type Value::type() const { return document_->node(node_).type(); }

inline bool Value::is(Type type) const { return document_ != nullptr && this->type() == type; }

inline std::string_view Value::text() const {
  const Document::Node& node = document_->node(node_);
  return std::string_view(document_->text_).substr(node.begin(), node.end - node.begin());
}

inline std::optional<std::string_view> Value::plain() const {
  if (document_->node(node_).escaped()) return std::nullopt;
  return text().substr(1, text().size() - 2);
}

inline bool Value::is_string(std::string_view decoded) const {
  if (!is(Type::string)) return false;
  const std::optional<std::string_view> unescaped = plain();
  return unescaped ? *unescaped == decoded : string() == decoded;
}

inline Range<Member> Value::members() const {
  if (!is(Type::object)) return {};
  return {document_, Document::first_in(node_), document_->after(node_)};
}

inline Range<Value> Value::items() const {
  if (!is(Type::array)) return {};
  return {document_, Document::first_in(node_), document_->after(node_)};
}

template <>
inline Value Range<Value>::Iterator::operator*() const {
  return Value(document_, node_);
}

template <>
inline Range<Value>::Iterator& Range<Value>::Iterator::operator++() {
  node_ = document_->after(node_);
  return *this;
}

template <>
inline Member Range<Member>::Iterator::operator*() const {
  return {.key = Value(document_, node_), .value = Value(document_, node_ + 1)};
}

template <>
inline Range<Member>::Iterator& Range<Member>::Iterator::operator++() {
  node_ = document_->after(node_ + 1);
  return *this;
}

}  // namespace flowship::json
