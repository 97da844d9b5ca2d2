#include "json/readable.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace flowship::json {

namespace {

void append(std::string& out, Value value, std::size_t depth) {
  const auto new_line = [&](std::size_t level) { out.append("\n").append(level * 2, ' '); };
  const bool is_object = value.is(Type::object);
  if ((!is_object && !value.is(Type::array)) || value.size() == 0) {
    out += value.size() == 0 && is_object ? "{}" : value.is(Type::array) ? "[]" : value.text();
    return;
  }
  out += is_object ? '{' : '[';
  bool first = true;
  const auto separate = [&] {
    if (!std::exchange(first, false)) out += ',';
    new_line(depth + 1);
  };
  if (is_object) {
    std::vector<std::pair<std::string, Member>> members;
    for (const Member member : value.members()) members.emplace_back(member.name(), member);
    std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [name, member] : members) {
      separate();
      out.append(member.key.text()).append(": ");
      append(out, member.value, depth + 1);
    }
  } else {
    for (const Value item : value.items()) {
      separate();
      append(out, item, depth + 1);
    }
  }
  new_line(depth);
  out += is_object ? '}' : ']';
}

}  // namespace

std::string readable(Value value) {
  std::string out;
  append(out, value, 0);
  return out + "\n";
}

}  // namespace flowship::json
