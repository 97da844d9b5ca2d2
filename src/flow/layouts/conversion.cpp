#include "flow/layouts/conversion.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "flow/layouts/layouts.hpp"

#include <algorithm>

namespace flowship::flow {

Conversion converted(const Flow& source, Layout layout, const std::string& path) {
  const auto facts = std::find_if(layouts().begin(), layouts().end(), [&](const LayoutFacts& candidate) {
    return candidate.layout == source.source.layout;
  });
  Conversion conversion;
  for (LeftOut& value : facts->left_out(source)) {
    if (!value.is_needless) {
      throw Error(printable(source.source.path) + ": " + printable(value.pointer) +
                      " is no part of the flow, or differs from what is said elsewhere, and would be lost",
                  "take it out, or make it agree, and convert again");
    }
    conversion.dropped.push_back(std::move(value.pointer));
  }
  conversion.files = files_of(source, layout, path, nullptr);
  return conversion;
}

}  // namespace flowship::flow
