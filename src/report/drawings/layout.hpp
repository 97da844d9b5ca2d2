#pragma once

#include "flow/graph/graph.hpp"

#include <string>
#include <string_view>
#include <vector>

// Where everything of a drawn flow lies. All lengths are in the drawing's own units, from its top left corner.

namespace flowship::report {

/// One way out of a task, as a row of its box.
struct Row {
  /// Indexes in `Graph::edges`.
  std::size_t edge = 0;
  /// The label, cut to fit.
  std::string text;
  double middle = 0;
};

/// A task as it is drawn: a head with its name, and below it a row for each way out that has a label.
struct Box {
  flow::Point corner;
  double width = 0;
  double height = 0;
  double head = 0;
  /// The name, in one or two lines, cut to fit.
  std::vector<std::string> title;
  std::vector<Row> rows;

  double right() const { return corner.x + width; }
  double bottom() const { return corner.y + height; }
  /// Where arrows arrive, and those without a label leave.
  double middle() const { return corner.y + head / 2; }
};

struct Arrow {
  std::size_t edge = 0;
  /// From the right of a box to the left of one: the corners of a way around, or just the two ends.
  std::vector<flow::Point> points;
};

struct Layout {
  double width = 0;
  double height = 0;
  /// One for each task.
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
};

/// Puts each task where it lies on the canvas. One without a place goes beside the task that leads to it; boxes that
/// would lie on each other move down, and empty stretches are shortened.
Layout layout_of(const flow::Graph& graph);

/// `text` behind the sign of its mark, if any.
std::string marked(std::string_view text, flow::Mark mark);

/// `text` made safe to show and cut to `cells`, with `…` at its end where something was cut.
std::string cut_to(std::string_view text, int cells);

}  // namespace flowship::report
