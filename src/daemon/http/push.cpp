#include "daemon/http/push.hpp"

#include "base/error.hpp"
#include "daemon/daemon.hpp"
#include "daemon/http/answers.hpp"
#include "daemon/http/signature.hpp"
#include "net/url.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

const std::string kPrefix = "sha256=";

bool is_from_here(const net::IncomingRequest& request) {
  return net::Url{.secure = false, .host = request.peer, .port = 0, .prefix = {}}.is_loopback();
}

}  // namespace

net::Answer answer_push(Daemon& daemon, const Call& call) {
  const std::string& name = call.arguments.front();
  const std::shared_ptr<const OperatorConfig> config = daemon.config();
  const auto repository = config->repositories.find(name);
  if (repository == config->repositories.end() || !is_from_here(call.request) ||
      !has_hex_signature(call.request, kPushSignature, kPrefix, repository->second.webhook_secret)) {
    return text_answer(403, kUnsigned);
  }
  std::vector<git::PushedRef> refs;
  try {
    refs = git::received_refs(call.request.body);
  } catch (const Error& error) {
    return text_answer(400, error.message() + "\n");
  }
  const bool has_branch =
      std::any_of(refs.begin(), refs.end(), [](const auto& ref) { return ref.branch().has_value(); });
  if (!has_branch) return text_answer(200, "No branch was pushed.\n");
  daemon.trigger(name, Trigger::push);
  return text_answer(202, "Fetching.\n");
}

net::Request push_request(const std::string& repository, const std::string& input, const Secret& secret) {
  net::Request request{.method = "POST", .target = "/push/" + repository, .headers = {}, .body = input};
  request.headers.add("Content-Type", "text/plain");
  request.headers.add(kPushSignature, kPrefix + hex_signature(input, secret));
  return request;
}

}  // namespace flowship::daemon
