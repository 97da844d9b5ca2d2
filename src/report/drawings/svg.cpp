#include "report/drawings/svg.hpp"

#include "base/text/pluralize.hpp"
#include "report/drawings/layout.hpp"
#include "report/drawings/routing.hpp"
#include "report/drawings/task_order.hpp"
#include "report/html/markup.hpp"
#include "report/writers.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

namespace flowship::report {

namespace {

using flow::Mark;
using flow::TaskKind;

/// A length with at most one digit after the point, whatever the locale.
std::string length(double value) {
  const long tenths = std::lround(value * 10);
  std::string text = std::to_string(tenths / 10);
  if (tenths < 0 && tenths > -10) text = "-0";
  if (tenths % 10 != 0) text += "." + std::to_string(std::abs(tenths % 10));
  return text;
}

std::string at(double x, double y) { return " x=\"" + length(x) + "\" y=\"" + length(y) + "\""; }

std::string point(flow::Point place) { return length(place.x) + " " + length(place.y); }

std::string_view class_of(TaskKind kind) {
  // In the order of TaskKind.
  constexpr std::array kClasses{"entry", "screen", "action", "condition", "subflow", "other", "missing"};
  return kClasses.at(static_cast<std::size_t>(kind));
}

/// The icon of a kind of task, on a plate of 28 by 28.
std::string_view icon_of(TaskKind kind) {
  constexpr std::string_view kCircle = "M14 8a6 6 0 1 0 .01 0";
  // In the order of TaskKind.
  constexpr std::array<std::string_view, 7> kIcons{kCircle,
                                                   "M6 7h16v11H6zM11 22h6M14 18v4",
                                                   "M15 5L8 15h6l-1 8 7-10h-6z",
                                                   "M6 14h5M11 14l6-6h5M11 14l6 6h5",
                                                   "M6 6h9v9H6zM13 13h9v9h-9z",
                                                   kCircle,
                                                   "M14 7v9M14 20.5v.5"};
  return kIcons.at(static_cast<std::size_t>(kind));
}

std::string with_mark(std::string_view name, Mark mark) {
  return std::string(name) + (mark == Mark::none ? "" : " " + std::string(flow::to_text(mark)));
}

std::string tooltip(const flow::Task& task) {
  std::string text = task.title() + " (" + task.id + (task.second_id.empty() ? "" : " and " + task.second_id) + ")";
  text += ", " + flow::kind_text(task);
  if (task.mark != Mark::none) text += ", " + std::string(to_text(task.mark));
  return text;
}

/// With one digit after the point, whatever the locale.
std::string percent(double share) {
  const long thousandths = std::lround(share * 1000);
  return std::to_string(thousandths / 10) + "." + std::to_string(thousandths % 10) + "%";
}

/// Of rounded corners.
constexpr double kRadius = 10;

/// A path through the points with round corners; a single curve for two points.
std::string path_of(const std::vector<flow::Point>& points) {
  const flow::Point& end = points.back();
  std::string path = "M" + point(points.front());
  if (points.size() == 2) {
    const double bend = bend_of(points.front(), end);
    path += "C" + point({points.front().x + bend, points.front().y}) + " " + point({end.x - bend, end.y});
    return path + " " + point(end);
  }
  const auto towards = [](flow::Point from, flow::Point to) {
    const double distance = std::hypot(to.x - from.x, to.y - from.y);
    const double part = distance == 0 ? 0 : std::min(kRadius, distance / 2) / distance;
    return flow::Point{from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part};
  };
  for (std::size_t index = 1; index + 1 < points.size(); ++index) {
    path += "L" + point(towards(points[index], points[index - 1]));
    path += "Q" + point(points[index]) + " " + point(towards(points[index], points[index + 1]));
  }
  return path + "L" + point(end);
}

/// Writes one drawing.
class Svg {
 public:
  Svg(const flow::Graph& graph, const SvgOptions& options)
      : graph_(graph), options_(options), id_(markup_text(options.id)), layout_(layout_of(graph)) {}

