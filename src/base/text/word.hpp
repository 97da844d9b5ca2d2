#pragma once

#include <string_view>

namespace flowship {

/// Whether `text` is at least one ASCII letter, digit, `-` or `_`, or one of `others`, and nothing else: what ids of
/// the service, environments and keys are made of.
bool is_word(std::string_view text, std::string_view others = {});

}  // namespace flowship
