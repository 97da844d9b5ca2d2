#pragma once

#include <string_view>

namespace flowship::git {

/// Who hosts a repository.
enum class Host { github, gitlab, other };

std::string_view to_text(Host host);

/// Judged by the host name in a remote's address (a URL, `user@host:path` or a path): `github.com`,
/// `gitlab.example.com`.
Host host_of(std::string_view address);

}  // namespace flowship::git
