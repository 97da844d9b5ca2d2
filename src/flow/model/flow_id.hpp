#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>

namespace flowship::flow {

/// A flow's id as the service accepts it: 1 to 128 letters, digits, `-` and `_`. So it is always safe as a file name,
/// in a URL and in a shell.
class FlowId {
 public:
  /// Nothing if `text` is not an id.
  static std::optional<FlowId> from(std::string_view text);

  const std::string& text() const { return text_; }
  auto operator<=>(const FlowId&) const = default;

 private:
  explicit FlowId(std::string_view text) : text_(text) {}
  std::string text_;
};

constexpr std::string_view kFlowIdHint = "an id is 1 to 128 letters, digits, `-` and `_`";

}  // namespace flowship::flow
