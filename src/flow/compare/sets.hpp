#pragma once

#include "json/document.hpp"
#include "json/pointer.hpp"

#include <optional>

namespace flowship::flow {

/// The list around a path into a flow, or at it, whose order means nothing to the service; nothing if there is none.
std::optional<json::Pointer> set_around(const json::Pointer& path);

/// Whether two lists (absent: empty) have the same elements, in whatever order.
bool same_set(json::Value a, json::Value b);

}  // namespace flowship::flow
