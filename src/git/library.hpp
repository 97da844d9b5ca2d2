#pragma once

namespace flowship::git {

/// Starts libgit2 once, with the options that flowship relies on.
void start_library();

}  // namespace flowship::git
