#include "base/files/secret_file.hpp"

#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/text/printable.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace flowship {

Secret read_secret_file(const std::string& path, std::string_view what) {
  const std::string named = std::string(what) + " " + printable(path);
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0) {
    throw Error("there is no " + named, "create it, and make it readable by its owner only: chmod 600",
                Fault::credentials);
  }
  const mode_t of_others = S_IRWXO | (facts.st_uid == ::geteuid() ? S_IRWXG : S_IWGRP);
  // A device or a pipe is refused below, and its mode must not be changed.
  if (S_ISREG(facts.st_mode) && (facts.st_mode & of_others) != 0) {
    throw Error("the " + named + " can be read or changed by others", "run: chmod 600 " + printable(path),
                Fault::credentials);
  }
  std::string text;
  try {
    text = read_file(path, kSecretLimit).value_or("");
  } catch (const Error& error) {
    throw Error(error.message(), "name a file that the user of this process can read", Fault::credentials);
  }
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return Secret(std::move(text));
}

}  // namespace flowship
