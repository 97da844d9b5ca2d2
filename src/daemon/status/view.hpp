#pragma once

#include "daemon/status/status.hpp"

#include <cstddef>
#include <string>
#include <vector>

namespace flowship::daemon {

inline constexpr std::size_t kEnvironmentsOfPage = 50;
inline constexpr std::size_t kEnvironmentsOfApi = 500;

/// Which environments somebody wants to see.
struct View {
  /// The key or name of environments, exactly; where none is called so, a part of their keys or repositories, in upper
  /// or lower case. Empty: all.
  std::string environment = {};
  /// From 1.
  std::size_t page = 1;
  std::size_t per_page = kEnvironmentsOfPage;
};

/// The view in the query of a request's target: `environment` and `page`. What is malformed counts as not given.
View view_of(const std::string& target, std::size_t per_page);

/// What a view shows of a status, which must outlive it.
struct ViewPage {
  std::vector<const EnvironmentStatus*> environments;
  /// The repositories of these environments.
  std::vector<const MirrorStatus*> mirrors;
  /// At least 1; `page` is one of them.
  std::size_t page = 1;
  std::size_t pages = 1;
  /// Environments on all pages.
  std::size_t total = 0;
};

ViewPage page_of(const DaemonStatus& status, const View& view);

}  // namespace flowship::daemon
