#include "flow/model/flow_id.hpp"

#include <Poco/Ascii.h>

#include <algorithm>

namespace flowship::flow {

namespace {

constexpr std::size_t kLongestId = 128;

bool is_id_letter(char letter) { return Poco::Ascii::isAlphaNumeric(letter) || letter == '-' || letter == '_'; }

}  // namespace

std::optional<FlowId> FlowId::from(std::string_view text) {
  if (text.empty() || text.size() > kLongestId || !std::all_of(text.begin(), text.end(), is_id_letter)) {
    return std::nullopt;
  }
  return FlowId(text);
}

}  // namespace flowship::flow
