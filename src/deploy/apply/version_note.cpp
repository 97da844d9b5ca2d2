#include "deploy/apply/version_note.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "check/rules/secrets.hpp"

namespace flowship::deploy {

namespace {

constexpr std::size_t kMostCharacters = 200;

/// At most `most` characters (not bytes) of well-formed UTF-8; the last one is `…` if some are left out.
std::string shortened(std::string_view text, std::size_t most) {
  std::string kept;
  std::string before_last;
  std::string_view rest = text;
  for (std::size_t count = 0; !rest.empty(); ++count) {
    if (count == most) return before_last + "…";
    if (count + 1 == most) before_last = kept;
    const Character character = first_character(rest);
    append_utf8(kept, character.code);
    rest.remove_prefix(character.bytes.size());
  }
  return kept;
}

}  // namespace

std::string version_note(std::string_view subject, const std::string& commit) {
  if (subject.empty()) return commit;
  const std::string id = " (" + commit + ")";
  // Masked before it is cut, since a part of a secret is not recognised.
  return shortened(printable(check::with_message_masked(subject)), kMostCharacters - id.size()) + id;
}

std::string version_note(const Workspace& workspace, const std::string& target) {
  if (!workspace.environment.changelog.value_or(true)) return {};
  const std::optional<git::ObjectId> commit = git::ObjectId::from_hex(target);
  if (!commit) return {};
  try {
    return version_note(workspace.repository.facts(*commit).subject, target);
  } catch (const Error&) {
    // A rollback's target may no longer exist in this repository.
    return target;
  }
}

}  // namespace flowship::deploy
