#pragma once

#include <string_view>

// Names whose values are secret, and what stands in the place of a value without being one.

namespace flowship::flow {

/// Whether a member, header or parameter of that name has a secret value. Case and separators don't count.
bool names_secret(std::string_view name);

/// The same in a URL's query or a form, where `sig` is a signature that gives access.
bool names_secret_parameter(std::string_view name);

/// Whether there is nothing but one `{{template}}`, which the service fills in.
bool is_template(std::string_view text);

/// Whether a value in a text is filled in later: `{{…}}`, `${…}`, `$NAME`, `<…>`, or was masked before.
bool is_placeholder(std::string_view value);

}  // namespace flowship::flow
