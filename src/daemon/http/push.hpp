#pragma once

#include "base/secret.hpp"
#include "daemon/http/routes.hpp"
#include "git/remote/pushed_refs.hpp"

#include <string>
#include <vector>

// How a repository on the daemon's own machine hands on what was pushed to it: its post-receive hook sends what git
// gave it, signed with the repository's webhook secret.

namespace flowship::daemon {

/// The field that the signature is in: `sha256=` and the HMAC of the body in hexadecimal digits.
inline constexpr const char* kPushSignature = "X-Flowship-Signature";

/// `POST /push/<repository>`, from this machine alone: 202 and a fetch when a branch was pushed, 200 when only other
/// refs were; 403 for a wrong signature, a repository without a secret or an unknown one.
net::Answer answer_push(Daemon& daemon, const Call& call);

/// The request that `answer_push` takes; `input` is what git gave post-receive.
net::Request push_request(const std::string& repository, const std::string& input, const Secret& secret);

}  // namespace flowship::daemon
