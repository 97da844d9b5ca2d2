#pragma once

#include "api/service.hpp"
#include "json/assembly.hpp"
#include "json/document.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::deploy {

/// The deployed flows by id, with what the service's list said of each after its last deployment.
using FlowTags = std::map<std::string, std::optional<api::FlowTag>>;

/// The folder of the ledger's tree with the tags. They lie in up to 256 files, so that a deployment of a few flows
/// rewrites little, however many are deployed.
inline constexpr const char* kTags = "tags/";

/// The file of a flow's tag: `tags/7f.json`.
std::string tag_file_of(const std::string& flow_id);

/// The text of one of these files.
std::string tags_to_json(const FlowTags& tags);
/// Throws `Error` if the text is malformed. Errors mention `name`, where it was read from.
FlowTags tags_from_json(std::string text, const std::string& name);

/// A tag as a JSON object; null for none.
json::Text tag_text(const std::optional<api::FlowTag>& tag);
std::optional<api::FlowTag> tag_from(json::Value value);

}  // namespace flowship::deploy
