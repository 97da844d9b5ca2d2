#pragma once

#include "flow/graph/graph.hpp"

#include <optional>
#include <string>

namespace flowship::report {

struct SvgOptions {
  /// Prefix of the ids inside, which must differ between drawings on one page.
  std::string id = "flow";
  /// Inside, the drawing is self-contained, light or dark as its viewer prefers. Outside, the page has to load
  /// `svg_style()`.
  enum class Style { inside, outside } style = Style::inside;
};

/// The graph as an SVG image: boxes at their canvas positions, with a row per labelled transition, and arrows between
/// them. Words or signs repeat what colours show, and a description serves screen readers. Texts are escaped and cut
/// to fit; tooltips show them in full.
std::string svg_drawing(const flow::Graph& graph, const SvgOptions& options = {});

/// Where a drawing is looked at first: at what a newly open path avoids, at the first change, or at the flow's start.
struct FirstLook {
  /// Percentages of the drawing's width and height, as CSS has them.
  std::string left;
  std::string top;
};

/// Nothing for a flow without tasks.
std::optional<FirstLook> first_look(const flow::Graph& graph);

/// CSS for all drawings. Colours are variables (`--flow-…`) that a page may set for `.flow-drawing`.
std::string_view svg_style();

/// CSS for `.canvas`, in which pages show a drawing: fitted, with a link to its full size.
std::string_view canvas_style();

}  // namespace flowship::report
