#pragma once

#include "deploy/catalogue.hpp"
#include "flow/reading.hpp"

namespace flowship::deploy {

/// Adds to the problems of a reading that holds some of a revision's flows: ids of these flows that others of the
/// revision have too, or have but for the case of letters.
void add_clashes(const Catalogue& catalogue, flow::Reading& reading);

}  // namespace flowship::deploy
