#include "flow/describe/describe.hpp"

#include "flow/layouts/screen_names.hpp"
#include "json/style.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace flowship::flow {

namespace {

json::Value tasks_of(const Flow& flow) { return flow.contents ? flow.contents.find("tasks") : json::Value(); }

const std::string* found_in(const std::unordered_map<std::string, std::string>& names, const std::string& id) {
  const auto found = names.find(id);
  return found == names.end() ? nullptr : &found->second;
}

}  // namespace

Part words(std::string_view text) { return {Part::Role::words, std::string(text), Part::Side::neither}; }
Part name(std::string_view text) { return {Part::Role::name, std::string(text), Part::Side::neither}; }
Part id(std::string_view text) { return {Part::Role::id, std::string(text), Part::Side::neither}; }
Part text(std::string_view text) { return {Part::Role::text, std::string(text), Part::Side::neither}; }

Part shown(json::Value value, Part::Side side) {
  if (!value) return words("nothing");
  if (value.is(json::Type::string)) return {Part::Role::text, value.string(), side};
  return {Part::Role::value, json::styled(value, json::Style().on_one_line()), side};
}

Parts became(const Edit& edit) {
  if (!edit.before && !edit.after) return sentence(" differs");
  if (!edit.before) return sentence(" was set to ", shown(edit.after));
  if (!edit.after) return sentence(" was removed (it was ", shown(edit.before), ")");
  return sentence(" is now ", shown(edit.after, Part::Side::after), " (was ", shown(edit.before, Part::Side::before),
                  ")");
}

Parts on(const std::string& interaction) { return interaction.empty() ? Parts() : sentence(" on ", text(interaction)); }

Happening happening_of(const Edit& edit) {
  if (edit.kind == Edit::Kind::order) return Happening::moved;
  if (!edit.before) return Happening::added;
  return edit.after ? Happening::changed : Happening::removed;
}

std::string text_of(json::Value value) { return value.is(json::Type::string) ? value.string() : std::string(); }

Names::Names(const Flow& flow) : flow_(flow), graph_(graph_of(flow)) {
  for (const json::Member& member : tasks_of(flow).members()) {
    task_values_.emplace(member.name(), member.value);
    const std::string called = text_of(member.value.find("name"));
    ++uses_[called];
    tasks_.emplace(member.name(), called);
  }
  const std::vector<std::string> files = screen_file_names(flow, nullptr);
  for (std::size_t index = 0; index < flow.screens.size(); ++index) {
    const Screen& screen = flow.screens[index];
    screens_.emplace(screen.id, screen.file_name.empty() ? files[index] : screen.file_name);
  }
  const json::Value connectors = flow.references ? flow.references.find("connectors") : json::Value();
  for (const json::Member& member : connectors.members()) connectors_.emplace(text_of(member.value), member.name());
}

const std::string* Names::task(const std::string& id) const { return found_in(tasks_, id); }
bool Names::is_ambiguous(const std::string& task_name) const {
  const auto found = uses_.find(task_name);
  return found != uses_.end() && found->second > 1;
}

std::string Names::kind(const std::string& task) const {
  const std::optional<std::size_t> found = graph_.find(task);
  return found && graph_.tasks[*found].id == task ? kind_text(graph_.tasks[*found]) : std::string();
}

const std::string* Names::screen(const std::string& id) const { return found_in(screens_, id); }
const std::string* Names::connector(const std::string& id) const { return found_in(connectors_, id); }

std::string Names::interaction(const std::string& task, const std::string& id) const {
  const std::optional<std::size_t> from = graph_.find(task);
  const auto edge = std::find_if(graph_.edges.begin(), graph_.edges.end(), [&](const Edge& candidate) {
    return from && candidate.from == *from && candidate.interaction == id;
  });
  return edge == graph_.edges.end() ? id : edge->label;
}

json::Value Names::task_value(const std::string& id) const {
  const auto found = task_values_.find(id);
  return found == task_values_.end() ? json::Value() : found->second;
}

json::Value Names::nodes(const std::string& screen) const {
  const auto found = std::find_if(flow_.screens.begin(), flow_.screens.end(),
                                  [&](const Screen& candidate) { return candidate.id == screen; });
  if (found == flow_.screens.end()) return {};
  const Field* contents = find(found->fields, "contents");
  return contents == nullptr ? json::Value() : contents->value;
}

Telling::Telling(const Flow& before, const Flow& after)
    : edits_(flow::edits(before, after)), before_(before), after_(after) {
  for (const Edit& edit : edits_) places_.insert(edit.path);
}

Parts Telling::task(const std::string& task) const {
  const std::string* called = after_.task(task);
  if (called == nullptr) called = before_.task(task);
  if (called == nullptr || called->empty()) return sentence(name(task));
  const bool is_ambiguous = after_.is_ambiguous(*called) || before_.is_ambiguous(*called);
  return is_ambiguous ? task_and_id(task) : sentence(name(*called));
}

Parts Telling::task_and_id(const std::string& task) const {
  const std::string* called = after_.task(task);
  if (called == nullptr) called = before_.task(task);
  if (called == nullptr || called->empty()) return sentence(name(task));
  return sentence(name(*called), " (", id(task), ")");
}

Part Telling::screen(const std::string& screen) const {
  const std::string* called = after_.screen(screen);
  if (called == nullptr) called = before_.screen(screen);
  return name(called == nullptr ? screen : *called);
}

Description Telling::description() {
  if (!moved_.empty()) {
    const std::string& first = *moved_.begin();
    const bool is_one = moved_.size() == 1;
    say({Topic::tasks, Happening::moved, is_one ? first : "",
         is_one ? sentence("task ", task(first), " moved on the canvas")
                : sentence(std::to_string(moved_.size()) + " tasks moved on the canvas"),
         "/contents/tasks"});
  }
  std::stable_sort(statements_.begin(), statements_.end(),
                   [](const Statement& a, const Statement& b) { return a.topic < b.topic; });
  return std::move(statements_);
}

}  // namespace flowship::flow
