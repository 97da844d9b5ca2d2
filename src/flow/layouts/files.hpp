#pragma once

#include "flow/layouts/reading.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::flow {

/// The files in a scope, sorted by folder, then by name; each is read and parsed at most once.
class Files {
 public:
  Files(const std::vector<git::Entry>& entries, const Scope& scope, const ReadFile& read);

  std::size_t size() const { return files_.size(); }
  const git::Entry& entry(std::size_t index) const { return *files_[index].entry; }
  const std::string& path(std::size_t index) const { return entry(index).path; }
  std::string_view folder(std::size_t index) const { return files_[index].folder; }
  std::string_view name(std::size_t index) const { return files_[index].name; }
  bool is_regular(std::size_t index) const { return entry(index).kind == git::EntryKind::file; }

  /// The text of a file that has not been parsed yet.
  const std::string& text(std::size_t index);
  /// Frees the text of a file that is not needed any more.
  void forget(std::size_t index);
  /// Reads and parses the files on several threads; others are parsed on demand.
  void parse(const std::vector<std::size_t>& indexes, unsigned threads);
  const json::ReadResult& parsed(std::size_t index);

 private:
  struct File {
    const git::Entry* entry;
    std::string_view folder;
    std::string_view name;
    std::string text = {};
    json::ReadResult result = {};
    bool is_read = false;
    bool is_parsed = false;
  };

  void parse_one(File& file) const;

  std::vector<File> files_;
  const ReadFile& read_;
};

}  // namespace flowship::flow
