#pragma once

#include "report/drawings/layout.hpp"

#include <vector>

namespace flowship::report {

/// Below this distance to the right, an arrow goes around.
inline constexpr double kClearance = 20;

/// The arrows between boxes that have their places. An arrow is one curve from the right of a box to the left of
/// another where that crosses no third box; else it has corners, and keeps to the space between the boxes where there
/// is any. Arrows that would run along each other, or arrive at one box, keep a distance.
std::vector<Arrow> arrows_of(const flow::Graph& graph, const std::vector<Box>& boxes);

/// Points on an arrow's curve or its straight parts, close to each other.
std::vector<flow::Point> points_along(const Arrow& arrow);

/// How far the ends of an arrow's only curve pull it to the side.
double bend_of(flow::Point begin, flow::Point end);

}  // namespace flowship::report
