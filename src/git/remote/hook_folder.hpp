#pragma once

#include "git/repository.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace flowship::git {

/// What to do about somebody else's hook of the same name.
enum class OtherHook {
  /// Leave it alone, and throw.
  refuse,
  /// Keep it under another name; ours runs it first.
  keep,
};

/// The result of installing or removing a hook.
enum class HookChange { installed, updated, unchanged, removed, restored, absent };

/// The folder of this repository's hooks (with `core.hooksPath`, in linked work trees and bare repositories too) and
/// flowship's hooks in it.
class HookFolder {
 public:
  explicit HookFolder(const Repository& repository);

  const std::filesystem::path& path() const { return path_; }
  /// The path of the hook `name`.
  std::filesystem::path file(const std::string& name) const { return path_ / name; }

  /// Whether the hook `name` is flowship's.
  bool is_own(const std::string& name) const;
  /// Throws if `install` would refuse because of an existing hook.
  void expect_room(const std::string& name, OtherHook other) const;
  /// Installs `script` as the hook `name`, replacing an older one of flowship's.
  HookChange install(const std::string& name, std::string_view script, OtherHook other) const;
  /// Removes flowship's hook and restores the one that `install` kept. Throws if the hook is somebody else's.
  HookChange uninstall(const std::string& name) const;

 private:
  /// Where an earlier hook is kept; the scripts know this name.
  std::filesystem::path kept(const std::string& name) const;

  std::filesystem::path path_;
};

/// The line that identifies flowship's scripts.
inline constexpr std::string_view kHookMark = "# flowship's hook";

}  // namespace flowship::git
