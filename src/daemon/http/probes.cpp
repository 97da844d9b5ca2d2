#include "daemon/http/probes.hpp"

#include "base/text/printable.hpp"
#include "daemon/daemon.hpp"
#include "daemon/http/access.hpp"
#include "daemon/http/answers.hpp"

namespace flowship::daemon {

net::Answer answer_healthz(Daemon&, const Call&) { return text_answer(200, "ok\n"); }

net::Answer answer_readyz(Daemon& daemon, const Call& call) {
  const Health health = health_of(daemon.status(), daemon.clock().now());
  if (health.ready) return text_answer(200, "ready\n");
  std::string text = "not ready\n";
  if (may_view(call.request, *daemon.config())) {
    for (const std::string& reason : health.reasons) text += printable(reason) + "\n";
  }
  return text_answer(503, std::move(text));
}

}  // namespace flowship::daemon
