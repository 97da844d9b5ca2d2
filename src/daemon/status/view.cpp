#include "daemon/status/view.hpp"

#include <Poco/Exception.h>
#include <Poco/String.h>
#include <Poco/URI.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace flowship::daemon {

namespace {

std::vector<const EnvironmentStatus*> matches(const DaemonStatus& status, const std::string& wanted) {
  std::vector<const EnvironmentStatus*> exact;
  std::vector<const EnvironmentStatus*> partly;
  const std::string lower = Poco::toLower(wanted);
  for (const EnvironmentStatus& one : status.environments) {
    if (one.key == wanted || one.id.environment == wanted) exact.push_back(&one);
    const std::string place = Poco::toLower(one.id.repository + "." + one.id.environment);
    if (place.find(lower) != std::string::npos) partly.push_back(&one);
  }
  return exact.empty() ? partly : exact;
}

}  // namespace

View view_of(const std::string& target, std::size_t per_page) {
  View view{.per_page = per_page};
  try {
    for (const auto& [name, value] : Poco::URI(target).getQueryParameters()) {
      if (name == "environment") view.environment = value;
      if (name == "page") std::from_chars(value.data(), value.data() + value.size(), view.page);
    }
  } catch (const Poco::Exception&) {
    return View{.per_page = per_page};
  }
  return view;
}

ViewPage page_of(const DaemonStatus& status, const View& view) {
  ViewPage page;
  const std::vector<const EnvironmentStatus*> all = matches(status, view.environment);
  page.total = all.size();
  page.pages = std::max<std::size_t>(1, (all.size() + view.per_page - 1) / view.per_page);
  page.page = std::clamp<std::size_t>(view.page, 1, page.pages);
  std::set<std::string> repositories;
  for (std::size_t at = (page.page - 1) * view.per_page; at < std::min(all.size(), page.page * view.per_page); ++at) {
    page.environments.push_back(all[at]);
    repositories.insert(all[at]->id.repository);
  }
  for (const MirrorStatus& mirror : status.mirrors) {
    if (repositories.contains(mirror.repository)) page.mirrors.push_back(&mirror);
  }
  return page;
}

}  // namespace flowship::daemon
