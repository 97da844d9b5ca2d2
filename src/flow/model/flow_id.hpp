#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::flow {

/// A flow's id as the service takes it: 1 to 128 letters, digits, `-` and `_`. Nothing else can be one, so an id is
/// always safe as a file's name, in a URL and in a shell.
class FlowId {
 public:
  /// Nothing when `text` is no id.
  static std::optional<FlowId> from(std::string_view text);

  const std::string& text() const { return text_; }
  auto operator<=>(const FlowId&) const = default;

 private:
  explicit FlowId(std::string_view text) : text_(text) {}
  std::string text_;
};

}  // namespace flowship::flow
