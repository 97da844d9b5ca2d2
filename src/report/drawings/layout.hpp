#pragma once

#include "flow/graph/graph.hpp"
#include "report/text/characters.hpp"

#include <string>
#include <string_view>
#include <vector>

// Where the parts of a drawn flow are. Lengths are in the drawing's own units, from its top left corner.

namespace flowship::report {

/// A labelled transition out of a task, as a row of its box.
struct Row {
  /// Indexes in `Graph::edges`.
  std::size_t edge = 0;
  /// The label, cut to fit.
  std::string text;
  double middle = 0;
};

/// A task as it is drawn: a head with its name, and below it a row per labelled transition.
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
  /// From the right of one box to the left of another: the two ends, or the corners of a detour.
  std::vector<flow::Point> points;
};

struct Layout {
  double width = 0;
  double height = 0;
  /// One for each task.
  std::vector<Box> boxes;
  std::vector<Arrow> arrows;
};

/// Puts each task where it is on the canvas. One without a position goes beside the task that leads to it; overlapping
/// boxes move down, and long empty stretches are shortened.
Layout layout_of(const flow::Graph& graph);

/// Display width of a label in `dot` and Mermaid.
inline constexpr int kLabelWidth = 60;

/// A task's name in `dot` and Mermaid: never a keyword such as `end`.
std::string node_id(std::size_t task);

/// A task's title, and whether there is no such task.
std::string task_label(const flow::Task& task);

/// The colour of what a change did in `dot` and Mermaid; empty for no change.
std::string_view colour_of(flow::Mark mark);

/// `text` behind the sign of its mark, if any.
std::string marked(std::string_view text, flow::Mark mark);

}  // namespace flowship::report
