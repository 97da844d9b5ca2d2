#include "flow/layouts/files.hpp"

#include "base/files/path.hpp"
#include "base/parallel.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace flowship::flow {

namespace {

/// From so many on, files rest while they are not in use: a thousand flows have some 7,500.
constexpr std::size_t kMany = 10'000;

}  // namespace

Files::Files(const std::vector<git::Entry>& entries, const Scope& scope, const ReadFile& read) : read_(read) {
  using Key = std::tuple<std::string_view, std::string_view, const git::Entry*>;
  std::vector<Key> keys;
  keys.reserve(entries.size());
  for (const git::Entry& entry : entries) {
    if (scope.covers(entry.path)) keys.emplace_back(folder_of(entry.path), name_of(entry.path), &entry);
  }
  std::sort(keys.begin(), keys.end());
  files_.reserve(keys.size());
  for (const auto& [folder, name, entry] : keys) files_.push_back({.entry = entry, .folder = folder, .name = name});
}

const std::string& Files::text(std::size_t index) {
  File& file = files_[index];
  if (!file.is_read) {
    file.text = read_(*file.entry);
    file.is_read = true;
  }
  return file.text;
}

void Files::forget(std::size_t index) { std::string().swap(files_[index].text); }

void Files::parse_one(File& file) const {
  file.result = json::Document::read(std::move(file.text), file.entry->path);
  file.is_parsed = true;
  if (file.result.document != nullptr && files_.size() >= kMany) file.result.document->pack();
}

const json::ReadResult& Files::parsed(std::size_t index) {
  if (!files_[index].is_parsed) {
    text(index);
    parse_one(files_[index]);
  }
  return files_[index].result;
}

void Files::parse(const std::vector<std::size_t>& indexes, unsigned threads) {
  for_each_in_parallel(indexes.size(), std::min<std::size_t>(threads, threads_for(indexes.size())),
                       [&](std::size_t at) {
                         if (const json::DocumentPtr& document = parsed(indexes[at]).document) document->rest();
                       });
}

}  // namespace flowship::flow
