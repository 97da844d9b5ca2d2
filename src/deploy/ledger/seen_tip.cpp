#include "deploy/ledger/seen_tip.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"

#include <cctype>
#include <filesystem>
#include <string_view>

namespace flowship::deploy {

namespace {

/// A name as one component of a path or a ref: what is not a letter, digit, `-` or `_` is percent-encoded.
std::string component(const std::string& name) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string result;
  for (const unsigned char character : name) {
    if (std::isalnum(character) != 0 || character == '-' || character == '_') {
      result += static_cast<char>(character);
    } else {
      result += '%';
      result += kDigits[character >> 4U];
      result += kDigits[character & 0xFU];
    }
  }
  return result;
}

std::filesystem::path file_of(const git::Repository& repository, const std::string& ledger_ref) {
  return repository.common_directory() / "flowship" / (component(ledger_ref) + ".seen");
}

}  // namespace

std::string tracking_ref(const std::string& remote, const std::string& ledger_ref) {
  constexpr std::string_view kRefs = "refs/";
  return kTrackingRefs + component(remote) + "/" + ledger_ref.substr(kRefs.size());
}

std::optional<git::ObjectId> seen_tip(const git::Repository& repository, const std::string& ledger_ref) {
  const std::optional<std::string> text = read_file(file_of(repository, ledger_ref));
  return text ? git::ObjectId::from_hex(text->substr(0, text->find('\n'))) : std::nullopt;
}

void note_seen_tip(const git::Repository& repository, const std::string& ledger_ref, const git::ObjectId& tip) {
  const std::filesystem::path file = file_of(repository, ledger_ref);
  std::error_code ignored;
  std::filesystem::create_directories(file.parent_path(), ignored);
  try {
    write_file_atomically(file, tip.hex() + "\n");
  } catch (const Error&) {
    // Reading commands work in repositories that they may not write to.
  }
}

void forget_seen_tip(const git::Repository& repository, const std::string& ledger_ref) {
  std::error_code ignored;
  std::filesystem::remove(file_of(repository, ledger_ref), ignored);
}

Continuation continuation(const git::Repository& repository, git::ObjectId tip, const git::ObjectId& from) {
  while (tip != from) {
    if (!repository.has(tip)) return Continuation::unknown;
    const std::vector<git::ObjectId> parents = repository.facts(tip).parents;
    // libgit2 shows the oldest commit of a shallow history without its parents, as a first one.
    if (parents.empty() && repository.is_shallow()) return Continuation::unknown;
    if (parents.size() != 1) return Continuation::no;
    tip = parents.front();
  }
  return Continuation::yes;
}

}  // namespace flowship::deploy
