#pragma once

#include "base/clock.hpp"
#include "daemon/status/status.hpp"

#include <string>
#include <string_view>

// The pieces that pages are made of. Every text of others goes through `text` (or `report::markup_text`).

namespace flowship::daemon::html {

/// Escaped.
std::string text(std::string_view raw);
/// A `<time>`, readable without a script.
std::string time(Time time);
/// A commit as its first eight digits and its subject.
std::string commit(const CommitLine& commit);
/// `<span class="badge KIND">` with a sign that differs by kind, so that no meaning is in the colour alone.
/// `kind` is `good`, `busy`, `warn`, `bad` or `quiet`.
std::string badge(std::string_view kind, std::string_view word);
/// A whole document around what `<body>` holds.
std::string document(std::string_view title, std::string_view body);

}  // namespace flowship::daemon::html
