#include "json/compare.hpp"

#include "json/edit.hpp"
#include "json/number.hpp"
#include "json/pointer.hpp"

#include <algorithm>
#include <utility>

namespace flowship::json {

namespace {

using NamedValue = std::pair<std::string, Value>;

/// An object's members by name, without those that count as absent.
std::vector<NamedValue> sorted_members(Value object, Empties empties) {
  std::vector<NamedValue> members;
  for (const Member member : object.members()) {
    if (empties == Empties::absent && is_empty(member.value)) continue;
    members.emplace_back(member.name(), member.value);
  }
  std::sort(members.begin(), members.end(), [](const NamedValue& a, const NamedValue& b) { return a.first < b.first; });
  return members;
}

bool equal_objects(Value a, Value b, Empties empties) {
  const std::vector<NamedValue> left = sorted_members(a, empties);
  const std::vector<NamedValue> right = sorted_members(b, empties);
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [&](const NamedValue& one, const NamedValue& other) {
                      return one.first == other.first && equal(one.second, other.second, empties);
                    });
}

bool equal_arrays(Value a, Value b, Empties empties) {
  if (a.size() != b.size()) return false;
  auto other = b.items().begin();
  for (const Value item : a.items()) {
    // An element is never absent, so an empty one of another type is another value.
    if (item.type() != (*other).type() || !equal(item, *other, empties)) return false;
    ++other;
  }
  return true;
}

void append_canonical(std::string& out, Value value, Empties empties) {
  switch (value.type()) {
    case Type::null:
    case Type::boolean:
      out += value.text();
      break;
    case Type::number:
      out += normal_number(value.text());
      break;
    case Type::string:
      out += json::quoted(value.string());
      break;
    case Type::array: {
      out += '[';
      bool first = true;
      for (const Value item : value.items()) {
        if (!std::exchange(first, false)) out += ',';
        append_canonical(out, item, empties);
      }
      out += ']';
      break;
    }
    case Type::object: {
      out += '{';
      bool first = true;
      for (const auto& [name, member] : sorted_members(value, empties)) {
        if (!std::exchange(first, false)) out += ',';
        out += json::quoted(name) + ':';
        append_canonical(out, member, empties);
      }
      out += '}';
      break;
    }
  }
}

class Differ {
 public:
  Differ(Empties empties, std::string pointer) : empties_(empties), pointer_(std::move(pointer)) {}

  void compare(Value before, Value after) {
    if (!before || !after) {
      if (!equal(before, after, empties_)) report(before, after);
      return;
    }
    // Usually the texts are the same.
    if (before.text() == after.text()) return;
    if (empties_ == Empties::absent && is_empty(before) && is_empty(after)) return;
    if (before.is(Type::object) && after.is(Type::object)) return objects(before, after);
    if (before.is(Type::array) && after.is(Type::array)) return arrays(before, after);
    if (!equal(before, after, empties_)) report(before, after);
  }

  std::vector<Difference> take() { return std::move(found_); }

 private:
  void report(Value before, Value after) { found_.push_back({.pointer = pointer_, .before = before, .after = after}); }

  /// Calls `what` with `token` appended to the pointer.
  template <typename What>
  void below(const std::string& token, What what) {
    const std::size_t length = pointer_.size();
    pointer_ += '/';
    pointer_ += token;
    what();
    pointer_.resize(length);
  }

  void objects(Value before, Value after) {
    const std::vector<NamedValue> old_members = sorted_members(before, Empties::distinct);
    const std::vector<NamedValue> new_members = sorted_members(after, Empties::distinct);
    const auto look_up = [](const std::vector<NamedValue>& members, const std::string& name) {
      const auto at =
          std::lower_bound(members.begin(), members.end(), name,
                           [](const NamedValue& member, const std::string& key) { return member.first < key; });
      return at != members.end() && at->first == name ? at->second : Value();
    };
    for (const Member member : before.members()) {
      const std::string name = member.name();
      below(pointer_token(name), [&] { compare(member.value, look_up(new_members, name)); });
    }
    for (const Member member : after.members()) {
      const std::string name = member.name();
      if (look_up(old_members, name)) continue;
      below(pointer_token(name), [&] { compare({}, member.value); });
    }
  }

  void arrays(Value before, Value after) {
    auto old_item = before.items().begin();
    const auto old_end = before.items().end();
    auto new_item = after.items().begin();
    const auto new_end = after.items().end();
    for (std::size_t index = 0; old_item != old_end || new_item != new_end; ++index) {
      Value left;
      Value right;
      if (old_item != old_end) left = *old_item, ++old_item;
      if (new_item != new_end) right = *new_item, ++new_item;
      // An element is never absent, so an empty one of another type, or one more, is a difference.
      const bool same_type = left && right && left.type() == right.type();
      below(std::to_string(index), [&] { same_type ? compare(left, right) : report(left, right); });
    }
  }

  const Empties empties_;
  std::string pointer_;
  std::vector<Difference> found_;
};

}  // namespace

bool same_number(std::string_view a, std::string_view b) { return a == b || normal_number(a) == normal_number(b); }

bool is_empty(Value value) {
  if (!value) return true;
  switch (value.type()) {
    case Type::null:
      return true;
    case Type::boolean:
      return !value.boolean();
    case Type::number:
      return normal_number(value.text()) == "0";
    case Type::string:
      return value.text().size() == 2;
    case Type::array:
      return value.size() == 0;
    case Type::object:
      for (const Member member : value.members()) {
        if (!is_empty(member.value)) return false;
      }
      return true;
  }
  return false;
}

bool equal(Value a, Value b, Empties empties) {
  if (!a || !b) return !a && !b ? true : empties == Empties::absent && is_empty(a ? a : b);
  if (a.type() != b.type()) return empties == Empties::absent && is_empty(a) && is_empty(b);
  // Usually the texts are the same.
  if (a.text() == b.text()) return true;
  switch (a.type()) {
    case Type::null:
    case Type::boolean:
      return false;
    case Type::number:
      return same_number(a.text(), b.text());
    case Type::string:
      return a.string() == b.string();
    case Type::array:
      return equal_arrays(a, b, empties);
    case Type::object:
      return equal_objects(a, b, empties);
  }
  return false;
}

std::string canonical(Value value, Empties empties) {
  // All values that count as absent are equal, whatever their type.
  if (empties == Empties::absent && is_empty(value)) return "null";
  std::string out;
  if (value) append_canonical(out, value, empties);
  return out;
}

std::vector<Difference> differences(Value before, Value after, Empties empties, const std::string& pointer) {
  Differ differ(empties, pointer);
  differ.compare(before, after);
  return differ.take();
}

}  // namespace flowship::json
