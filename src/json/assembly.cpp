#include "json/assembly.hpp"

#include "base/text/printable.hpp"
#include "json/document.hpp"
#include "json/edit.hpp"
#include "json/style.hpp"

namespace flowship::json {

Text::Text(std::string_view string) : text_(json::quoted(valid_utf8(string))) {}

Text string_or_null(std::string_view string) { return string.empty() ? Text() : Text(string); }

Text object(const std::vector<NamedText>& members) {
  std::string text = "{";
  for (const NamedText& member : members) {
    if (text.size() > 1) text += ',';
    text.append(Text(member.name).text()).append(":").append(member.value.text());
  }
  return Text(Text::Verbatim{text + '}'});
}

Text array(const std::vector<Text>& elements) {
  std::string text = "[";
  for (const Text& element : elements) {
    if (text.size() > 1) text += ',';
    text += element.text();
  }
  return Text(Text::Verbatim{text + ']'});
}

Text strings(const std::vector<std::string>& strings) {
  return array(strings, [](const std::string& string) { return Text(string); });
}

std::string document_text(const Text& root) { return styled(Document::parse(root.text())->root(), {}) + '\n'; }

}  // namespace flowship::json
