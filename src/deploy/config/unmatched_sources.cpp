#include "deploy/config/unmatched_sources.hpp"

#include "base/files/path.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"

#include <algorithm>
#include <filesystem>
#include <set>

namespace flowship::deploy {

namespace {

/// Whether something exists at a path, if possible without listing the whole working tree.
bool has(const git::Revision& revision, const std::string& path) {
  const git::Repository& repository = revision.repository();
  if (revision.tree()) return repository.at(*revision.tree(), path).has_value();
  const git::TreeScope scope{.prefixes = {path}};
  if (revision.is_worktree() && std::filesystem::exists(std::filesystem::path(repository.work_directory()) / path) &&
      !repository.index_files(scope).empty()) {
    return true;
  }
  return !revision.files(scope).empty();
}

/// All JSON files, and the folders above them.
std::vector<std::string> places(const git::Revision& revision) {
  std::set<std::string> places;
  for (const git::Entry& file : revision.files()) {
    if (!file.path.ends_with(".json")) continue;
    for (std::string_view path = file.path; !path.empty() && places.emplace(path).second;) path = folder_of(path);
  }
  return {places.begin(), places.end()};
}

/// The place whose path ends with the source (`ProjectSnapshot/flows` for `flows`) or the other way round, else the one
/// with the most similar spelling; empty if none is similar.
std::string nearest(const std::string& source, const std::vector<std::string>& places) {
  const auto ends_alike = [&](const std::string& place) {
    return place.ends_with("/" + source) || source.ends_with("/" + place);
  };
  const auto found = std::find_if(places.begin(), places.end(), ends_alike);
  if (found != places.end()) return *found;
  const std::vector<std::string> names = nearest_names(source, places, 1);
  return names.empty() ? std::string() : names.front();
}

}  // namespace

std::vector<UnmatchedSource> unmatched_sources(const git::Revision& revision, const std::vector<std::string>& sources) {
  std::vector<UnmatchedSource> unmatched;
  std::vector<std::string> known;
  for (const std::string& source : sources) {
    if (has(revision, source)) continue;
    if (known.empty()) known = places(revision);
    const std::string near = nearest(source, known);
    unmatched.push_back(
        {.sentence = "`sources` lists `" + printable(source) + "`, which does not exist at " + revision.name(),
         .guess = near.empty() ? "" : "did you mean `" + printable(near) + "`?"});
  }
  return unmatched;
}

}  // namespace flowship::deploy
