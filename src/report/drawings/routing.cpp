#include "report/drawings/routing.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

namespace flowship::report {

namespace {

/// Between arrows that run along each other.
constexpr double kLane = 6;
/// What an arrow keeps from a third box.
constexpr double kAside = 6;
/// How many ways around are tried for one arrow.
constexpr std::ptrdiff_t kMostChannels = 60;
/// A longer arrow takes its shortest way, whatever boxes are there: nobody sees both of its ends, and to look along all
/// such arrows takes time that grows with the square of the flow.
constexpr double kFarthest = 6000;

double bezier(double a, double b, double c, double d, double t) {
  const double s = 1 - t;
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
}

/// Finds the boxes near a line without looking at all of them.
class BoxGrid {
 public:
  explicit BoxGrid(const std::vector<Box>& boxes) : boxes_(boxes) {
    for (std::size_t index = 0; index < boxes.size(); ++index) {
      const Box& box = boxes[index];
      for (long column = cell(box.corner.x - kAside); column <= cell(box.right() + kAside); ++column) {
        for (long row = cell(box.corner.y - kAside); row <= cell(box.bottom() + kAside); ++row) {
          cells_[{column, row}].push_back(index);
        }
      }
    }
  }

  /// Whether no box other than its two ends is at or beside an arrow, and those are not behind it.
  bool is_free(const Arrow& arrow, std::size_t from, std::size_t to) const {
    const std::vector<flow::Point> points = arrow.points.size() == 2 ? points_along(arrow) : arrow.points;
    for (std::size_t at = 1; at < points.size(); ++at) {
      if (is_taken(points[at - 1], points[at], from, to)) return false;
    }
    return true;
  }

 private:
  static long cell(double value) { return std::lround(std::floor(value / 160)); }

  /// Whether a box is in the rectangle between two points that are close, or in line with an axis.
  bool is_taken(flow::Point one, flow::Point other, std::size_t from, std::size_t to) const {
    const auto [left, right] = std::minmax({one.x, other.x});
    const auto [top, bottom] = std::minmax({one.y, other.y});
    for (long column = cell(left); column <= cell(right); ++column) {
      for (long row = cell(top); row <= cell(bottom); ++row) {
        const auto found = cells_.find({column, row});
        if (found == cells_.end()) continue;
        for (const std::size_t index : found->second) {
          const double aside = index == from || index == to ? -1 : kAside;
          const Box& box = boxes_[index];
          if (right > box.corner.x - aside && left < box.right() + aside && bottom > box.corner.y - aside &&
              top < box.bottom() + aside) {
            return true;
          }
        }
      }
    }
    return false;
  }

  const std::vector<Box>& boxes_;
  std::map<std::pair<long, long>, std::vector<std::size_t>> cells_;
};

class Routing {
 public:
  Routing(const flow::Graph& graph, const std::vector<Box>& boxes) : graph_(graph), boxes_(boxes), grid_(boxes) {
    std::set<double> edges;
    for (const Box& box : boxes) {
      edges.insert(box.corner.y - kClearance / 2 - kAside / 2);
      edges.insert(box.bottom() + kClearance / 2 + kAside / 2);
    }
    channels_.assign(edges.begin(), edges.end());
  }

  std::vector<Arrow> run() {
    std::vector<Arrow> arrows;
    std::vector<std::size_t> next_row(boxes_.size());
    for (std::size_t index = 0; index < graph_.edges.size(); ++index) {
      const flow::Edge& edge = graph_.edges[index];
      const Box& from = boxes_[edge.from];
      flow::Point begin{from.right(), from.middle()};
      std::size_t& row = next_row[edge.from];
      if (row < from.rows.size() && from.rows[row].edge == index) begin.y = from.corner.y + from.rows[row++].middle;
      arrows.push_back({index, {begin, {boxes_[edge.to].corner.x, boxes_[edge.to].middle()}}});
    }
    spread_ends(arrows);
    for (Arrow& arrow : arrows) route(arrow);
    return arrows;
  }

 private:
  /// Arrows at one box arrive one above the other, in the order of where they come from.
  void spread_ends(std::vector<Arrow>& arrows) const {
    std::vector<std::vector<Arrow*>> arriving(boxes_.size());
    for (Arrow& arrow : arrows) arriving[graph_.edges[arrow.edge].to].push_back(&arrow);
    for (std::size_t index = 0; index < boxes_.size(); ++index) {
      std::vector<Arrow*>& ends = arriving[index];
      if (ends.size() < 2) continue;
      std::stable_sort(ends.begin(), ends.end(), [](const Arrow* left, const Arrow* right) {
        return left->points.front().y < right->points.front().y;
      });
      const double room = std::max(0.0, boxes_[index].head - 20);
      const double step = std::min(2 * kLane, room / static_cast<double>(ends.size() - 1));
      double y = boxes_[index].middle() - step * static_cast<double>(ends.size() - 1) / 2;
      for (Arrow* arrow : ends) {
        arrow->points.back().y = y;
        y += step;
      }
    }
  }