  std::string text() {
    head();
    definitions();
    text_ +=
        "<rect class=\"paper\" width=\"100%\" height=\"100%\"/>\n<rect width=\"100%\" height=\"100%\" fill=\"url(#" +
        id_ + "-grid)\"/>\n";
    for (const Arrow& arrow : layout_.arrows) add(arrow);
    for (std::size_t index = 0; index < layout_.boxes.size(); ++index) add(graph_.tasks[index], layout_.boxes[index]);
    return std::move(text_) + "</svg>\n";
  }

 private:
  void head() {
    const std::string width = length(std::ceil(layout_.width));
    const std::string height = length(std::ceil(layout_.height));
    text_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"flow-drawing\" width=\"" + width + "\" height=\"" +
            height + "\" viewBox=\"0 0 " + width + " " + height + "\" role=\"img\" aria-labelledby=\"" + id_ +
            "-title\" aria-describedby=\"" + id_ + "-description\">\n";
    text_ += "<title id=\"" + id_ + "-title\">" + markup_text("Flow " + graph_.title) + "</title>\n";
    text_ += "<desc id=\"" + id_ + "-description\">" + markup_text(description()) + "</desc>\n";
    if (options_.style == SvgOptions::Style::inside) text_ += "<style>" + std::string(svg_style()) + "</style>\n";
  }

  /// The flow in sentences, for screen readers; cut to a length that can be listened to.
  std::string description() const {
    constexpr std::size_t kMostSentences = 100;
    std::string text = pluralize(graph_.tasks.size(), "task") + ".";
    std::size_t sentences = 0;
    for (const std::size_t task : task_order(graph_)) {
      for (const flow::Edge& edge : edges_from(graph_, task)) {
        if (++sentences > kMostSentences) {
          return text + " And " + std::to_string(graph_.edges.size() - kMostSentences) + " more transitions.";
        }
        text += " " + edge_text(edge) + ".";
      }
    }
    return text;
  }

  std::string edge_text(const flow::Edge& edge) const {
    std::string text = graph_.tasks[edge.from].title() + " leads to " + graph_.tasks[edge.to].title();
    if (!edge.label.empty()) text += " on “" + edge.label + "”";
    if (edge.mark != Mark::none) text += " (" + std::string(to_text(edge.mark)) + ")";
    return text;
  }

  void definitions() {
    text_ += "<defs>\n<pattern id=\"" + id_ +
             "-grid\" width=\"24\" height=\"24\" patternUnits=\"userSpaceOnUse\"><circle class=\"dot\" cx=\"1.5\" "
             "cy=\"1.5\" r=\"1\"/></pattern>\n";
    for (const Mark mark : {Mark::none, Mark::added, Mark::changed, Mark::removed}) {
      text_ += "<marker id=\"" + tip_of(mark) +
               "\" viewBox=\"0 0 10 10\" refX=\"9\" refY=\"5\" markerWidth=\"11\" markerHeight=\"11\" "
               "markerUnits=\"userSpaceOnUse\" orient=\"auto\"><path class=\"" +
               with_mark("tip", mark) + "\" d=\"M0 0.5L10 5L0 9.5z\"/></marker>\n";
    }
    text_ += "</defs>\n";
  }

  std::string tip_of(Mark mark) const {
    return id_ + "-tip" + (mark == Mark::none ? "" : "-" + std::string(to_text(mark)));
  }

  void add(const Arrow& arrow) {
    const flow::Edge& edge = graph_.edges[arrow.edge];
    text_ += "<g class=\"" + with_mark(edge.on_path ? "arrow open" : "arrow", edge.mark) + "\"><title>" +
             markup_text(edge_text(edge)) + "</title><path d=\"" + path_of(arrow.points) + "\" marker-end=\"url(#" +
             tip_of(edge.mark) + ")\"/></g>\n";
  }

  void add(const flow::Task& task, const Box& box) {
    text_ += "<g class=\"" +
             with_mark((task.is_avoided ? "task avoided " : "task ") + std::string(class_of(task.kind)), task.mark) +
             "\" transform=\"translate(" + point(box.corner) + ")\">\n<title>" + markup_text(tooltip(task)) +
             "</title>\n";
    const double radius = task.kind == TaskKind::entry ? box.height / 2 : 10;
    text_ += "<rect class=\"box\" width=\"" + length(box.width) + "\" height=\"" + length(box.height) + "\" rx=\"" +
             length(radius) + "\"/>\n";
    if (task.kind == TaskKind::entry) {
      text_ += "<text class=\"name\" text-anchor=\"middle\"" + at(box.width / 2, 24.5) + ">" +
               markup_text(box.title.front()) + "</text>\n";
    } else {
      add_head(task, box);
    }
    for (const Row& row : box.rows) add(row, box);
    add_badge(task.mark, box);
    text_ += "</g>\n";
  }

