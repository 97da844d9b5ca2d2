#include "daemon/status/html.hpp"

#include "daemon/status/assets.hpp"
#include "report/html/skeletons.hpp"

#include <array>

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

Markup commit(const CommitLine& commit, const std::string& pages) {
  const std::string short_id = commit.id.substr(0, 8);
  const Markup id = pages.empty() ? optional("code", short_id)
                                  : filled("commit-link", {{"address", pages + commit.id}, {"id", short_id}});
  return filled("commit", {{"id", id},
                           {"subject", optional("subject", commit.subject)},
                           {"author", optional("author", commit.author.substr(0, commit.author.rfind(" <")))}});
}

Markup badge(std::string_view kind, std::string_view word) {
  return filled("badge", {{"kind", kind}, {"sign", sign_of(kind)}, {"word", word}});
}

std::string path_of(const EnvironmentStatus& environment) { return "/environments/" + environment.key; }

Markup link(const EnvironmentStatus& environment) {
  return filled("link", {{"address", path_of(environment)}, {"name", environment.key}});
}

Markup link(const EnvironmentStatus& environment, const std::string& flow_id) {
  return filled("link", {{"address", "/flows/" + environment.key + "/" + flow_id}, {"name", flow_id}});
}

Markup button(Buttons buttons, std::string_view action, const EnvironmentStatus& environment,
              const std::string& flow_id) {
  if (buttons == Buttons::none) return {};
  const std::string address = "/" + std::string(action) + "/" + environment.key;
  return filled("button", {{"address", flow_id.empty() ? address : address + "/" + flow_id},
                           {"text", action == "retry"   ? "Deploy again…"
                                    : action == "adopt" ? "Adopt…"
                                                        : "Restore…"}});
}

Look look_of(State state) {
  // In the order of State.
  constexpr std::array<Look, 8> kLooks{{{"bad", "Failing"},
                                        {"busy", "Deploying"},
                                        {"busy", "Waiting"},
                                        {"warn", "Drifted"},
                                        {"warn", "Unknown"},
                                        {"good", "Up to date"},
                                        {"quiet", "No branch"},
                                        {"quiet", "Nothing yet"}}};
  return kLooks.at(static_cast<std::size_t>(state));
}

Markup list(std::string_view kind, const std::vector<std::string>& items) {
  Markup lines;
  for (const std::string& item : items) lines += filled("item", {{"text", report::markup_words(item)}});
  return lines.empty() ? lines : filled("list", {{"kind", kind}, {"items", lines}});
}

Markup losses(const std::vector<std::pair<std::string, std::string>>& losses) {
  Markup lines;
  for (const auto& [flow, sentence] : losses)
    lines += filled("loss", {{"flow", flow}, {"sentence", report::markup_words(sentence)}});
  return lines.empty() ? lines : filled("losses", {{"losses", lines}});
}

Markup pager(const PageOfMany& at) {
  if (at.pages == 1) return {};
  const auto turn = [&](std::string_view skeleton, std::size_t page) {
    return filled(skeleton, {{"path", at.path}, {"query", at.query + "page=" + std::to_string(page)}});
  };
  return filled("pager", {{"page", std::to_string(at.page)},
                          {"pages", std::to_string(at.pages)},
                          {"count", at.count},
                          {"previous", at.page > 1 ? turn("previous", at.page - 1) : Markup()},
                          {"next", at.page < at.pages ? turn("next", at.page + 1) : Markup()}});
}

Markup paragraph(std::string_view kind, std::string_view text) {
  return text.empty() ? Markup() : filled("text", {{"kind", kind}, {"text", report::markup_words(text)}});
}

Markup optional(std::string_view skeleton, std::string_view text) {
  return text.empty() ? Markup() : filled(skeleton, {{"text", text}});
}

}  // namespace flowship::daemon::html
