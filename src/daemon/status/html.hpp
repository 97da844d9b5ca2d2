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
/// The first eight digits of a commit, its subject and its author's name; with a link if there are `pages` of commits.
Markup commit(const CommitLine& commit, const std::string& pages);
/// A badge with a sign for its kind, so that colour alone carries no meaning. `kind` is `good`, `busy`, `warn`, `bad`
/// or `quiet`.
Markup badge(std::string_view kind, std::string_view word);
/// The badge of an environment's state.
struct Look {
  std::string_view kind;
  std::string_view word;
};
Look look_of(State state);
/// The path of an environment's page, and a link to it.
std::string path_of(const EnvironmentStatus& environment);
Markup link(const EnvironmentStatus& environment);
/// A link to the page of one of its flows.
Markup link(const EnvironmentStatus& environment, const std::string& flow_id);
/// A link to the page that asks whether to do something for an environment or one of its flows; nothing where buttons
/// are not offered. `action` is the first part of its path.
Markup button(Buttons buttons, std::string_view action, const EnvironmentStatus& environment,
              const std::string& flow_id = {});
/// `<ul class="KIND">` of the program's own words; nothing for an empty list.
Markup list(std::string_view kind, const std::vector<std::string>& items);
/// What guarantees of flows were lost, in a note; nothing for an empty list.
Markup losses(const std::vector<std::pair<std::string, std::string>>& losses);
/// Where a page of many is.
struct PageOfMany {
  std::string_view path;
  /// What precedes the page's number in the query.
  std::string query = {};
  std::size_t page = 1;
  std::size_t pages = 1;
  /// Of all things on all pages, with their name.
  std::string count;
};
/// Links to the page before and the one after; nothing for a single page.
Markup pager(const PageOfMany& at);
/// `<p class="KIND">`; nothing for an empty text.
Markup paragraph(std::string_view kind, std::string_view text);
/// The skeleton with this text; nothing for an empty text.
Markup optional(std::string_view skeleton, std::string_view text);

}  // namespace flowship::daemon::html
