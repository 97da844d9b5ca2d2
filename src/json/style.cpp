#include "json/style.hpp"

#include "json/container.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace flowship::json {

namespace {

class Writer {
 public:
  Writer(const Style& style, std::string_view indentation, std::size_t expected_size)
      : style_(style), margin_(indentation) {
    out_.reserve(expected_size);
  }

  void append(Value value) {
    if (value.is(Type::object)) {
      append_object(value);
    } else if (value.is(Type::array)) {
      append_items(value);
    } else {
      out_ += value.text();
    }
  }

  std::string take() { return std::move(out_); }

 private:
  void append_object(Value object) {
    std::vector<std::pair<std::string, Member>> members;
    for (const Member& member : object.members()) members.emplace_back(member.name(), member);
    if (style_.order == MemberOrder::by_name) {
      std::sort(members.begin(), members.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    }
    open('{');
    for (const auto& [name, member] : members) {
      begin_item();
      out_.append(member.key.text()).append(style_.colon);
      append(member.value);
    }
    close('}', members.empty());
  }

  void append_items(Value array) {
    open('[');
    for (const Value item : array.items()) {
      begin_item();
      append(item);
    }
    close(']', array.size() == 0);
  }

  void open(char bracket) {
    out_ += bracket;
    margin_ += style_.indent;
    is_first_ = true;
  }

  void begin_item() {
    if (!std::exchange(is_first_, false)) {
      out_ += style_.newline.empty() ? style_.comma() : std::string_view(",");
    }
    break_line();
  }

  void close(char bracket, bool is_empty) {
    margin_.resize(margin_.size() - style_.indent.size());
    if (!is_empty) break_line();
    is_first_ = false;
    out_ += bracket;
  }

  void break_line() {
    if (!style_.newline.empty()) out_.append(style_.newline).append(margin_);
  }

  const Style& style_;
  std::string margin_;
  std::string out_;
  bool is_first_ = true;
};

}  // namespace

Style Style::on_one_line() const {
  Style style = *this;
  style.newline.clear();
  return style;
}

Style style_of(const Document& document) {
  Style style;
  const Container root(document.root());
  if (root.size() == 0) return style;
  if (!root.colon().empty()) style.colon = root.colon();
  const std::string_view opening = root.opening();
  const std::size_t newline = opening.rfind('\n');
  if (newline == std::string_view::npos) return style.on_one_line();
  if (newline > 0 && opening[newline - 1] == '\r') style.newline = "\r\n";
  style.indent = opening.substr(newline + 1);
  return style;
}

std::string_view indentation_of(Value value) {
  const std::string_view text = value.document().text();
  const std::size_t at = static_cast<std::size_t>(value.text().data() - text.data());
  const std::size_t newline = text.substr(0, at).rfind('\n');
  const std::size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  const std::size_t end = text.find_first_not_of(" \t", begin);
  return text.substr(begin, end - begin);
}

std::string styled(Value value, const Style& style, std::string_view indentation) {
  // A text on one line becomes up to twice as long by its indentation.
  Writer writer(style, indentation, value.text().size() * 2);
  writer.append(value);
  return writer.take();
}

}  // namespace flowship::json
