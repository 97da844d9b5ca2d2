#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace flowship::flow::console {

struct Renamed {
  std::string_view console;
  std::string_view service;
};

/// The members of the console's `flow` that make up the service's `metadata.translation`.
inline constexpr std::array<Renamed, 4> kTranslation = {{{"translate", "enabled"},
                                                         {"translateConnectorID", "connectorId"},
                                                         {"translateSourceLang", "sourceLanguage"},
                                                         {"translateTargetLangs", "targetLanguages"}}};

/// What import does not take.
inline constexpr std::array<std::string_view, 3> kDroppedFromFlow = {"version", "modifiedTime", "etag"};
inline constexpr std::array<std::string_view, 2> kDroppedFromScreen = {"version", "inputs"};

/// What a screen says again: the flow's id, and the components' version that the service keeps once.
inline constexpr std::string_view kScreensFlow = "flowId";
inline constexpr std::string_view kComponentsVersion = "componentsVersion";

template <std::size_t kCount>
bool is_one_of(const std::array<std::string_view, kCount>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

inline bool is_translation(std::string_view name) {
  return std::any_of(kTranslation.begin(), kTranslation.end(),
                     [&](const Renamed& member) { return member.console == name; });
}

}  // namespace flowship::flow::console
