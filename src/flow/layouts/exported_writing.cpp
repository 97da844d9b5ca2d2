#include "flow/layouts/layouts.hpp"
#include "flow/layouts/object_text.hpp"
#include "flow/model/payload.hpp"
#include "json/edit.hpp"

namespace flowship::flow {

FileChanges write_exported(const Flow& flow, const std::string& path, const Flow* existing) {
  constexpr json::PatchRules kLoose{.empties = json::Empties::absent};
  const json::MemberRules members[] = {
      {"metadata", kLoose},
      {"references", kLoose},
      {"screens", {.empties = json::Empties::absent, .items = &screen_rules(), .key = "screenId"}}};
  const json::PatchRules rules{.members = members};
  FileChanges changes;
  if (existing == nullptr || existing->documents.empty()) {
    put_file(changes, path, nullptr, export_text(flow), rules);
    return changes;
  }
  // A copy of the service's answer holds the flow under `flow`.
  const json::Document& old = *existing->documents.front();
  const json::Value object = exported_flow(old.root());
  const json::DocumentPtr wanted = json::Document::parse(export_text(flow), path);
  const std::string text = json::with_replacements(old, {{object, json::patched(object, wanted->root(), rules)}});
  if (text != old.text()) changes[path] = text;
  return changes;
}

}  // namespace flowship::flow
