#include "flow/describe/screen_texts.hpp"

#include <set>

namespace flowship::flow {

namespace {

class TextReader {
 public:
  explicit TextReader(json::Value nodes) : nodes_(nodes) {}

  std::vector<ScreenText> read() {
    visit("ROOT");
    for (const json::Member& member : nodes_.members()) visit(member.name());
    return std::move(texts_);
  }

 private:
  void visit(const std::string& id) {
    // Nodes in a cycle are visited once.
    if (!seen_.insert(id).second) return;
    const json::Value node = nodes_.find(id);
    if (!node) return;
    if (std::string text = node_text(node); !text.empty()) texts_.push_back({id, node_kind(node), std::move(text)});
    for (const json::Value child : node.find("nodes").items()) visit(string_of(child));
    for (const json::Member& linked : node.find("linkedNodes").members()) visit(string_of(linked.value));
  }

  json::Value nodes_;
  std::set<std::string> seen_;
  std::vector<ScreenText> texts_;
};

/// `error message` for `ErrorMessage`.
std::string in_words(std::string_view type) {
  std::string result;
  for (const char letter : type) {
    const bool is_upper = letter >= 'A' && letter <= 'Z';
    const bool begins = is_upper && !result.empty() && result.back() >= 'a' && result.back() <= 'z';
    if (begins) result += ' ';
    result += is_upper ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return result;
}

}  // namespace

std::string node_kind(json::Value node) {
  const std::string kind = in_words(string_of(node.find("type").find("resolvedName")));
  return kind.empty() ? "element" : kind;
}

std::string node_text(json::Value node) {
  const json::Value props = node.find("props");
  for (const std::string_view prop : {"children", "label", "placeholder"}) {
    if (std::string text = string_of(props.find(prop)); !text.empty()) return text;
  }
  return {};
}

std::vector<ScreenText> screen_texts(const Screen& screen) {
  return TextReader(value_of(screen.fields, "contents")).read();
}

}  // namespace flowship::flow
