#include "base/text/glob.hpp"

#include <Poco/Glob.h>

#include <algorithm>
#include <iterator>

namespace flowship {

std::vector<std::string> with_globs_resolved(const std::vector<std::string>& wanted,
                                             const std::vector<std::string>& known) {
  std::vector<std::string> result;
  for (const std::string& text : wanted) {
    const std::size_t before = result.size();
    if (text.find_first_of("*?[") != std::string::npos) {
      Poco::Glob glob(text);
      std::copy_if(known.begin(), known.end(), std::back_inserter(result),
                   [&](const std::string& name) { return glob.match(name); });
    }
    if (result.size() == before) result.push_back(text);
  }
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

}  // namespace flowship
