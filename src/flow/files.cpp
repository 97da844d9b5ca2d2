#include "flow/files.hpp"

#include "base/parallel.hpp"
#include "base/path.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace flowship::flow {

namespace {

/// Below this a thread costs more than it saves.
constexpr std::size_t kFilesWorthAThread = 64;

}  // namespace

Files::Files(const std::vector<git::Entry>& entries, const Scope& scope, const ReadFile& read) : read_(read) {
  for (const git::Entry& entry : entries) {
    if (scope.covers(entry.path)) files_.push_back({&entry, {}, {}});
  }
  std::sort(files_.begin(), files_.end(), [](const File& a, const File& b) {
    return std::pair(folder_of(a.entry->path), name_of(a.entry->path)) <
           std::pair(folder_of(b.entry->path), name_of(b.entry->path));
  });
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
}

const json::ReadResult& Files::parsed(std::size_t index) {
  if (!files_[index].is_parsed) {
    text(index);
    parse_one(files_[index]);
  }
  return files_[index].result;
}

void Files::parse(const std::vector<std::size_t>& indexes, unsigned threads) {
  const std::size_t most = std::min<std::size_t>(threads, indexes.size() / kFilesWorthAThread + 1);
  if (most < 2) return;
  for_each_in_parallel(indexes.size(), most, [&](std::size_t at) { parsed(indexes[at]); });
}

}  // namespace flowship::flow
