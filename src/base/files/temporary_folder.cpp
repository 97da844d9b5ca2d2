#include "base/files/temporary_folder.hpp"

#include "base/error.hpp"

#include <cstdlib>
#include <string>
#include <system_error>

namespace flowship {

TemporaryFolder::TemporaryFolder(std::string_view name) {
  std::string pattern = (std::filesystem::temp_directory_path() / name).string() + "-XXXXXX";
  if (::mkdtemp(pattern.data()) == nullptr) throw Error("cannot create a temporary folder like " + pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace flowship
