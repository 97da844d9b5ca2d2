#include "base/text/glob.hpp"

#include <algorithm>
#include <fnmatch.h>
#include <iterator>

namespace flowship {

// Not Poco::Glob: its time doubles with each `*`.
bool matches_glob(const std::string& glob, const std::string& text) {
  const std::size_t special = glob.find_first_of("*?[\\");
  if (special == std::string::npos) return glob == text;
  if (glob[special] == '*' && special + 1 == glob.size()) return text.compare(0, special, glob, 0, special) == 0;
  return fnmatch(glob.c_str(), text.c_str(), 0) == 0;
}

std::vector<std::string> with_globs_resolved(const std::vector<std::string>& wanted,
                                             const std::vector<std::string>& known) {
  std::vector<std::string> result;
  for (const std::string& text : wanted) {
    const std::size_t before = result.size();
    if (text.find_first_of("*?[") != std::string::npos) {
      std::copy_if(known.begin(), known.end(), std::back_inserter(result),
                   [&](const std::string& name) { return matches_glob(text, name); });
    }
    if (result.size() == before) result.push_back(text);
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace flowship
