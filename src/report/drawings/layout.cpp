#include "report/drawings/layout.hpp"

#include "base/text/printable.hpp"
#include "report/drawings/routing.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <unordered_map>

namespace flowship::report {

namespace {

constexpr double kMargin = 24;
constexpr double kBoxWidth = 256;
constexpr double kEntryWidth = 96;
constexpr double kTitleLine = 16;
constexpr double kRow = 24;
/// From canvas units to the drawing's, whose boxes are a little smaller than the console's.
constexpr double kScale = 0.8;
/// The longest distance from one task to the next, along either axis.
constexpr double kLongestStep = 720;
/// From a task to one beside it that has no position of its own.
constexpr double kColumnStep = 384;
constexpr double kGap = 28;
constexpr int kTitleCells = 24;
constexpr int kRowCells = 30;

/// `text` in one or two lines, broken at a space where there is one.
std::vector<std::string> title_lines(std::string_view text) {
  std::string safe = printable(text);
  if (display_width(safe) <= kTitleCells) return {safe};
  std::string_view first = fitting(safe, kTitleCells);
  const std::size_t space = first.rfind(' ');
  if (space != std::string_view::npos && space > 0) first = first.substr(0, space);
  std::string_view rest = std::string_view(safe).substr(first.size());
  if (rest.starts_with(' ')) rest.remove_prefix(1);
  return {std::string(first), cut_to(rest, kTitleCells)};
}

Box box_of(const flow::Task& task) {
  Box box;
  box.title = title_lines(task.title());
  if (task.kind == flow::TaskKind::entry) {
    box.width = kEntryWidth;
    box.head = box.height = 40;
    box.title = {cut_to(task.title(), 9)};
    return box;
  }
  box.width = kBoxWidth;
  box.head = 40 + kTitleLine * static_cast<double>(box.title.size());
  box.height = box.head;
  return box;
}

/// Limits the steps between neighbouring coordinates to `kLongestStep`, and starts them at zero.
void shorten(const std::vector<double*>& coordinates) {
  std::vector<double*> sorted = coordinates;
  std::sort(sorted.begin(), sorted.end(), [](const double* left, const double* right) { return *left < *right; });
  double before = sorted.empty() ? 0 : *sorted.front();
  double placed = 0;
  for (double* coordinate : sorted) {
    const double step = (*coordinate - before) * kScale;
    before = *coordinate;
    placed += std::min(step, kLongestStep);
    *coordinate = placed;
  }
}

/// Positions all boxes.
class Placing {
 public:
  Placing(const flow::Graph& graph, std::vector<Box>& boxes) : graph_(graph), boxes_(boxes), placed_(boxes.size()) {}

  void run() {
    place_by_canvas();
    place_beside();
    move_apart();
  }

 private:
  void place_by_canvas() {
    std::vector<double*> xs;
    std::vector<double*> ys;
    for (std::size_t index = 0; index < boxes_.size(); ++index) {
      const std::optional<flow::Point>& position = graph_.tasks[index].position;
      if (!position) continue;
      boxes_[index].corner = *position;
      placed_[index] = true;
      xs.push_back(&boxes_[index].corner.x);
      ys.push_back(&boxes_[index].corner.y);
    }
    shorten(xs);
    shorten(ys);
  }

  /// Follows the edges from all placed boxes, then from the start, then from whatever is left.
  void place_beside() {
    for (const flow::Edge& edge : graph_.edges) targets_[edge.from].push_back(edge.to);
    std::vector<std::size_t> open;
    for (std::size_t index = 0; index < boxes_.size(); ++index) {
      if (placed_[index]) open.push_back(index);
    }
    for (const std::size_t index : open) lowest_ = std::max(lowest_, boxes_[index].bottom());
    follow(open);
    for (std::size_t index = 0; index < boxes_.size(); ++index) {
      if (graph_.tasks[index].kind == flow::TaskKind::entry) begin_at(index);
    }
    if (graph_.start) begin_at(*graph_.start);
    for (std::size_t index = 0; index < boxes_.size(); ++index) begin_at(index);
  }

  void begin_at(std::size_t index) {
    if (placed_[index]) return;
    boxes_[index].corner = {0, lowest_ + kGap};
    lowest_ = boxes_[index].bottom();
    placed_[index] = true;
    follow({index});
  }

