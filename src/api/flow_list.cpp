#include "api/flow_list.hpp"

#include <charconv>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>

namespace flowship::api {

namespace {

/// A string or a number as text; nothing for anything else.
std::optional<std::string> tag_text(json::Value value) {
  if (value.is(json::Type::string)) return value.string().empty() ? std::nullopt : std::optional(value.string());
  return value.is(json::Type::number) ? std::optional(std::string(value.text())) : std::nullopt;
}

std::optional<FlowTag> tag_of(json::Value flow) {
  FlowTag tag{.version = tag_text(flow.find("version")),
              .etag = tag_text(flow.find("etag")),
              .modified_time = tag_text(flow.find("modifiedTime"))};
  return tag.version || tag.etag ? std::optional(std::move(tag)) : std::nullopt;
}

/// The `total` of a list, a number or its digits as a string; 0 if it has none. Nothing if it is something else.
std::optional<std::size_t> total_of(json::Value list) {
  const json::Value total = list.find("total");
  if (!total || total.is(json::Type::null)) return 0;
  const std::optional<std::string> text = tag_text(total);
  std::size_t number = 0;
  if (!text) return std::nullopt;
  const auto [end, failed] = std::from_chars(text->data(), text->data() + text->size(), number);
  return failed == std::errc() && end == text->data() + text->size() ? std::optional(number) : std::nullopt;
}

Listed unusable(Outcome outcome, const std::string& why, const std::string& hint) {
  outcome.failure = unreadable_answer(why);
  outcome.failure->hint = hint;
  return {.outcome = std::move(outcome), .flows = {}};
}

}  // namespace

Listed read_list(Outcome outcome) {
  if (!outcome.ok()) return {.outcome = std::move(outcome), .flows = {}};
  const json::ReadResult answer = json::Document::read(outcome.body);
  const json::Value flows = answer.document ? answer.document->root().find("flows") : json::Value();
  if (!flows.is(json::Type::array)) {
    return unusable(std::move(outcome), "the list of flows has no `flows` array", "check the base URL");
  }
  Listed listed;
  std::set<std::string> ids;
  for (const json::Value flow : flows.items()) {
    const json::Value id = flow.find("id");
    if (!id.is(json::Type::string)) {
      return unusable(std::move(outcome), "the list of flows has an entry without `id`", "check the base URL");
    }
    ids.insert(id.string());
    listed.flows.push_back({.id = id.string(), .tag = tag_of(flow)});
  }
  const std::optional<std::size_t> total = total_of(answer.document->root());
  if (!total || ids.size() < *total) {
    const std::string claimed = total ? std::to_string(*total) : "an unreadable number of";
    return unusable(
        std::move(outcome),
        "the list of flows is incomplete: it has " + std::to_string(ids.size()) + " of " + claimed + " flows",
        "run the same command again; nothing is decided from a part of the flows");
  }
  listed.outcome = std::move(outcome);
  return listed;
}

}  // namespace flowship::api
