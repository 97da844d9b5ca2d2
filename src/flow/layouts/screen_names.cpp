#include "flow/layouts/screen_names.hpp"

#include "base/files/path.hpp"
#include "base/text/letter_case.hpp"
#include "flow/layouts/files.hpp"
#include "flow/layouts/layouts.hpp"

#include <map>
#include <set>
#include <utility>

namespace flowship::flow {

namespace {

/// File systems end at 255 bytes.
constexpr std::size_t kLongestSlug = 100;

bool is_plain(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') ||
         (character >= '0' && character <= '9');
}

/// Letters and digits, with one `-` for whatever lies between them.
std::string plain(std::string_view text) {
  std::string result;
  for (const char character : text) {
    if (is_plain(character)) {
      result += character;
    } else if (!result.empty() && result.back() != '-') {
      result += '-';
    }
  }
  result.resize(std::min(result.size(), kLongestSlug));
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result;
}

std::string last_four(std::string_view id) {
  constexpr std::size_t kCount = 4;
  return plain(id.substr(id.size() - std::min(id.size(), kCount)));
}

/// The slug that the name of the first task which shows the screen gives; else one of the screen's id.
std::string wanted_name(const Flow& flow, const Screen& screen) {
  for (const json::Member& task : flow.contents.find("tasks").members()) {
    const json::Value shown = task.value.find("screenId");
    const json::Value name = task.value.find("name");
    if (!shown.is(json::Type::string) || shown.string() != screen.id || !name.is(json::Type::string)) continue;
    std::string found = slug(name.string());
    if (!found.empty()) return found;
  }
  std::string id = plain(screen.id);
  return id.empty() ? "screen" : id;
}

/// Screens by id and, where several have one, by which of them it is.
using ScreenKey = std::pair<std::string, int>;

std::map<ScreenKey, std::string> names_there(const Flow& existing) {
  std::map<ScreenKey, std::string> names;
  std::map<std::string, int> seen;
  for (const Screen& screen : existing.screens) names[{screen.id, seen[screen.id]++}] = screen.file_name;
  return names;
}

}  // namespace

std::string slug(std::string_view name) { return lower_case(plain(name)); }

std::vector<std::string> screen_file_names(const Flow& flow, const Flow* existing) {
  std::vector<std::string> names(flow.screens.size());
  // Names that differ in case alone are one file on some systems.
  std::set<std::string> taken;
  std::map<std::string, int> wishes;
  std::map<ScreenKey, std::string> there;
  if (existing != nullptr) {
    there = names_there(*existing);
    for (const git::Entry& file : existing->source.files)
      taken.insert(lower_case(std::string(screen_name(name_of(file.path)))));
  }
  std::map<std::string, int> seen;
  for (std::size_t number = 0; number < names.size(); ++number) {
    const Screen& screen = flow.screens[number];
    const auto found = there.find({screen.id, seen[screen.id]++});
    if (found != there.end()) {
      names[number] = found->second;
    } else {
      ++wishes[lower_case(wanted_name(flow, screen))];
    }
  }
  for (std::size_t number = 0; number < names.size(); ++number) {
    if (!names[number].empty()) continue;
    const Screen& screen = flow.screens[number];
    std::string name = wanted_name(flow, screen);
    if (wishes[lower_case(name)] > 1 || taken.contains(lower_case(name))) name += "-" + last_four(screen.id);
    const std::string stem = name;
    for (int more = 2; !taken.insert(lower_case(name)).second; ++more) name = stem + "-" + std::to_string(more);
    names[number] = std::move(name);
  }
  return names;
}

}  // namespace flowship::flow
