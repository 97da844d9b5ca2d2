// The rules about a screen's node tree.

#include "check/rules/rule.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace flowship::check {

namespace {

struct Node {
  std::string_view id;
  json::Value key;
  json::Value at;
  json::Value parent_at;
  /// Ids of children with the places where they are listed.
  std::vector<std::pair<std::string_view, json::Value>> children;
  /// The index of the node that lists it as a child, or `kNone`.
  std::size_t lister;
  /// Whether its `parent` is one of the nodes that list it.
  bool parent_agrees;
  bool reached;
};

constexpr std::string_view kRoot = "ROOT";
constexpr std::size_t kNone = static_cast<std::size_t>(-1);

class NodeTree {
 public:
  NodeTree(json::Value contents, Findings& findings) : contents_(contents), findings_(findings) {
    nodes_.reserve(contents.size());
    for (const json::Member& member : contents.members()) {
      if (!member.value.is(json::Type::object)) continue;
      nodes_.push_back(read(member));
    }
    for (std::size_t index = 0; index < nodes_.size(); ++index) by_id_.emplace(nodes_[index].id, index);
  }

  void check() {
    if (!looks_like_a_tree_) return;
    const auto root = by_id_.find(kRoot);
    has_root_ = root != by_id_.end();
    if (!has_root_) {
      findings_.add("node-root", contents_, "this screen has no node `ROOT`", "add the root node");
    }
    for (std::size_t index = 0; index < nodes_.size(); ++index) check_children(index);
    for (const Node& node : nodes_) check_parent(node);
    if (has_root_) check_orphaned(root->second);
  }

 private:
  Node read(const json::Member& member) {
    Node node{strings_.text(member.key), member.key, member.value, {}, {}, kNone, false, false};
    for (const json::Member& part : member.value.members()) {
      const std::string_view name = strings_.text(part.key);
      if (name == "nodes" || name == "linkedNodes") {
        looks_like_a_tree_ = true;
        for (const json::Value child : part.value.items()) add_child(node, child);
        for (const json::Member& linked : part.value.members()) add_child(node, linked.value);
      } else if (name == "parent") {
        looks_like_a_tree_ = true;
        node.parent_at = part.value;
      }
    }
    return node;
  }

  void add_child(Node& node, json::Value child) {
    if (child.is(json::Type::string)) node.children.emplace_back(strings_.text(child), child);
  }

  void check_children(std::size_t index) {
    for (const auto& [id, at] : nodes_[index].children) {
      const auto found = by_id_.find(id);
      if (found == by_id_.end()) {
        findings_.add_for(
            cause_of(id), "node-child", at,
            "the node " + in_ticks(nodes_[index].id) + " has the child " + in_ticks(id) + ", which does not exist",
            "add the node, or remove the child");
        continue;
      }
      Node& child = nodes_[found->second];
      if (strings_.text(child.parent_at) == nodes_[index].id) child.parent_agrees = true;
      if (child.lister == kNone) {
        child.lister = index;
        continue;
      }
      findings_.add_for(cause_of(id), "node-parents", at,
                        "the node " + in_ticks(id) + " is already a child of " + in_ticks(nodes_[child.lister].id),
                        "list it once, in one node");
    }
  }

  void check_parent(const Node& node) {
    // If two nodes list a child, either may be right: that is already one finding.
    if (node.lister == kNone || node.parent_agrees || !node.parent_at.is(json::Type::string)) return;
    if (!has_root_ && strings_.text(node.parent_at) == kRoot) return;  // reported as `node-root`
    const std::string_view parent = strings_.text(node.parent_at);
    const std::string_view lister = nodes_[node.lister].id;
    // A node that got another id has one such finding, however many children it has.
    findings_.add_for(cause_of(parent, lister), "node-parent", node.parent_at,
                      "the `parent` of " + in_ticks(node.id) + " is " + in_ticks(parent) + ", but it is a child of " +
                          in_ticks(lister),
                      "make both agree");
  }

  /// A file may have several screens, and each has ids of its own.
  std::string cause_of(std::string_view id, std::string_view other = {}) const {
    const auto screen = static_cast<std::size_t>(contents_.text().data() - contents_.document().text().data());
    return std::to_string(screen) + '\0' + std::string(id) + '\0' + std::string(other);
  }

  void reach_from(std::size_t start) {
    std::vector<std::size_t> open = {start};
    nodes_[start].reached = true;
    while (!open.empty()) {
      const std::size_t index = open.back();
      open.pop_back();
      for (const auto& [id, at] : nodes_[index].children) {
        const auto found = by_id_.find(id);
        if (found == by_id_.end() || nodes_[found->second].reached) continue;
        nodes_[found->second].reached = true;
        open.push_back(found->second);
      }
    }
  }

  /// Reports only the topmost node of an orphaned part, or the first node of an orphaned cycle.
  void check_orphaned(std::size_t root) {
    reach_from(root);
    for (const bool cycles : {false, true}) {
      for (std::size_t index = 0; index < nodes_.size(); ++index) {
        const Node& node = nodes_[index];
        if (node.reached || (!cycles && node.lister != kNone)) continue;
        findings_.add("loose-node", node.key, "orphaned node " + in_ticks(node.id) + ": not attached to `ROOT`",
                      "add it to the `nodes` of its parent, or remove it");
        reach_from(index);
      }
    }
  }

  json::Value contents_;
  Findings& findings_;
  Strings strings_;
  std::vector<Node> nodes_;
  std::unordered_map<std::string_view, std::size_t> by_id_;
  bool looks_like_a_tree_ = false;
  bool has_root_ = false;
};

}  // namespace

void check_screens(const RuleContext& context, Findings& findings) {
  for (const flow::Screen& screen : context.flow.screens) {
    const json::Value contents = flow::value_of(screen.fields, "contents");
    if (contents.is(json::Type::object)) NodeTree(contents, findings).check();
  }
}

}  // namespace flowship::check
