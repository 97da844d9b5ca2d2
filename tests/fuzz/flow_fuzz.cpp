// Layouts and rules over arbitrary bytes. The input is split at lines of `---` into metadata.json, contents.json and
// screens of a snapshot folder; with a single part it is an exported or console file.

#include "check/engine/check.hpp"
#include "flow/layouts/reading.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

using flowship::git::Entry;
using flowship::git::EntryKind;

std::vector<std::string> parts_of(std::string_view input) {
  constexpr std::string_view kSeparator = "\n---\n";
  std::vector<std::string> parts;
  for (;;) {
    const std::size_t end = input.find(kSeparator);
    parts.emplace_back(input.substr(0, end));
    if (end == std::string_view::npos) return parts;
    input.remove_prefix(end + kSeparator.size());
  }
}

std::map<std::string, std::string> files_of(const std::vector<std::string>& parts) {
  if (parts.size() == 1) return {{"exported.json", parts[0]}};
  std::map<std::string, std::string> files = {{"flows/a/metadata.json", parts[0]}, {"flows/a/contents.json", parts[1]}};
  for (std::size_t part = 2; part < parts.size(); ++part) {
    files["flows/a/screen-s" + std::to_string(part - 2) + ".json"] = parts[part];
  }
  return files;
}

void expect(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::map<std::string, std::string> files =
      files_of(parts_of(std::string_view(reinterpret_cast<const char*>(data), size)));
  std::vector<Entry> entries;
  for (const auto& [path, text] : files) entries.push_back({path, EntryKind::file, {}});
  const flowship::flow::Reading reading =
      flowship::flow::read_flows(entries, {}, [&](const Entry& entry) { return files.at(entry.path); });
  flowship::check::Settings settings;
  settings.mapped_connectors = {{"production", {{"SMTP", "CI2"}}}};
  for (const flowship::check::Finding& finding : flowship::check::check(reading, settings)) {
    expect(flowship::check::find_rule(finding.rule) != nullptr);
    expect(finding.line >= 1 && finding.column >= 1);
    expect(!finding.path.empty() && !finding.message.empty());
  }
  return 0;
}
