#include "flow/layouts/screen_names.hpp"

#include "base/files/path.hpp"
#include "base/text/letter_case.hpp"
#include "flow/layouts/files.hpp"
#include "flow/layouts/layouts.hpp"

#include <Poco/Ascii.h>

#include <map>
#include <set>
#include <utility>

namespace flowship::flow {

namespace {

/// File systems allow 255 bytes.
constexpr std::size_t kLongestSlug = 100;

/// Letters and digits, with one `-` for everything between them.
std::string plain(std::string_view text) {
  std::string result;
  for (const char character : text) {
    if (Poco::Ascii::isAlphaNumeric(character)) {
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

/// The slug of the name of the first task that shows the screen; else of the screen's id.
std::string wanted_name(const Flow& flow, const Screen& screen) {
  for (const json::Member& task : flow.contents.find("tasks").members()) {
    if (!task.value.find("screenId").is_string(screen.id)) continue;
    std::string found = slug(string_of(task.value.find("name")));
    if (!found.empty()) return found;
  }
  std::string id = plain(screen.id);
  return id.empty() ? "screen" : id;
}

}  // namespace

std::string slug(std::string_view name) { return lower_case(plain(name)); }

std::vector<std::string> screen_file_names(const Flow& flow, const Flow* existing) {
  std::vector<std::string> names(flow.screens.size());
  // Names that differ only in case are one file on some systems.
  std::set<std::string> taken;
  std::map<std::string, int> wishes;
  std::map<ScreenKey, const Screen*> there;
  if (existing != nullptr) {
    there = screens_by_key(*existing);
    for (const git::Entry& file : existing->source.files)
      taken.insert(lower_case(std::string(screen_name(name_of(file.path)))));
  }
  const std::vector<ScreenKey> keys = screen_keys(flow);
  for (std::size_t number = 0; number < names.size(); ++number) {
    const auto found = there.find(keys[number]);
    if (found != there.end()) {
      names[number] = found->second->file_name;
    } else {
      ++wishes[lower_case(wanted_name(flow, flow.screens[number]))];
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
