#pragma once

#include "api/service.hpp"

namespace flowship::api {

/// Reads the response of a list request. The list must be whole: a response without a `flows` array, with an entry
/// without id, or with fewer entries than its `total`, is a failure.
Listed read_list(Outcome outcome);

}  // namespace flowship::api