  void follow(std::vector<std::size_t> open) {
    for (std::size_t next = 0; next < open.size(); ++next) {
      const Box& from = boxes_[open[next]];
      for (const std::size_t to : targets_[open[next]]) {
        if (placed_[to]) continue;
        boxes_[to].corner = {from.corner.x + kColumnStep, from.corner.y};
        placed_[to] = true;
        open.push_back(to);
        lowest_ = std::max(lowest_, boxes_[to].bottom());
      }
    }
  }

  /// From top to bottom, moves each box below those it would overlap; narrow columns record what is occupied.
  void move_apart() {
    constexpr double kColumn = 8;
    std::vector<std::size_t> order(boxes_.size());
    for (std::size_t index = 0; index < order.size(); ++index) order[index] = index;
    std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
      return boxes_[left].corner.y < boxes_[right].corner.y;
    });
    std::unordered_map<long, double> bottoms;
    for (const std::size_t index : order) {
      Box& box = boxes_[index];
      const long first = std::lround(std::floor(box.corner.x / kColumn));
      const long last = std::lround(std::floor(box.right() / kColumn));
      for (long column = first; column <= last; ++column) {
        const auto bottom = bottoms.find(column);
        if (bottom != bottoms.end()) box.corner.y = std::max(box.corner.y, bottom->second + kGap);
      }
      for (long column = first; column <= last; ++column) bottoms[column] = box.bottom();
    }
  }

  const flow::Graph& graph_;
  std::vector<Box>& boxes_;
  std::vector<bool> placed_;
  std::unordered_map<std::size_t, std::vector<std::size_t>> targets_;
  /// The lowest bottom of all placed boxes.
  double lowest_ = -kGap;
};

void add_rows(const flow::Graph& graph, std::vector<Box>& boxes) {
  for (std::size_t index = 0; index < graph.edges.size(); ++index) {
    const flow::Edge& edge = graph.edges[index];
    Box& box = boxes[edge.from];
    if (edge.label.empty() || graph.tasks[edge.from].kind == flow::TaskKind::entry) continue;
    if (box.rows.empty()) box.height += 6;
    box.rows.push_back({index, cut_to(edge.label, kRowCells), box.height - 6 + kRow / 2});
    box.height += kRow;
  }
}

/// Moves everything to the margin, and measures it.
void fit(Layout& layout) {
  flow::Point least{std::numeric_limits<double>::max(), std::numeric_limits<double>::max()};
  flow::Point most;
  const auto include = [&](flow::Point point) {
    least = {std::min(least.x, point.x), std::min(least.y, point.y)};
    most = {std::max(most.x, point.x), std::max(most.y, point.y)};
  };
  for (const Box& box : layout.boxes) {
    include(box.corner);
    include({box.right(), box.bottom()});
  }
  for (const Arrow& arrow : layout.arrows) {
    for (const flow::Point& point : arrow.points) include(point);
  }
  if (layout.boxes.empty()) least = {};
  const auto move = [&](flow::Point& point) { point = {point.x - least.x + kMargin, point.y - least.y + kMargin}; };
  for (Box& box : layout.boxes) move(box.corner);
  for (Arrow& arrow : layout.arrows) {
    for (flow::Point& point : arrow.points) move(point);
  }
  layout.width = most.x - least.x + 2 * kMargin;
  layout.height = most.y - least.y + 2 * kMargin;
}

}  // namespace

std::string marked(std::string_view text, flow::Mark mark) {
  return mark == flow::Mark::none ? std::string(text) : std::string(flow::sign_of(mark)) + " " + std::string(text);
}

std::string_view colour_of(flow::Mark mark) {
  // In the order of Mark.
  constexpr std::array kColours{"", "#15803d", "#b45309", "#be123c"};
  return kColours.at(static_cast<std::size_t>(mark));
}

std::string node_id(std::size_t task) { return "t" + std::to_string(task); }

std::string task_label(const flow::Task& task) {
  return task.title() + (task.kind == flow::TaskKind::missing ? " (no such task)" : "");
}

Layout layout_of(const flow::Graph& graph) {
  Layout layout;
  layout.boxes.reserve(graph.tasks.size());
  for (const flow::Task& task : graph.tasks) layout.boxes.push_back(box_of(task));
  add_rows(graph, layout.boxes);
  Placing(graph, layout.boxes).run();
  layout.arrows = arrows_of(graph, layout.boxes);
  fit(layout);
  return layout;
}

}  // namespace flowship::report
