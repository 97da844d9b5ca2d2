// The reader over arbitrary bytes, and what must hold for every text that it accepts.

#include "json/compare.hpp"
#include "json/edit.hpp"
#include "json/pointer.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

namespace {

using flowship::json::Document;
using flowship::json::Empties;
using flowship::json::Position;
using flowship::json::Replacement;
using flowship::json::Type;
using flowship::json::Value;

void expect(bool holds) {
  if (!holds) std::abort();
}

/// Lines and columns are never past those that the text has bytes for.
void expect_inside(Position position, const std::string& text) {
  const auto lines = std::count(text.begin(), text.end(), '\n') + 1;
  expect(position.line >= 1 && position.line <= lines);
  expect(position.column >= 1 && static_cast<std::size_t>(position.column) <= text.size() + 1);
}

/// Every value's text is JSON by itself and means the same; a string survives decoding and quoting.
void expect_whole(Value value, const std::string& text) {
  expect_inside(value.position(), text);
  if (value.is(Type::string)) {
    expect(value.is_string(value.string()));
    expect(Document::parse(flowship::json::quoted(value.string()))->root().string() == value.string());
  }
  std::size_t count = 0;
  for (const Value item : value.items()) {
    expect_whole(item, text);
    ++count;
  }
  for (const auto member : value.members()) {
    expect_whole(member.value, text);
    expect(value.find(member.name()).same_place(member.value));
    ++count;
  }
  if (value.is(Type::array) || value.is(Type::object)) expect(value.size() == count);
}

void expect_canonical(Value root, Empties empties) {
  const std::string text = flowship::json::canonical(root, empties);
  const flowship::json::DocumentPtr again = Document::parse(text);
  expect(flowship::json::equal(root, again->root(), empties));
  expect(flowship::json::differences(root, again->root(), empties).empty());
  expect(flowship::json::canonical(again->root(), empties) == text);
}

void expect_identity(Value root) {
  std::vector<Replacement> same;
  for (const Value item : root.items()) same.push_back({item, std::string(item.text())});
  for (const auto member : root.members()) same.push_back({member.value, std::string(member.value.text())});
  std::reverse(same.begin(), same.end());
  expect(flowship::json::with_replacements(root, same) == root.text());
}

/// All ways to compare two values agree, and differences stand where their pointers say.
void expect_agreement(Value one, Value other, Empties empties) {
  const bool answer = flowship::json::equal(one, other, empties);
  expect(flowship::json::equal(other, one, empties) == answer);
  expect((flowship::json::canonical(one, empties) == flowship::json::canonical(other, empties)) == answer);
  const std::vector<flowship::json::Difference> found = flowship::json::differences(one, other, empties);
  expect(found.empty() == answer);
  for (const flowship::json::Difference& each : found) {
    const std::optional<flowship::json::Pointer> pointer = flowship::json::parse_pointer(each.pointer);
    expect(pointer && flowship::json::resolve(one, *pointer).same_place(each.before));
    expect(flowship::json::resolve(other, *pointer).same_place(each.after));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const flowship::json::ReadResult result = Document::read(text);
  expect((result.document == nullptr) == result.fault.has_value());
  if (result.fault) {
    expect(!result.fault->message.empty());
    expect_inside(result.fault->position, text);
    return 0;
  }
  const Value root = result.document->root();
  expect_whole(root, text);
  expect_canonical(root, Empties::distinct);
  expect_canonical(root, Empties::absent);
  expect_identity(root);
  if (root.is(Type::array) && root.size() == 2) {
    auto items = root.items().begin();
    const Value one = *items;
    const Value other = *++items;
    expect_agreement(one, other, Empties::distinct);
    expect_agreement(one, other, Empties::absent);
  }
  if (root.is(Type::object) && !root.find("new")) {
    const std::string grown = flowship::json::with_member(root, "new", "[1]");
    expect(Document::parse(grown)->root().find("new").text() == "[1]");
  }
  return 0;
}
