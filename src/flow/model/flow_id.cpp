#include "flow/model/flow_id.hpp"

#include "base/text/word.hpp"

namespace flowship::flow {

namespace {

constexpr std::size_t kLongestId = 128;

}  // namespace

std::optional<FlowId> FlowId::from(std::string_view text) {
  return text.size() <= kLongestId && is_word(text) ? std::optional(FlowId(text)) : std::nullopt;
}

}  // namespace flowship::flow
