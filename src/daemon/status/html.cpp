#include "daemon/status/html.hpp"

#include "daemon/status/assets.hpp"
#include "report/html/skeletons.hpp"

namespace flowship::daemon::html {

namespace {

std::string_view sign_of(std::string_view kind) {
  if (kind == "good") return "✓";
  if (kind == "busy") return "↻";
  if (kind == "warn") return "!";
  if (kind == "bad") return "✕";
  return "–";
}

}  // namespace

Markup filled(std::string_view skeleton, std::initializer_list<std::pair<std::string_view, Markup>> values) {
  static const report::Skeletons skeletons(page_skeletons());
  return skeletons.fill(skeleton, values);
}

Markup time(Time time) {
  const std::string full = to_rfc3339(time);
  return filled("time", {{"full", full}, {"short", full.substr(0, 10) + " " + full.substr(11, 5)}});
}

Markup commit(const CommitLine& commit) {
  return filled("commit", {{"id", commit.id.substr(0, 8)}, {"subject", optional("subject", commit.subject)}});
}

Markup badge(std::string_view kind, std::string_view word) {
  return filled("badge", {{"kind", kind}, {"sign", sign_of(kind)}, {"word", word}});
}

Markup list(std::string_view kind, const std::vector<std::string>& items) {
  Markup lines;
  for (const std::string& item : items) lines += filled("item", {{"text", item}});
  return lines.empty() ? lines : filled("list", {{"kind", kind}, {"items", lines}});
}

Markup paragraph(std::string_view kind, std::string_view text) {
  return text.empty() ? Markup() : filled("text", {{"kind", kind}, {"text", text}});
}

Markup optional(std::string_view skeleton, std::string_view text) {
  return text.empty() ? Markup() : filled(skeleton, {{"text", text}});
}

}  // namespace flowship::daemon::html
