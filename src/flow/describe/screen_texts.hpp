#pragma once

#include "flow/model/flow.hpp"

#include <string>
#include <vector>

namespace flowship::flow {

/// Something that users read on a screen.
struct ScreenText {
  std::string node_id;
  /// `button`, `text`, …
  std::string kind;
  std::string text;
};

/// What users read on a screen, from top to bottom; orphaned elements come last.
std::vector<ScreenText> screen_texts(const Screen& screen);

/// What kind of element a node of a screen is: `error message` for `ErrorMessage`, `element` if it has no type.
std::string node_kind(json::Value node);

/// What users read of a node: its text, label or placeholder; empty if there is none.
std::string node_text(json::Value node);

}  // namespace flowship::flow
