#include "git/remote/hook_folder.hpp"

#include "base/files/file_error.hpp"
#include "base/files/files.hpp"
#include "base/text/printable.hpp"
#include "git/remote/user_git.hpp"

#include <optional>
#include <system_error>

namespace flowship::git {

namespace {

namespace fs = std::filesystem;

/// Whether anything exists, including a dangling link.
bool is_there(const fs::path& path) {
  std::error_code ignored;
  const fs::file_type type = fs::symlink_status(path, ignored).type();
  return type != fs::file_type::not_found && type != fs::file_type::none;
}

/// The text of flowship's hook; nothing for any other.
std::optional<std::string> own_script(const fs::path& path) {
  std::error_code ignored;
  if (!fs::is_regular_file(fs::symlink_status(path, ignored))) return std::nullopt;
  std::optional<std::string> text = read_file(path);
  if (!text || text->find(kHookMark) == std::string::npos) return std::nullopt;
  return text;
}

void move_file(const fs::path& from, const fs::path& to) {
  std::error_code code;
  fs::rename(from, to, code);
  if (code) throw file_error("rename", from.native(), code.message());
}

void write_script(const fs::path& path, std::string_view script) {
  write_file_atomically(path, script);
  std::error_code code;
  using fs::perms;
  fs::permissions(
      path, perms::owner_all | perms::group_read | perms::group_exec | perms::others_read | perms::others_exec, code);
  if (code) throw file_error("make executable", path.native(), code.message());
}

}  // namespace

HookFolder::HookFolder(const Repository& repository) {
  const ProcessResult result = run_git(repository, {"rev-parse", "--git-path", "hooks"});
  if (result.status != 0) throw Error("asking git for the folder of hooks: " + complaint(result));
  const std::string answer = result.output.substr(0, result.output.find_last_not_of('\n') + 1);
  // Relative to where git runs hooks.
  path_ = (repository.is_bare() ? repository.git_directory() : repository.work_directory()) / answer;
  path_ = path_.lexically_normal();
}

fs::path HookFolder::kept(const std::string& name) const { return path_ / (name + ".before-flowship"); }

bool HookFolder::is_own(const std::string& name) const { return own_script(file(name)).has_value(); }

void HookFolder::expect_room(const std::string& name, OtherHook other) const {
  const fs::path hook = file(name);
  if (!is_there(hook) || own_script(hook)) return;
  if (other == OtherHook::refuse) {
    throw Error("there is a " + name + " hook already: " + printable(hook.string()),
                "--chain keeps it and runs it before flowship's");
  }
  if (is_there(kept(name))) {
    throw Error("cannot keep the " + name + " hook as " + printable(kept(name).string()) + ": that file already exists",
                "merge the two hooks, or remove the one that is not needed");
  }
}

HookChange HookFolder::install(const std::string& name, std::string_view script, OtherHook other) const {
  std::error_code code;
  fs::create_directories(path_, code);
  if (code) throw file_error("make the folder", path_.native(), code.message());
  const fs::path hook = file(name);
  if (!is_there(hook)) {
    write_script(hook, script);
    return HookChange::installed;
  }
  if (const std::optional<std::string> own = own_script(hook)) {
    const bool is_same = *own == script;
    write_script(hook, script);
    return is_same ? HookChange::unchanged : HookChange::updated;
  }
  expect_room(name, other);
  move_file(hook, kept(name));
  try {
    write_script(hook, script);
  } catch (...) {
    // Nobody may lose their own hook.
    move_file(kept(name), hook);
    throw;
  }
  return HookChange::installed;
}

HookChange HookFolder::uninstall(const std::string& name) const {
  const fs::path hook = file(name);
  if (!is_there(hook)) return HookChange::absent;
  if (!own_script(hook)) {
    throw Error("the " + name + " hook was not installed by flowship: " + printable(hook.string()),
                "remove it by hand if it is not needed");
  }
  if (is_there(kept(name))) {
    move_file(kept(name), hook);
    return HookChange::restored;
  }
  std::error_code code;
  fs::remove(hook, code);
  if (code) throw file_error("remove", hook.native(), code.message());
  return HookChange::removed;
}

}  // namespace flowship::git
