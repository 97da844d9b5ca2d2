#include "flow/describe/sentences.hpp"

#include "flow/layouts/screen_names.hpp"
#include "json/style.hpp"

namespace flowship::flow {

namespace {

template <typename Map>
const typename Map::mapped_type* found_in(const Map& map, const typename Map::key_type& key) {
  const auto found = map.find(key);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

Fragment words(std::string_view text) { return {Fragment::Role::words, std::string(text)}; }
Fragment name(std::string_view text) { return {Fragment::Role::name, std::string(text)}; }
Fragment id(std::string_view text) { return {Fragment::Role::id, std::string(text)}; }
Fragment text(std::string_view text) { return {Fragment::Role::text, std::string(text)}; }

Fragment shown(json::Value value, Fragment::Side side) {
  if (!value) return words("nothing");
  if (value.is(json::Type::string)) return {Fragment::Role::text, value.string(), side};
  return {Fragment::Role::value, json::styled(value, json::Style().on_one_line()), side};
}

Fragments became(const Edit& edit) {
  if (!edit.before && !edit.after) return sentence(" differs");
  if (!edit.before) return sentence(" was set to ", shown(edit.after));
  if (!edit.after) return sentence(" was removed (it was ", shown(edit.before), ")");
  return sentence(" is now ", shown(edit.after, Fragment::Side::after), " (was ",
                  shown(edit.before, Fragment::Side::before), ")");
}

ChangeKind change_kind(const Edit& edit) {
  if (edit.kind == Edit::Kind::order) return ChangeKind::moved;
  if (!edit.before) return ChangeKind::added;
  return edit.after ? ChangeKind::changed : ChangeKind::removed;
}

std::string path_text(const json::Pointer& path, std::size_t from) {
  std::string text;
  for (std::size_t index = from; index < path.size(); ++index) text += (index == from ? "" : "/") + path[index];
  return text;
}

Names::Names(const Flow& flow) : graph_(graph_of(flow)) {
  for (const json::Member& member : flow.contents.find("tasks").members()) {
    task_values_.emplace(member.name(), member.value);
    for (const json::Value condition : member.value.find("conditions").items()) {
      conditions_.emplace(std::pair(member.name(), string_of(condition.find("interactionId"))), condition);
    }
    const std::string task_name = string_of(member.value.find("name"));
    ++uses_[task_name];
    task_names_.emplace(member.name(), task_name);
  }
  for (std::size_t index = 0; index < graph_.tasks.size(); ++index) {
    const Task& task = graph_.tasks[index];
    task_indexes_.emplace(task.id, index);
    if (!task.second_id.empty()) task_indexes_.emplace(task.second_id, index);
  }
  for (const Edge& edge : graph_.edges) labels_.emplace(std::pair(edge.from, edge.interaction), edge.label);
  const std::vector<std::string> files = screen_file_names(flow, nullptr);
  for (std::size_t index = 0; index < flow.screens.size(); ++index) {
    const Screen& screen = flow.screens[index];
    screen_names_.emplace(screen.id, screen.file_name.empty() ? files[index] : screen.file_name);
    nodes_.emplace(screen.id, value_of(screen.fields, "contents"));
  }
  for (const json::Member& member : flow.references.find("connectors").members()) {
    connectors_.emplace(string_of(member.value), member.name());
  }
}

const std::string* Names::task(const std::string& id) const { return found_in(task_names_, id); }
const std::string* Names::screen(const std::string& id) const { return found_in(screen_names_, id); }
const std::string* Names::connector(const std::string& id) const { return found_in(connectors_, id); }

bool Names::is_ambiguous(const std::string& task_name) const {
  const int* const uses = found_in(uses_, task_name);
  return uses != nullptr && *uses > 1;
}

std::string Names::kind(const std::string& task) const {
  const std::size_t* const index = found_in(task_indexes_, task);
  return index != nullptr && graph_.tasks[*index].id == task ? kind_text(graph_.tasks[*index]) : std::string();
}

std::string Names::interaction(const std::string& task, const std::string& id) const {
  const std::size_t* const index = found_in(task_indexes_, task);
  const std::string* const label = index == nullptr ? nullptr : found_in(labels_, std::pair(*index, id));
  return label == nullptr ? id : *label;
}

json::Value Names::task_value(const std::string& id) const {
  const json::Value* const value = found_in(task_values_, id);
  return value == nullptr ? json::Value() : *value;
}

json::Value Names::condition(const std::string& task, const std::string& interaction) const {
  const json::Value* const value = found_in(conditions_, std::pair(task, interaction));
  return value == nullptr ? json::Value() : *value;
}

json::Value Names::nodes(const std::string& screen) const {
  const json::Value* const nodes = found_in(nodes_, screen);
  return nodes == nullptr ? json::Value() : *nodes;
}

DescriptionContext::DescriptionContext(const Flow& before, const Flow& after)
    : edits_(flow::edits(before, after)), before_(before), after_(after) {
  for (Edit& edit : edits_) {
    paths_.insert(edit.path);
    if (edit.kind == Edit::Kind::order) continue;
    mask(edit.before, edit.path);
    mask(edit.after, edit.path);
  }
}

void DescriptionContext::mask(json::Value& value, const json::Pointer& path) {
  std::optional<std::string> text = secrets_.masked(value, path);
  if (!text) return;
  masked_.push_back(json::Document::read(std::move(*text)).document);
  value = masked_.back()->root();
}

Fragments DescriptionContext::task(const std::string& id) const {
  const Fragments with_id = task_and_id(id);
  const std::string& task_name = with_id.front().text;
  const bool is_ambiguous = after_.is_ambiguous(task_name) || before_.is_ambiguous(task_name);
  return is_ambiguous ? with_id : sentence(with_id.front());
}

Fragments DescriptionContext::task_and_id(const std::string& id) const {
  const std::string* task_name = after_.task(id);
  if (task_name == nullptr) task_name = before_.task(id);
  if (task_name == nullptr || task_name->empty()) return sentence(name(id));
  return sentence(name(*task_name), " (", flow::id(id), ")");
}

Fragment DescriptionContext::screen(const std::string& id) const {
  const std::string* screen_name = after_.screen(id);
  if (screen_name == nullptr) screen_name = before_.screen(id);
  return name(screen_name == nullptr ? id : *screen_name);
}

}  // namespace flowship::flow
