#include "flow/model/flow.hpp"

#include <algorithm>

namespace flowship::flow {

const Field* find(const Fields& fields, std::string_view name) {
  const auto found = std::find_if(fields.begin(), fields.end(), [&](const Field& field) { return field.name == name; });
  return found == fields.end() ? nullptr : &*found;
}

}  // namespace flowship::flow
