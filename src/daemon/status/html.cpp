#include "daemon/status/html.hpp"

#include "report/html/markup.hpp"

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

std::string text(std::string_view raw) { return report::markup_text(raw); }

std::string time(Time time) {
  const std::string full = to_rfc3339(time);
  return "<time datetime=\"" + full + "\">" + full.substr(0, 10) + " " + full.substr(11, 5) + " UTC</time>";
}

std::string commit(const CommitLine& commit) {
  std::string html = "<code>" + text(commit.id.substr(0, 8)) + "</code>";
  if (!commit.subject.empty()) html += " <bdi class=\"subject\">" + text(commit.subject) + "</bdi>";
  return html;
}

std::string badge(std::string_view kind, std::string_view word) {
  return "<span class=\"badge " + std::string(kind) + "\"><span class=\"sign\" aria-hidden=\"true\">" +
         std::string(sign_of(kind)) + "</span>" + text(word) + "</span>";
}

std::string document(std::string_view title, std::string_view body) {
  return "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>" +
         text(title) +
         "</title>\n<link rel=\"icon\" type=\"image/svg+xml\" href=\"/assets/icon.svg\">\n"
         "<link rel=\"stylesheet\" href=\"/assets/page.css\">\n<script src=\"/assets/page.js\" defer></script>\n"
         "</head>\n<body>\n" +
         std::string(body) + "</body>\n</html>\n";
}

}  // namespace flowship::daemon::html
