#pragma once

#include "base/secret.hpp"
#include "daemon/http/routes.hpp"
#include "git/remote/pushed_refs.hpp"

#include <string>
#include <vector>

// How a repository on the daemon's machine announces a push: its post-receive hook sends its input, signed with the
// repository's webhook secret.

namespace flowship::daemon {

/// The header with the signature: `sha256=` and the HMAC of the body in hexadecimal digits.
inline constexpr const char* kPushSignature = "X-Flowship-Signature";

/// `POST /push/<repository>`, from this machine only: 202 and a fetch if a branch was pushed, 200 if only other refs
/// were; 403 for a wrong signature, or a repository that is unknown or has no secret.
net::Answer answer_push(Daemon& daemon, const Call& call);

/// The request for `answer_push`; `input` is the input of post-receive.
net::Request push_request(const std::string& repository, const std::string& input, const Secret& secret);

}  // namespace flowship::daemon
