#pragma once

#include "deploy/live/live_flow.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/flow.hpp"
#include "json/document.hpp"

#include <string>

namespace flowship::deploy {

/// A flow from the text of an export, without a repository.
inline flow::Flow flow_from(const std::string& text) {
  const json::DocumentPtr document = json::Document::parse(text, "flow");
  return flow::flow_of_export(document, document->root());
}

/// As the service exports it.
inline LiveVersion live_from(const std::string& text) {
  const json::DocumentPtr document = json::Document::parse(text, "flow");
  return LiveVersion({document, document->root()});
}

/// A small flow of that id and name.
inline flow::Flow small_flow(const std::string& id, const std::string& name) {
  return flow_from(R"({"flowId": ")" + id + R"(", "metadata": {"name": ")" + name +
                   R"("}, "contents": {"startTask": "end", "tasks": {"end": {"id": "end"}}}})");
}

}  // namespace flowship::deploy
