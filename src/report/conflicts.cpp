#include "report/conflicts.hpp"

#include "check/rules/secrets.hpp"
#include "deploy/ledger/kept_export.hpp"
#include "flow/describe/secret_members.hpp"
#include "report/text/text.hpp"

#include <optional>

namespace flowship::report {

namespace {

/// The cells of a value that are shown; JSON output has all of it.
constexpr int kValueWidth = 100;

/// `secrets` scans each document once.
std::optional<std::string> shown_value(json::Value value, const std::string& pointer, flow::SecretMembers& secrets) {
  if (!value) return std::nullopt;
  // Not the path: an interaction `savePassword` is no secret.
  const std::optional<std::string> masked =
      secrets.masked(value, json::parse_pointer(pointer).value_or(json::Pointer()));
  return deploy::with_digests_masked(check::with_secrets_masked(masked ? *masked : std::string(value.text())));
}

std::string value_line(std::string_view side, json::Value value, const std::string& pointer,
                       flow::SecretMembers& secrets) {
  const std::optional<std::string> text = shown_value(value, pointer, secrets);
  return "      " + column(side, 6) + "  " + (text ? cut_to(*text, kValueWidth) : std::string("(none)")) + "\n";
}

json::Text value_text(json::Value value, const std::string& pointer, flow::SecretMembers& secrets) {
  const std::optional<std::string> text = shown_value(value, pointer, secrets);
  return text ? json::Text(*text) : json::Text();
}

std::string_view kind_of(const flow::NewId& id) { return id.kind == flow::NewId::Kind::task ? "task" : "screen"; }

}  // namespace

std::string conflict_lines(const std::vector<flow::MergeConflict>& conflicts, const Style& style) {
  flow::SecretMembers secrets;
  std::string text;
  for (const flow::MergeConflict& conflict : conflicts) {
    text += "    " + painted("conflict:", Colour::red, style) + " " +
            printable(check::with_secrets_masked(conflict.message)) + "\n";
    text += "      " + printable(check::with_secrets_masked(conflict.pointer.empty() ? "/" : conflict.pointer)) + "\n";
    text += value_line("base", conflict.base, conflict.pointer, secrets) +
            value_line("ours", conflict.ours, conflict.pointer, secrets) +
            value_line("theirs", conflict.theirs, conflict.pointer, secrets);
  }
  return text;
}

json::Text conflicts_json(const std::vector<flow::MergeConflict>& conflicts) {
  flow::SecretMembers secrets;
  return json::array(conflicts, [&secrets](const flow::MergeConflict& conflict) {
    return json::object({{"pointer", check::with_secrets_masked(conflict.pointer)},
                         {"message", check::with_secrets_masked(conflict.message)},
                         {"base", value_text(conflict.base, conflict.pointer, secrets)},
                         {"ours", value_text(conflict.ours, conflict.pointer, secrets)},
                         {"theirs", value_text(conflict.theirs, conflict.pointer, secrets)}});
  });
}

std::string new_id_lines(const std::vector<flow::NewId>& ids, const Style&) {
  std::string text;
  for (const flow::NewId& id : ids) {
    const std::string kind(kind_of(id));
    const std::string named = id.name.empty() ? "`" + id.from + "`" : "`" + id.name + "` (" + id.from + ")";
    const std::string line =
        kind + " " + named + " now has the id `" + id.to + "`, since both sides added a " + kind + " `" + id.from + "`";
    text += "    " + printable(check::with_secrets_masked(line)) + "\n";
  }
  return text;
}

json::Text new_ids_json(const std::vector<flow::NewId>& ids) {
  return json::array(ids, [](const flow::NewId& id) {
    return json::object({{"kind", kind_of(id)},
                         {"from", check::with_secrets_masked(id.from)},
                         {"to", check::with_secrets_masked(id.to)},
                         {"name", json::string_or_null(check::with_secrets_masked(id.name))}});
  });
}

}  // namespace flowship::report
