#include "json/document.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "base/text/utf8.hpp"
#include "json/reader.hpp"

#include <algorithm>
#include <new>
#include <zlib.h>

namespace flowship::json {

namespace {

std::uint32_t hex4(std::string_view digits) {
  std::uint32_t value = 0;
  for (const char digit : digits.substr(0, 4)) {
    const auto letter = static_cast<unsigned char>(digit);
    value = value * 16 + (letter <= '9' ? letter - '0' : (letter | 0x20U) - 'a' + 10U);
  }
  return value;
}

/// Decodes the text between a string's quotes. The reader has validated every escape.
std::string decoded(std::string_view inside) {
  std::string text;
  text.reserve(inside.size());
  while (!inside.empty()) {
    const std::size_t plain = std::min(inside.find('\\'), inside.size());
    text += inside.substr(0, plain);
    inside.remove_prefix(plain);
    if (inside.empty()) break;
    const char kind = inside[1];
    if (kind != 'u') {
      constexpr std::string_view kNames = "\"\\/bfnrt";
      constexpr std::string_view kMeanings = "\"\\/\b\f\n\r\t";
      text += kMeanings[kNames.find(kind)];
      inside.remove_prefix(2);
      continue;
    }
    std::uint32_t code = hex4(inside.substr(2));
    inside.remove_prefix(6);
    if (code >= 0xD800 && code <= 0xDBFF) {
      code = 0x10000 + ((code - 0xD800) << 10U) + (hex4(inside.substr(2)) - 0xDC00);
      inside.remove_prefix(6);
    }
    append_utf8(text, code);
  }
  return text;
}

/// The position after `text`, which begins at `position`; columns count characters.
Position advanced(Position position, std::string_view text) {
  for (const char byte : text) {
    if (byte == '\n') {
      ++position.line;
      position.column = 1;
    } else if (!continues_character(byte)) {
      ++position.column;
    }
  }
  return position;
}

}  // namespace

ReadResult Document::read(std::string text, std::string name) {
  auto document = std::make_shared<Document>();
  document->text_ = std::move(text);
  document->name_ = std::move(name);
  Reader reader(*document);
  if (!reader.read()) return {.document = nullptr, .fault = reader.fault()};
  return {.document = std::move(document), .fault = {}};
}

DocumentPtr Document::parse(std::string text, const std::string& name) {
  ReadResult result = read(std::move(text), name);
  if (result.fault) {
    const Position position = result.fault->position;
    const std::string place = std::to_string(position.line) + ":" + std::to_string(position.column);
    throw Error((name.empty() ? "line " : printable(name) + ":") + place + ": " + result.fault->message, {},
                Fault::invalid);
  }
  return std::move(result.document);
}

Position Document::position(std::size_t offset) const {
  constexpr std::size_t kStride = 512;
  const std::string_view text = this->text();
  std::call_once(has_positions_, [&] {
    positions_.emplace_back();
    for (std::size_t at = kStride; at <= text.size(); at += kStride) {
      positions_.push_back(advanced(positions_.back(), text.substr(at - kStride, kStride)));
    }
  });
  const std::size_t stride = offset / kStride;
  return advanced(positions_[stride], text.substr(stride * kStride, offset % kStride));
}

void Document::pack() const {
  if (is_packed()) return;
  // Higher levels take twice the time for a tenth less.
  constexpr int kLevel = 3;
  unpacked_size_ = text_.size();
  uLongf size = compressBound(static_cast<uLong>(text_.size()));
  std::string packed(size, '\0');
  const auto* bytes = reinterpret_cast<const Bytef*>(text_.data());
  const int code =
      compress2(reinterpret_cast<Bytef*>(packed.data()), &size, bytes, static_cast<uLong>(text_.size()), kLevel);
  if (code != Z_OK) throw std::bad_alloc();
  packed_.assign(packed, 0, size);
}

void Document::rest() const {
  if (!is_packed()) return;
  indexes_.clear();
  std::string().swap(text_);
  std::vector<Node>().swap(nodes_);
  is_resting_.store(true, std::memory_order_release);
}

void Document::unpack() const {
  const std::lock_guard lock(waking_);
  if (!is_resting_) return;
  std::string text(unpacked_size_, '\0');
  uLongf size = static_cast<uLongf>(text.size());
  const int code = uncompress(reinterpret_cast<Bytef*>(text.data()), &size,
                              reinterpret_cast<const Bytef*>(packed_.data()), static_cast<uLong>(packed_.size()));
  if (code != Z_OK) throw std::bad_alloc();
  const DocumentPtr same = parse(std::move(text), name_);
  text_ = std::move(same->text_);
  nodes_ = std::move(same->nodes_);
  is_resting_.store(false, std::memory_order_release);
}

std::optional<std::uint32_t> Document::find(std::uint32_t object, std::string_view name) const {
  const std::lock_guard lock(indexes_mutex_);
  const auto [place, is_first] = indexes_.try_emplace(object);
  Index& index = place->second;
  if (!is_first && !index.is_filled) {
    for (const Member member : Value(this, object).members()) index.values.emplace(member.name(), member.value.node_);
    index.is_filled = true;
  }
  if (index.is_filled) {
    const auto found = index.values.find(std::string(name));
    return found == index.values.end() ? std::nullopt : std::optional(found->second);
  }
  for (const Member member : Value(this, object).members()) {
    if (member.key.is_string(name)) return member.value.node_;
  }
  return std::nullopt;
}

std::string Value::string() const {
  const std::optional<std::string_view> unescaped = plain();
  return unescaped ? std::string(*unescaped) : decoded(text().substr(1, text().size() - 2));
}

bool Value::boolean() const { return text() == "true"; }

std::size_t Value::size() const { return document_->count(node_); }

Value Value::find(std::string_view name) const {
  constexpr std::size_t kMany = 64;
  if (is(Type::object) && size() > kMany) {
    const std::optional<std::uint32_t> found = document_->find(node_, name);
    return found ? Value(document_, *found) : Value();
  }
  for (const Member member : members()) {
    if (member.key.is_string(name)) return member.value;
  }
  return {};
}

Position Value::position() const { return document_->position(document_->node(node_).begin()); }

}  // namespace flowship::json
