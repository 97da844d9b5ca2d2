#include "git/objects/raw_tree.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"

#include <algorithm>
#include <cstring>

namespace flowship::git {

namespace {

/// The id after the NUL that ends a name.
constexpr std::size_t kIdSize = 20;

/// A prefix without `./` and trailing slashes.
std::string_view trimmed(std::string_view prefix) {
  while (prefix.starts_with("./")) prefix.remove_prefix(2);
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  return prefix == "." ? std::string_view() : prefix;
}

}  // namespace

EntryKind TreeEntry::kind() const {
  if (mode == 0120000) return EntryKind::symlink;
  if (mode == 0160000) return EntryKind::submodule;
  return EntryKind::file;
}

void TreeCursor::advance() {
  if (rest_.empty()) {
    at_end_ = true;
    return;
  }
  entry_.mode = 0;
  std::size_t at = 0;
  while (at < rest_.size() && at < 7 && rest_[at] >= '0' && rest_[at] <= '7') {
    entry_.mode = entry_.mode * 8 + static_cast<unsigned>(rest_[at++] - '0');
  }
  const std::size_t end = rest_.find('\0', at);
  if (at == 0 || end == std::string_view::npos || rest_[at] != ' ' || rest_.size() - end < kIdSize + 1) {
    throw Error("a tree of the repository is damaged", "run git fsck");
  }
  entry_.name = rest_.substr(at + 1, end - at - 1);
  if (entry_.name.empty() || entry_.name == "." || entry_.name == ".." ||
      entry_.name.find('/') != std::string_view::npos) {
    throw Error("a tree of the repository has an entry with the name \"" + printable(entry_.name) + "\"",
                "run git fsck");
  }
  std::array<unsigned char, kIdSize> bytes{};
  std::memcpy(bytes.data(), rest_.data() + end + 1, bytes.size());
  entry_.id = ObjectId(bytes);
  rest_.remove_prefix(end + kIdSize + 1);
}

bool TreeCursor::seek(std::string_view name) {
  while (!at_end_ && entry_.name != name) {
    std::size_t skipped = 0;
    for (std::size_t end = rest_.find('\0'); end != std::string_view::npos && rest_.size() - end > kIdSize;
         end = rest_.find('\0', skipped)) {
      // The mode is before the name, so this is only a candidate.
      if (rest_.substr(skipped, end - skipped).ends_with(name)) break;
      skipped = end + 1 + kIdSize;
    }
    rest_.remove_prefix(skipped);
    advance();
  }
  return !at_end_;
}

void TreeCursor::skip_same(TreeCursor& left, TreeCursor& right) {
  const std::string_view one = left.rest_;
  const std::string_view other = right.rest_;
  std::size_t skipped = 0;
  while (true) {
    const std::size_t name_end = one.find('\0', skipped);
    if (name_end == std::string_view::npos || one.size() - name_end <= kIdSize) break;
    const std::size_t size = name_end + 1 + kIdSize - skipped;
    if (one.compare(skipped, size, other.substr(std::min(skipped, other.size()), size)) != 0) break;
    skipped += size;
  }
  left.rest_.remove_prefix(skipped);
  right.rest_.remove_prefix(skipped);
  left.advance();
  right.advance();
}

int compare_in_tree(const TreeEntry& left, const TreeEntry& right) {
  const std::size_t shared = std::min(left.name.size(), right.name.size());
  if (const int order = std::memcmp(left.name.data(), right.name.data(), shared); order != 0) return order;
  const auto next = [shared](const TreeEntry& entry) {
    if (entry.name.size() > shared) return static_cast<int>(static_cast<unsigned char>(entry.name[shared]));
    return entry.is_tree() ? static_cast<int>('/') : 0;
  };
  return next(left) - next(right);
}

ScopeAt::ScopeAt(const std::vector<std::string>& prefixes) : all_(prefixes.empty()) {
  for (const std::string& prefix : prefixes) {
    rest_.push_back(trimmed(prefix));
    if (rest_.back().empty()) all_ = true;
  }
  std::sort(rest_.begin(), rest_.end());
}

ScopeAt ScopeAt::below(std::string_view name) const {
  ScopeAt result;
  result.all_ = all_;
  if (all_) return result;
  for (auto it = std::lower_bound(rest_.begin(), rest_.end(), name); it != rest_.end() && it->starts_with(name); ++it) {
    if (it->size() == name.size()) {
      result.all_ = true;
      result.rest_.clear();
      return result;
    }
    if ((*it)[name.size()] == '/') result.rest_.push_back(it->substr(name.size() + 1));
  }
  return result;
}

bool in_scope(const std::vector<std::string>& prefixes, std::string_view path) {
  return prefixes.empty() || std::any_of(prefixes.begin(), prefixes.end(), [path](const std::string& given) {
           const std::string_view prefix = trimmed(given);
           return prefix.empty() ||
                  (path.starts_with(prefix) && (path.size() == prefix.size() || path[prefix.size()] == '/'));
         });
}

}  // namespace flowship::git
