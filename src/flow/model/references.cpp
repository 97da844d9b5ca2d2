#include "flow/model/references.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "json/edit.hpp"

#include <functional>
#include <utility>
#include <vector>

namespace flowship::flow {

namespace {

/// The id that replaces a string; null to keep it. `beside` is the value at the same place in another flow.
using Substitute = std::function<const std::string*(const std::string& text, json::Value beside)>;

/// Replaces strings in a flow's values.
class Replacer {
 public:
  Replacer(Flow& flow, Substitute substitute) : flow_(flow), substitute_(std::move(substitute)) {}

  void run(const Flow& other) {
    replace(flow_.metadata, other.metadata);
    std::unordered_map<std::string, const Screen*> screens;
    for (const Screen& screen : other.screens) screens.emplace(screen.id, &screen);
    for (Screen& screen : flow_.screens) {
      const auto found = screens.find(screen.id);
      replace(screen.fields, found == screens.end() ? Fields() : found->second->fields);
    }
    replace(flow_.others, other.others);
    replace(flow_.contents, other.contents);
    replace(flow_.references, other.references);
  }

 private:
  void replace(Fields& fields, const Fields& beside) {
    for (Field& field : fields) replace(field.value, value_of(beside, field.name));
  }

  void replace(json::Value& value, json::Value beside) {
    std::vector<json::Replacement> replacements;
    collect(value, beside, replacements);
    if (replacements.empty()) return;
    const std::string name = value.document().name();
    flow_.documents.push_back(json::Document::parse(json::with_replacements(value, std::move(replacements)), name));
    value = flow_.documents.back()->root();
  }

  /// Recursion is limited by `json::Document::kMaxDepth`.
  void collect(json::Value value, json::Value beside, std::vector<json::Replacement>& replacements) const {
    if (value.is(json::Type::string)) {
      if (const std::string* id = substitute_(value.string(), beside))
        replacements.push_back({value, json::quoted(*id)});
    }
    for (const json::Member& member : value.members()) {
      collect(member.value, beside.find(member.name()), replacements);
    }
    const auto others = beside.items();
    auto other = others.begin();
    for (const json::Value item : value.items()) {
      const bool is_there = other != others.end();
      collect(item, is_there ? *other : json::Value(), replacements);
      if (is_there) ++other;
    }
  }

  Flow& flow_;
  Substitute substitute_;
};

/// A kind of reference: its member of `references`, and of an environment in flowship.json.
struct Kind {
  const char* member;
  std::map<std::string, std::string> Overrides::*mapped;
};

constexpr Kind kKinds[] = {{"connectors", &Overrides::connectors}, {"roles", &Overrides::roles}};

}  // namespace

ReferenceIds reference_ids(const Overrides& overrides, const Flow& flow) {
  ReferenceIds ids;
  for (const Kind& kind : kKinds) {
    for (const json::Member& reference : flow.references.find(kind.member).members()) {
      const auto mapped = (overrides.*kind.mapped).find(reference.name());
      if (mapped == (overrides.*kind.mapped).end() || !reference.value.is(json::Type::string)) continue;
      const std::string id = reference.value.string();
      // An empty id refers to nothing, and empty strings are everywhere.
      if (id.empty()) continue;
      const auto [other, is_new] = ids.emplace(id, mapped->second);
      if (!is_new && other->second != mapped->second) {
        throw Error("several " + std::string(kind.member) + " of the flow `" + printable(flow.id) + "` have the id " +
                        printable(id) + ", but `" + kind.member + "` maps them to different ids",
                    "map `" + printable(reference.name()) + "` to the same id as the other", Fault::invalid);
      }
    }
  }
  std::erase_if(ids, [](const auto& entry) { return entry.first == entry.second; });
  return ids;
}

void replace_references(Flow& flow, const ReferenceIds& ids) {
  if (ids.empty()) return;
  Replacer(flow, [&](const std::string& text, json::Value) -> const std::string* {
    const auto id = ids.find(text);
    return id == ids.end() ? nullptr : &id->second;
  }).run({});
}

void restore_references(Flow& held, const Flow& source, const Overrides& overrides) {
  const ReferenceIds ids = reference_ids(overrides, source);
  ReferenceIds sources;
  for (const Kind& kind : kKinds) {
    for (const json::Member& reference : source.references.find(kind.member).members()) {
      if (!reference.value.is(json::Type::string)) continue;
      const auto id = ids.find(reference.value.string());
      const json::Value there = held.references.find(kind.member).find(reference.name());
      if (id != ids.end() && there.is_string(id->second)) sources.emplace(id->second, id->first);
    }
  }
  if (sources.empty()) return;
  std::string beside_id;
  Replacer(held, [&](const std::string& text, json::Value beside) -> const std::string* {
    const auto id = sources.find(text);
    if (id == sources.end()) return nullptr;
    if (!beside.is(json::Type::string)) return &id->second;
    beside_id = beside.string();
    const auto forward = ids.find(beside_id);
    return forward != ids.end() && forward->second == text ? &beside_id : &id->second;
  }).run(source);
}

}  // namespace flowship::flow
