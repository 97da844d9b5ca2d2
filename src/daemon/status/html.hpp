#pragma once

#include "base/clock.hpp"
#include "daemon/status/status.hpp"
#include "report/html/markup.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the daemon's pages have in common; their skeletons are assets/page.html.

namespace flowship::daemon::html {

using report::Markup;

/// A skeleton with its placeholders filled in; texts are escaped.
Markup filled(std::string_view skeleton, std::initializer_list<std::pair<std::string_view, Markup>> values = {});
/// A `<time>` that is readable without a script.
Markup time(Time time);
/// The first eight digits of a commit, and its subject.
Markup commit(const CommitLine& commit);
/// A badge with a sign for its kind, so that colour alone carries no meaning. `kind` is `good`, `busy`, `warn`, `bad`
/// or `quiet`.
Markup badge(std::string_view kind, std::string_view word);
/// `<ul class="KIND">`; nothing for an empty list.
Markup list(std::string_view kind, const std::vector<std::string>& items);
/// `<p class="KIND">`; nothing for an empty text.
Markup paragraph(std::string_view kind, std::string_view text);
/// The skeleton with this text; nothing for an empty text.
Markup optional(std::string_view skeleton, std::string_view text);

}  // namespace flowship::daemon::html