  void add_head(const flow::Task& task, const Box& box) {
    text_ += "<g transform=\"translate(12 " + length(box.head / 2 - 14) +
             ")\"><rect class=\"plate\" width=\"28\" height=\"28\" rx=\"7\"/><path class=\"icon\" d=\"" +
             std::string(icon_of(task.kind)) + "\"/></g>\n";
    double baseline = 23;
    for (const std::string& line : box.title) {
      text_ += "<text class=\"name\"" + at(50, baseline) + ">" + markup_text(line) + "</text>\n";
      baseline += 16;
    }
    text_ +=
        "<text class=\"what\"" + at(50, baseline) + ">" + markup_text(cut_to(flow::kind_text(task), 32)) + "</text>\n";
  }

  void add(const Row& row, const Box& box) {
    const Mark mark = graph_.edges[row.edge].mark;
    const std::string top = length(row.middle - 12);
    text_ += "<path class=\"rule\" d=\"M12 " + top + "H" + length(box.width - 12) + "\"/>";
    text_ += "<text class=\"" + with_mark("label", mark) + "\" text-anchor=\"end\"" +
             at(box.width - 14, row.middle + 4) + ">" + markup_text(marked(row.text, mark)) + "</text>";
    text_ += "<circle class=\"port\" cx=\"" + length(box.width) + "\" cy=\"" + length(row.middle) + "\" r=\"3.5\"/>\n";
  }

  void add_badge(Mark mark, const Box& box) {
    if (mark == Mark::none) return;
    const std::string word = std::string(flow::sign_of(mark)) + " " + std::string(to_text(mark));
    const double width = 22 + 7 * static_cast<double>(to_text(mark).size());
    const double left = box.width - width - 10;
    text_ += "<rect class=\"badge\"" + at(left, -10) + " width=\"" + length(width) +
             "\" height=\"19\" rx=\"9.5\"/><text class=\"sign\" text-anchor=\"middle\"" + at(left + width / 2, 3.5) +
             ">" + word + "</text>\n";
  }

  const flow::Graph& graph_;
  const SvgOptions& options_;
  const std::string id_;
  const Layout layout_;
  std::string text_;
};

}  // namespace

std::string svg_drawing(const flow::Graph& graph, const SvgOptions& options) { return Svg(graph, options).text(); }

std::optional<FirstLook> first_look(const flow::Graph& graph) {
  const std::vector<std::size_t> order = task_order(graph);
  if (order.empty()) return std::nullopt;
  const auto task_where = [&](const auto& condition) -> std::optional<std::size_t> {
    const auto found = std::find_if(order.begin(), order.end(), condition);
    return found == order.end() ? std::nullopt : std::optional(*found);
  };
  std::optional<std::size_t> task = task_where([&](std::size_t at) { return graph.tasks[at].is_avoided; });
  if (!task) task = task_where([&](std::size_t at) { return graph.tasks[at].mark != Mark::none; });
  for (const flow::Edge& edge : graph.edges) {
    if (!task && edge.mark != Mark::none) task = edge.from;
  }
  const Layout layout = layout_of(graph);
  const Box& box = layout.boxes[task.value_or(order.front())];
  return FirstLook{.left = percent((box.corner.x + box.width / 2) / layout.width),
                   .top = percent((box.corner.y + box.height / 2) / layout.height)};
}

Format svg_format() {
  Format format{.name = "svg", .summary = "a flow as an image, laid out as in the console"};
  format.graph = [](const flow::Graph& graph, const Style&) { return svg_drawing(graph); };
  format.paths = [](const PathList& list, const Style&) { return svg_drawing(list.graph); };
  return format;
}

}  // namespace flowship::report
