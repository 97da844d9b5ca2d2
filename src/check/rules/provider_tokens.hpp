#pragma once

#include "check/rules/secrets.hpp"

#include <cstddef>
#include <string_view>
#include <vector>

namespace flowship::check {

/// The token of a well-known provider at `at`, the beginning of a word; with length 0 if there is none.
Secret provider_token_at(std::string_view text, std::size_t at);

/// Tokens that are known by what is inside them, and webhook URLs. Takes linear time.
std::vector<Secret> find_marked_tokens(std::string_view text);

/// Whether a token is one that a provider's documentation shows.
bool is_documented_example(std::string_view token);

/// Whether a token-like word is prose in camel case.
bool is_prose(std::string_view word);

}  // namespace flowship::check
