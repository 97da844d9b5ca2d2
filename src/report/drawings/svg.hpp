#pragma once

#include "flow/graph/graph.hpp"

#include <string>

namespace flowship::report {

struct SvgOptions {
  /// Begins the ids inside, so that several drawings can stand on one page.
  std::string id = "flow";
  /// With it the drawing is whole by itself, light or dark as its viewer prefers. A page that gives `svg_style()` to
  /// all its drawings leaves it out.
  enum class Style { inside, outside } style = Style::inside;
};

/// The graph as an SVG image: boxes at their canvas positions, a row for each labelled way out of a task, arrows to
/// where it leads. What a drawing shows by colour it says by words or signs as well, and for those who don't see it
/// there is a description. Texts are escaped, cut where they are too long, and whole in the boxes' tooltips.
std::string svg_drawing(const flow::Graph& graph, const SvgOptions& options = {});

/// CSS for all drawings. Colours are variables (`--flow-…`) that a page may set for `.flow-drawing`.
std::string_view svg_style();

}  // namespace flowship::report
