#include "deploy/ledger/flow_tags.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"

#include <vector>

namespace flowship::deploy {

namespace {

std::optional<std::string> text_in(json::Value object, std::string_view member) {
  const json::Value value = object.find(member);
  return value.is(json::Type::string) ? std::optional(value.string()) : std::nullopt;
}

}  // namespace

std::string tag_file_of(const std::string& flow_id) { return kTags + sha256_hex(flow_id).substr(0, 2) + ".json"; }

std::string tags_to_json(const FlowTags& tags) {
  std::vector<json::NamedText> members;
  for (const auto& [flow_id, tag] : tags) members.push_back({flow_id, tag_text(tag)});
  return json::document_text(json::object(members));
}

FlowTags tags_from_json(std::string text, const std::string& name) {
  const json::DocumentPtr document = json::Document::parse(std::move(text), name);
  if (!document->root().is(json::Type::object)) throw Error(name + ": not a JSON object");
  FlowTags tags;
  for (const json::Member member : document->root().members()) tags[member.name()] = tag_from(member.value);
  return tags;
}

json::Text tag_text(const std::optional<api::FlowTag>& tag) {
  if (!tag) return {};
  std::vector<json::NamedText> members;
  const auto add = [&](const char* name, const std::optional<std::string>& value) {
    if (value) members.push_back({name, *value});
  };
  add("version", tag->version);
  add("etag", tag->etag);
  add("modifiedTime", tag->modified_time);
  return json::object(members);
}

std::optional<api::FlowTag> tag_from(json::Value value) {
  if (!value.is(json::Type::object)) return std::nullopt;
  return api::FlowTag{.version = text_in(value, "version"),
                      .etag = text_in(value, "etag"),
                      .modified_time = text_in(value, "modifiedTime")};
}

}  // namespace flowship::deploy