  void route(Arrow& arrow) {
    const flow::Edge& edge = graph_.edges[arrow.edge];
    const flow::Point begin = arrow.points.front();
    const flow::Point end = arrow.points.back();
    const bool is_far = std::hypot(end.x - begin.x, end.y - begin.y) > kFarthest;
    if (end.x > begin.x + kClearance && (is_far || grid_.is_free(arrow, edge.from, edge.to))) return;
    const std::size_t lane = departures_[edge.from]++ % 3;
    const double right = begin.x + kClearance - static_cast<double>(lane) * kLane;
    const double left = end.x - kClearance + static_cast<double>(arrivals_[edge.to]++ % 3) * kLane;
    std::vector<Arrow> ways;
    for (const double channel : near_channels(begin.y, end.y)) {
      const double y = channel + lane_of(channel);
      ways.push_back({arrow.edge, {begin, {right, begin.y}, {right, y}, {left, y}, {left, end.y}, end}});
    }
    std::stable_sort(ways.begin(), ways.end(),
                     [](const Arrow& one, const Arrow& other) { return length(one) < length(other); });
    const auto free = std::find_if(ways.begin(), ways.end(),
                                   [&](const Arrow& way) { return is_far || grid_.is_free(way, edge.from, edge.to); });
    arrow = free == ways.end() ? ways.front() : *free;
    ++used_[key(arrow.points[2].y)];
  }

  /// The space between boxes nearest to where the arrow goes, and beyond all of them.
  std::vector<double> near_channels(double begin, double end) const {
    const auto middle = std::lower_bound(channels_.begin(), channels_.end(), (begin + end) / 2);
    const std::ptrdiff_t before = std::min(middle - channels_.begin(), kMostChannels / 2);
    const std::ptrdiff_t after = std::min(channels_.end() - middle, kMostChannels / 2);
    std::vector<double> near(middle - before, middle + after);
    near.push_back(channels_.front());
    near.push_back(channels_.back());
    return near;
  }

  static long key(double y) { return std::lround(y / (3 * kLane)); }

  /// Beside those that run there already.
  double lane_of(double channel) const {
    const auto found = used_.find(key(channel));
    if (found == used_.end()) return 0;
    const int number = found->second % 3;
    return number == 0 ? 0 : number == 1 ? kLane : -kLane;
  }

  static double length(const Arrow& arrow) {
    double sum = 0;
    for (std::size_t at = 1; at < arrow.points.size(); ++at) {
      sum +=
          std::abs(arrow.points[at].x - arrow.points[at - 1].x) + std::abs(arrow.points[at].y - arrow.points[at - 1].y);
    }
    return sum;
  }

  const flow::Graph& graph_;
  const std::vector<Box>& boxes_;
  const BoxGrid grid_;
  std::vector<double> channels_;
  std::map<long, int> used_;
  std::map<std::size_t, std::size_t> departures_;
  std::map<std::size_t, std::size_t> arrivals_;
};

}  // namespace

double bend_of(flow::Point begin, flow::Point end) { return std::max(40.0, (end.x - begin.x) / 2); }

std::vector<flow::Point> points_along(const Arrow& arrow) {
  std::vector<flow::Point> points;
  const bool is_curve = arrow.points.size() == 2;
  for (std::size_t at = 1; at < arrow.points.size(); ++at) {
    const flow::Point begin = arrow.points[at - 1];
    const flow::Point end = arrow.points[at];
    const double bend = bend_of(begin, end);
    const int steps = std::max(4, static_cast<int>(std::hypot(end.x - begin.x, end.y - begin.y) / 12));
    for (int step = 0; step <= steps; ++step) {
      const double t = static_cast<double>(step) / steps;
      points.push_back(is_curve ? flow::Point{bezier(begin.x, begin.x + bend, end.x - bend, end.x, t),
                                              bezier(begin.y, begin.y, end.y, end.y, t)}
                                : flow::Point{begin.x + (end.x - begin.x) * t, begin.y + (end.y - begin.y) * t});
    }
  }
  return points;
}

std::vector<Arrow> arrows_of(const flow::Graph& graph, const std::vector<Box>& boxes) {
  return boxes.empty() ? std::vector<Arrow>() : Routing(graph, boxes).run();
}

}  // namespace flowship::report
