#include "report/html/skeletons.hpp"

#include <algorithm>
#include <stdexcept>
#include <string>

namespace flowship::report {

Skeletons::Skeletons(std::string_view file) {
  constexpr std::string_view kOpen = "<!-- ";
  constexpr std::string_view kClose = " -->\n";
  constexpr std::string_view kNext = "\n<!-- ";
  while (file.starts_with(kOpen)) {
    const std::size_t close = file.find(kClose);
    if (close == std::string_view::npos) throw std::logic_error("a skeleton's name is not closed");
    const std::string_view name = file.substr(kOpen.size(), close - kOpen.size());
    file.remove_prefix(close + kClose.size());
    const std::size_t end = std::min(file.find(kNext), file.size() - (file.ends_with('\n') ? 1 : 0));
    skeletons_.emplace(name, file.substr(0, end));
    file.remove_prefix(std::min(end + 1, file.size()));
  }
}

Markup Skeletons::fill(std::string_view name, std::initializer_list<std::pair<std::string_view, Markup>> values) const {
  const auto skeleton = skeletons_.find(name);
  if (skeleton == skeletons_.end()) throw std::logic_error("no skeleton " + std::string(name));
  std::string result;
  std::string_view rest = skeleton->second;
  for (std::size_t open = rest.find("{{"); open != std::string_view::npos; open = rest.find("{{")) {
    const std::string_view placeholder = rest.substr(open + 2, rest.find("}}") - open - 2);
    const auto value =
        std::find_if(values.begin(), values.end(), [&](const auto& one) { return one.first == placeholder; });
    if (value == values.end()) throw std::logic_error("no value for {{" + std::string(placeholder) + "}}");
    result.append(rest.substr(0, open)).append(value->second.str());
    rest.remove_prefix(open + placeholder.size() + 4);
  }
  return Markup::verbatim(result.append(rest));
}

}  // namespace flowship::report
