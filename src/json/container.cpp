#include "json/container.hpp"

namespace flowship::json {

Container::Container(Value value) : source_(value.text()) {
  const auto offset = [this](Value inner) { return static_cast<std::size_t>(inner.text().data() - source_.data()); };
  const auto add = [&](std::size_t begin, Value item) {
    items_.push_back({begin, offset(item) + item.text().size(), item});
  };
  for (const Member& member : value.members()) add(offset(member.key), member.value);
  for (const Value item : value.items()) add(offset(item), item);
}

std::string_view Container::text(std::size_t item) const {
  return source_.substr(items_[item].begin, items_[item].end - items_[item].begin);
}

std::string_view Container::key(std::size_t item) const {
  return text(item).substr(0, text(item).size() - items_[item].value.text().size());
}

std::string_view Container::colon() const {
  if (items_.empty()) return {};
  const std::string_view last = key(items_.size() - 1);
  return last.substr(last.rfind('"') + 1);
}

std::string_view Container::opening() const {
  return items_.empty() ? std::string_view() : source_.substr(1, items_.front().begin - 1);
}

std::string Container::separator(std::string_view comma) const {
  if (items_.size() > 1) {
    const std::size_t from = items_[items_.size() - 2].end;
    return std::string(source_.substr(from, items_.back().begin - from));
  }
  // With a single one, the white space before it shows whether each has its own line.
  if (!on_one_line()) return "," + std::string(opening());
  if (source_.front() == '[') return std::string(comma);
  return colon().size() < 2 ? "," : ", ";
}

std::string Container::with(const std::vector<Slot>& slots, std::string_view comma) const {
  std::string result(source_.substr(0, 1));
  if (slots.empty()) return result += source_.back();
  result += opening();
  const Slot* before = nullptr;
  for (const Slot& slot : slots) {
    if (before != nullptr && before->old && slot.old && *before->old + 1 == *slot.old) {
      const std::size_t from = items_[*before->old].end;
      result += source_.substr(from, items_[*slot.old].begin - from);
    } else if (before != nullptr) {
      result += separator(comma);
    }
    result += slot.text;
    before = &slot;
  }
  return result += source_.substr(items_.empty() ? source_.size() - 1 : items_.back().end);
}

}  // namespace flowship::json
