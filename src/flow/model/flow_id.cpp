#include "flow/model/flow_id.hpp"

#include <algorithm>

namespace flowship::flow {

namespace {

constexpr std::size_t kLongestId = 128;

/// Not `std::isalnum`, whose answer depends on the locale.
bool is_id_letter(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '-' || letter == '_';
}

}  // namespace

std::optional<FlowId> FlowId::from(std::string_view text) {
  if (text.empty() || text.size() > kLongestId || !std::all_of(text.begin(), text.end(), is_id_letter)) {
    return std::nullopt;
  }
  return FlowId(text);
}

}  // namespace flowship::flow
