#pragma once

#include <string>
#include <string_view>

namespace flowship::git {

/// Who hosts a repository.
enum class Host { github, gitlab, other };

std::string_view to_text(Host host);

/// Judged by the host name in a remote's address (a URL, `user@host:path` or a path): `github.com`,
/// `gitlab.example.com`.
Host host_of(std::string_view address);

/// What a remote's address is served by: its host, with the port if the address has one; the address itself if it is a
/// path of this machine.
std::string server_of(std::string_view address);

/// The address of a commit's page at its host without the commit's id, which comes after it; empty where the host is
/// not known, or the address has no path of words. Credentials and ports of ssh are left out.
std::string commit_pages_of(std::string_view address);

}  // namespace flowship::git
