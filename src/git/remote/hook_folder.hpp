#pragma once

#include "git/repository.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace flowship::git {

/// What to do about a hook that somebody else has put where ours is to go.
enum class OtherHook {
  /// Leave it alone, and throw.
  refuse,
  /// Keep it under another name, where ours finds it and runs it first.
  keep,
};

/// What installing or taking away a hook came to.
enum class HookChange { installed, updated, unchanged, removed, restored, absent };

/// The folder that git runs this repository's hooks from (`core.hooksPath`, linked work trees and bare repositories
/// included), and what of it is flowship's.
class HookFolder {
 public:
  explicit HookFolder(const Repository& repository);

  const std::filesystem::path& path() const { return path_; }
  /// Where the hook `name` lies.
  std::filesystem::path file(const std::string& name) const { return path_ / name; }

  /// Whether the hook `name` is flowship's.
  bool is_own(const std::string& name) const;
  /// Throws where `install` would refuse because of what is there.
  void expect_room(const std::string& name, OtherHook other) const;
  /// Puts `script` there as the hook `name`. An older one of flowship's is replaced.
  HookChange install(const std::string& name, std::string_view script, OtherHook other) const;
  /// Takes flowship's hook away and puts back what `install` has kept. Throws when the hook is somebody else's.
  HookChange uninstall(const std::string& name) const;

 private:
  /// Where a hook that was there before is kept; the scripts know this name.
  std::filesystem::path kept(const std::string& name) const;

  std::filesystem::path path_;
};

/// The line that tells flowship's own scripts from anybody else's.
inline constexpr std::string_view kHookMark = "# flowship's hook";

}  // namespace flowship::git
