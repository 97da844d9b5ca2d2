#include "flow/files.hpp"

#include "base/path.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
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
  const std::size_t helpers =
      threads < 2 ? 0 : std::min<std::size_t>(threads, indexes.size() / kFilesWorthAThread + 1) - 1;
  if (helpers == 0) return;

  // This thread reads, the helpers parse what has been read meanwhile, and in the end all parse.
  std::atomic<std::size_t> ready = 0;
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex failing;
  const auto work = [&] {
    try {
      for (std::size_t at = next++; at < indexes.size(); at = next++) {
        for (std::size_t seen = ready; seen <= at; seen = ready) ready.wait(seen);
        parse_one(files_[indexes[at]]);
      }
    } catch (...) {
      const std::lock_guard lock(failing);
      failure = std::current_exception();
    }
  };
  const auto read_up_to = [&](std::size_t count) {
    ready = count;
    ready.notify_all();
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 0; i < helpers; ++i) others.emplace_back(work);
  try {
    for (std::size_t at = 0; at < indexes.size(); ++at) {
      text(indexes[at]);
      read_up_to(at + 1);
    }
  } catch (...) {
    // The helpers must not wait for what will never come.
    next = indexes.size();
    read_up_to(indexes.size());
    throw;
  }
  work();
  others.clear();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace flowship::flow
