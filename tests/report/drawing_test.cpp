#include "report/drawings/layout.hpp"
#include "report/drawings/routing.hpp"
#include "report/drawings/svg.hpp"
#include "report/drawings/task_order.hpp"
#include "report/report.hpp"
#include "report/samples.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace flowship::report {
namespace {

using flow::Graph;
using flow::Mark;
using flow::Task;
using flow::TaskKind;

Task task(const std::string& id, std::optional<flow::Point> position = std::nullopt) {
  Task made;
  made.id = id;
  made.kind = TaskKind::screen;
  made.position = position;
  return made;
}

bool touch(const Box& one, const Box& other) {
  return one.corner.x < other.right() && other.corner.x < one.right() && one.corner.y < other.bottom() &&
         other.corner.y < one.bottom();
}

/// No two boxes touch, and all lies inside.
void expect_readable(const Layout& layout) {
  for (std::size_t one = 0; one < layout.boxes.size(); ++one) {
    const Box& box = layout.boxes[one];
    EXPECT_GE(box.corner.x, 0);
    EXPECT_GE(box.corner.y, 0);
    EXPECT_LE(box.right(), layout.width);
    EXPECT_LE(box.bottom(), layout.height);
    for (std::size_t other = one + 1; other < layout.boxes.size(); ++other) {
      EXPECT_FALSE(touch(box, layout.boxes[other])) << one << " and " << other;
    }
  }
}

TEST(Layout, FollowsTheCanvas) {
  Graph graph;
  graph.tasks = {task("a", flow::Point{1000, 600}), task("b", flow::Point{1480, 600}),
                 task("c", flow::Point{1000, 900})};
  const Layout layout = layout_of(graph);
  expect_readable(layout);
  EXPECT_EQ(layout.boxes[0].corner.y, layout.boxes[1].corner.y);
  EXPECT_EQ(layout.boxes[0].corner.x, layout.boxes[2].corner.x);
  EXPECT_LT(layout.boxes[0].corner.x, layout.boxes[1].corner.x);
  EXPECT_LT(layout.boxes[0].corner.y, layout.boxes[2].corner.y);
}

TEST(Layout, SeparatesBoxesAndShortensEmptyStretches) {
  Graph graph;
  for (int index = 0; index < 20; ++index) graph.tasks.push_back(task(std::to_string(index), flow::Point{5, 5}));
  graph.tasks.push_back(task("far", flow::Point{1e308, -1e308}));
  graph.tasks.push_back(task("farther", flow::Point{-1e308, 1e308}));
  const Layout layout = layout_of(graph);
  expect_readable(layout);
  EXPECT_LT(layout.width, 3000);
  EXPECT_LT(layout.height, 5000);
}

TEST(Layout, PutsUnplacedTasksBesideTheirPredecessors) {
  Graph graph;
  graph.tasks = {task("a", flow::Point{0, 0}), task("b"), task("c"), task("d"), task("alone")};
  graph.edges = {{0, 1}, {1, 2}, {0, 3}, {2, 0}};
  const Layout layout = layout_of(graph);
  expect_readable(layout);
  EXPECT_LT(layout.boxes[0].right(), layout.boxes[1].corner.x);
  EXPECT_LT(layout.boxes[1].right(), layout.boxes[2].corner.x);
  EXPECT_EQ(layout.boxes[1].corner.x, layout.boxes[3].corner.x);
  EXPECT_GT(layout.boxes[4].corner.y, layout.boxes[0].bottom());
}

/// No arrow runs behind a box that it neither leaves nor enters.
void expect_free_arrows(const Graph& graph, const Layout& layout) {
  for (const Arrow& arrow : layout.arrows) {
    for (std::size_t index = 0; index < layout.boxes.size(); ++index) {
      if (index == graph.edges[arrow.edge].from || index == graph.edges[arrow.edge].to) continue;
      const Box& box = layout.boxes[index];
      for (const flow::Point point : points_along(arrow)) {
        EXPECT_FALSE(point.x > box.corner.x && point.x < box.right() && point.y > box.corner.y &&
                     point.y < box.bottom())
            << "edge " << arrow.edge << " behind " << index;
      }
    }
  }
}

TEST(Layout, ArrowsGoAroundBoxes) {
  Graph graph;
  for (int column = 0; column < 5; ++column) {
    for (int row = 0; row < 3; ++row) graph.tasks.push_back(task("t", flow::Point{480.0 * column, 200.0 * row}));
  }
  // Forwards past the columns between, backwards, and to itself.
  graph.edges = {{0, 6}, {1, 13}, {4, 4}, {4, 13}, {7, 1}, {13, 1}, {14, 0}};
  const Layout layout = layout_of(graph);
  expect_free_arrows(graph, layout);
}

TEST(Layout, ArrowsThatRunAlongEachOtherKeepADistance) {
  Graph graph;
  graph.tasks = {task("a", flow::Point{0, 0}), task("between", flow::Point{480, 0}), task("b", flow::Point{960, 0})};
  graph.edges = {{0, 2, "one"}, {0, 2, "two"}, {0, 2, "three"}};
  const Layout layout = layout_of(graph);
  expect_free_arrows(graph, layout);
  for (std::size_t one = 0; one < 3; ++one) {
    for (std::size_t other = one + 1; other < 3; ++other) {
      const auto& left = layout.arrows[one].points;
      const auto& right = layout.arrows[other].points;
      EXPECT_GE(std::abs(left.back().y - right.back().y), 3) << "where they arrive";
      if (left.size() < 3 || right.size() < 3) continue;
      EXPECT_GE(std::abs(left[2].y - right[2].y), 3) << "on their way";
    }
  }
}

TEST(TaskOrder, BeginsAtTheStartAndEndsWithWhatCantBeReached) {
  Graph graph;
  graph.tasks = {task("end"), task("lost"), task("first"), task("second")};
  graph.edges = {{1, 0}, {2, 3}, {2, 0}, {3, 0}};
  graph.start = 2;
  EXPECT_EQ(task_order(graph), (std::vector<std::size_t>{2, 3, 0, 1}));
  EXPECT_EQ(edges_from(graph, 2).size(), 2U);
  EXPECT_TRUE(edges_from(graph, 0).empty());
}

TEST(Svg, SaysWhereToLookFirst) {
  Graph graph;
  graph.tasks = {task("a", flow::Point{0, 0}), task("b", flow::Point{960, 0})};
  graph.edges = {{0, 1}};
  const auto left = [&] { return std::stod(first_look(graph)->left); };
  EXPECT_FALSE(first_look({}));
  EXPECT_LT(left(), 50) << "the flow's start";
  graph.tasks[1].mark = Mark::changed;
  EXPECT_GT(left(), 50);
  EXPECT_LT(left(), 100);
  graph.tasks[0].is_avoided = true;
  EXPECT_LT(left(), 50) << "what a newly open path avoids comes first";
}

TEST(Layout, HandlesCyclesAndUnplacedTasks) {
  Graph graph;
  for (int index = 0; index < 50; ++index) {
    graph.tasks.push_back(task(std::to_string(index)));
    graph.edges.push_back({static_cast<std::size_t>(index), static_cast<std::size_t>((index * 7 + 1) % 50), "x", "X"});
    graph.edges.push_back({static_cast<std::size_t>(index), static_cast<std::size_t>(index)});
  }
  expect_readable(layout_of(graph));
  EXPECT_TRUE(std::isfinite(layout_of(Graph()).width));
}

TEST(Svg, EscapesHostileNames) {
  Graph graph;
  graph.flow_id = graph.title = "</title><script>alert(1)</script>";
  graph.tasks = {task("1"), task("2")};
  graph.tasks[0].name = "\"><script>alert(2)</script>\x01\xE2\x80\xAE&#x202e;\xFF]]>";
  graph.edges = {{0, 1, "<b>", "</text><image href=x>"}};
  const std::string svg = svg_drawing(graph);
  EXPECT_EQ(svg.find("<script"), std::string::npos);
  EXPECT_EQ(svg.find("<image"), std::string::npos);
  EXPECT_EQ(svg.find('\x01'), std::string::npos);
  EXPECT_EQ(svg.find("\xE2\x80\xAE"), std::string::npos);
  EXPECT_NE(svg.find("&lt;/title&gt;&lt;script&gt;alert(1)"), std::string::npos);
}

TEST(Svg, CutsLongNamesAndKeepsThemInTooltips) {
  Graph graph;
  graph.tasks = {task("1")};
  graph.tasks[0].name = std::string(30, 'a') + " " + std::string(300, 'b') + "🚀";
  const std::string svg = svg_drawing(graph);
  EXPECT_NE(svg.find("…</text>"), std::string::npos);
  EXPECT_NE(svg.find(graph.tasks[0].name), std::string::npos);
  EXPECT_EQ(svg.find(">" + graph.tasks[0].name), svg.rfind(">" + graph.tasks[0].name)) << "in the tooltip only";
}

TEST(Svg, LeavesOutItsStyle) {
  EXPECT_NE(svg_drawing({}).find("<style>"), std::string::npos);
  const std::string bare = svg_drawing({}, {.id = "one", .style = SvgOptions::Style::outside});
  EXPECT_EQ(bare.find("style"), std::string::npos);
  EXPECT_NE(bare.find("id=\"one-title\""), std::string::npos);
}

TEST(Svg, DescribesAChange) {
  Graph graph = samples::graph();
  const std::string plain = svg_drawing(graph, {.style = SvgOptions::Style::outside});
  EXPECT_EQ(plain.find("added"), plain.find("flow-tip-added") + 9) << "only the arrow's tip";
  graph.tasks[0].mark = Mark::added;
  graph.edges[0].mark = Mark::removed;
  const std::string marked = svg_drawing(graph, {.style = SvgOptions::Style::outside});
  EXPECT_NE(marked.find(">+ added</text>"), std::string::npos);
  EXPECT_NE(marked.find("(removed)"), std::string::npos);
}

TEST(Mermaid, StaysWithinMermaidsLimits) {
  Graph graph;
  for (std::size_t index = 0; index < 2000; ++index) {
    graph.tasks.push_back(task(std::string(100, 'x') + std::to_string(index)));
    graph.edges.push_back({index, index / 2, "i", std::string(100, '"')});
  }
  const std::string text = format_of("mermaid").graph(graph, {});
  EXPECT_LT(text.size(), 50'000U);
  EXPECT_NE(text.find("not shown"), std::string::npos);
}

}  // namespace
}  // namespace flowship::report
