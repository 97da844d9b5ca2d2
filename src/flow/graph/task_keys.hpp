#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

// What passing an automated task proves about the user.

namespace flowship::flow {

/// A set of kinds of factors: bit `i` is kind `i`.
using FactorSet = std::uint16_t;

inline constexpr std::size_t kFactorKinds = 12;

/// `password`, `otp-sms`, …
std::string_view factor_kind(std::size_t index);

/// A task's key is this and the kind.
inline constexpr std::string_view kFactorKey = "factor:";

/// What completes a kind, in words: `verifying a one-time code by email`.
std::string_view factor_words(std::string_view kind);

/// The kind of factor that an action completes; nothing if it proves nothing: what only starts, sends, updates or
/// replaces.
std::optional<std::size_t> factor_of(std::string_view action);

}  // namespace flowship::flow
