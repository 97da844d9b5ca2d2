#include "flow/layouts/writing.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "flow/compare/compare.hpp"
#include "flow/layouts/layouts.hpp"
#include "flow/layouts/object_text.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/payload.hpp"
#include "json/assembly.hpp"
#include "json/edit.hpp"

#include <algorithm>
#include <utility>

namespace flowship::flow {

namespace {

/// The texts of the files that `existing` was read from.
std::map<std::string, std::string> texts_of(const Flow& existing) {
  std::map<std::string, std::string> texts;
  for (const git::Entry& file : existing.source.files) {
    const auto found = std::find_if(existing.documents.begin(), existing.documents.end(),
                                    [&](const json::DocumentPtr& document) { return document->name() == file.path; });
    if (found != existing.documents.end()) texts.emplace(file.path, (*found)->text());
  }
  return texts;
}

/// Reads the files back as they will be: only that shows whether nothing is lost.
void expect_read_back(const Flow& flow, Layout layout, const std::string& path, const FileChanges& changes,
                      const Flow* existing) {
  std::map<std::string, std::string> texts;
  if (existing != nullptr) texts = texts_of(*existing);
  for (const auto& [file, text] : changes) {
    if (text) {
      texts[file] = *text;
    } else {
      texts.erase(file);
    }
  }
  std::vector<git::Entry> entries;
  for (const auto& [file, text] : texts) entries.push_back({file, git::EntryKind::file, {}});
  const Reading reading = read_flows(entries, {.sources = {}, .known = {path}},
                                     [&](const git::Entry& entry) { return texts.at(entry.path); });
  if (reading.flows.size() != 1 || reading.flows.front().source.layout != layout || !reading.flows.front().complete) {
    refuse_to_store(flow, layout, "the shape");
  }
  const std::vector<json::Difference> lost = differences(flow, reading.flows.front());
  if (!lost.empty()) refuse_to_store(flow, layout, lost.front().pointer);
}

}  // namespace

FileChanges files_of(const Flow& flow, Layout layout, const std::string& path, const Flow* existing) {
  require_sendable(flow);
  FileChanges changes = facts_of(layout).write(flow, path, existing);
  expect_read_back(flow, layout, path, changes, existing);
  return changes;
}

Conversion converted(const Flow& source, Layout layout, const std::string& path) {
  Conversion conversion;
  const auto left_out = facts_of(source.source.layout).left_out;
  for (LeftOut& value : left_out == nullptr ? std::vector<LeftOut>() : left_out(source)) {
    if (!value.is_redundant) {
      throw Error(printable(source.source.path) + ": " + printable(value.pointer) +
                      " is not part of the flow, or differs from a copy elsewhere, and would be lost",
                  "remove it or make the copies agree, and convert again");
    }
    conversion.dropped.push_back(std::move(value.pointer));
  }
  conversion.files = files_of(source, layout, path, nullptr);
  return conversion;
}

namespace {

/// The text of a `flows.json` with its list changed; the same if there is no list.
template <typename Change>
std::string with_list(const std::string& flow_list, Change change) {
  const json::ReadResult read = json::Document::read(flow_list);
  const json::Value list = read.document == nullptr ? json::Value() : read.document->root().find("flows");
  if (!list.is(json::Type::array)) return flow_list;
  std::vector<std::string> ids;
  for (const json::Value item : list.items()) ids.push_back(string_of(item));
  if (!change(ids)) return flow_list;
  const json::DocumentPtr wanted = json::Document::parse(json::strings(ids).text());
  return json::with_replacements(*read.document, {{list, json::patched(list, wanted->root())}});
}

}  // namespace

std::string with_listed(const std::string& flow_list, const std::string& flow_id) {
  return with_list(flow_list, [&](std::vector<std::string>& ids) {
    if (std::find(ids.begin(), ids.end(), flow_id) != ids.end()) return false;
    const bool by_name = std::is_sorted(ids.begin(), ids.end());
    ids.insert(by_name ? std::upper_bound(ids.begin(), ids.end(), flow_id) : ids.end(), flow_id);
    return true;
  });
}

std::string without_listed(const std::string& flow_list, const std::string& flow_id) {
  return with_list(flow_list, [&](std::vector<std::string>& ids) { return std::erase(ids, flow_id) > 0; });
}

}  // namespace flowship::flow
