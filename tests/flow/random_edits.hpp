#pragma once

#include "base/files/files.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/model/payload.hpp"
#include "json/edit.hpp"

#include <algorithm>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

// Flows as JSON texts, and random edits of them.

namespace flowship::flow {

inline Flow flow_of(const std::string& text) {
  const auto document = json::Document::parse(text);
  return flow_of_export(document, document->root());
}

/// The project's examples, each as one JSON text.
inline std::vector<std::string> example_texts() {
  namespace fs = std::filesystem;
  std::vector<git::Entry> entries;
  for (const auto& file : fs::recursive_directory_iterator(EXAMPLES)) {
    const std::string path = fs::relative(file.path(), EXAMPLES).string();
    if (file.is_regular_file()) entries.push_back({path, git::EntryKind::file, {}});
  }
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  const Reading reading = read_flows(
      entries, {}, [](const git::Entry& entry) { return *read_file(std::string(EXAMPLES) + "/" + entry.path); });
  std::vector<std::string> texts;
  for (const Flow& flow : reading.flows) texts.push_back(export_text(flow));
  return texts;
}

using Random = std::mt19937;

inline std::size_t below(Random& random, std::size_t limit) { return random() % limit; }

inline void collect(json::Value value, std::vector<json::Value>& values) {
  for (const json::Member& member : value.members()) values.push_back(member.value), collect(member.value, values);
  for (const json::Value item : value.items()) values.push_back(item), collect(item, values);
}

/// A replacement for `old`: usually of the same type, sometimes of another, sometimes the same in another notation.
inline std::string new_text(json::Value old, const std::vector<json::Value>& values, Random& random) {
  static const std::vector<std::string> kTexts = {"null", "true", "\"\"",    "\"x\"",        "0",
                                                  "[]",   "{}",   "[\"x\"]", "{\"x\": [1]}", "false"};
  switch (below(random, 6)) {
    case 0:
      return kTexts[below(random, kTexts.size())];
    case 1:
      return std::string(values[below(random, values.size())].text());
    case 2:
      if (old.is(json::Type::object)) return json::with_member(old, "new " + std::to_string(random() % 3), "[1, {}]");
      return std::string(old.text());
    case 3:
      if (old.is(json::Type::object) && old.size() > 0) {
        std::size_t skip = below(random, old.size());
        for (const json::Member& member : old.members()) {
          if (skip-- == 0) return json::without_member(old, member.name());
        }
      }
      return std::string(old.text());
    case 4: {
      if (!old.is(json::Type::array)) return std::string(old.text());
      std::vector<std::string> items;
      for (const json::Value item : old.items()) items.emplace_back(item.text());
      std::shuffle(items.begin(), items.end(), random);
      if (!items.empty() && random() % 2 == 0) items.pop_back();
      std::string text = "[";
      for (const std::string& item : items) text += (text.size() > 1 ? "," : "") + item;
      return text + "]";
    }
    default:
      return old.is(json::Type::string) ? json::quoted(old.string() + "!") : std::string(old.text()) + " ";
  }
}

inline std::string edited(const std::string& text, Random& random) {
  const auto document = json::Document::parse(text);
  std::vector<json::Value> values;
  collect(document->root(), values);
  // Anywhere, but more often near the top.
  const std::size_t limit = random() % 3 == 0 ? std::min<std::size_t>(values.size(), 40) : values.size();
  const json::Value old = values[below(random, limit)];
  return json::with_replacements(*document, {{old, new_text(old, values, random)}});
}

}  // namespace flowship::flow
