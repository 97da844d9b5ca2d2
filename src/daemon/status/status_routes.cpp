#include "daemon/status/status_routes.hpp"

#include "base/error.hpp"
#include "daemon/daemon.hpp"
#include "daemon/http/access.hpp"
#include "daemon/http/answers.hpp"
#include "daemon/status/assets.hpp"
#include "daemon/status/environment_page.hpp"
#include "daemon/status/flow_page.hpp"
#include "daemon/status/metrics.hpp"
#include "daemon/status/page.hpp"
#include "daemon/status/status_json.hpp"
#include "report/drawings/svg.hpp"

#include <algorithm>

namespace flowship::daemon {

namespace {

Buttons buttons_of(const Daemon& daemon) {
  return daemon.config()->status_token.empty() ? Buttons::none : Buttons::offered;
}

}  // namespace

net::Answer answer_page(Daemon& daemon, const Call& call) {
  const View view = view_of(call.request.target, kEnvironmentsOfPage);
  return page_answer(status_page(daemon.status(), daemon.clock().now(), view, buttons_of(daemon)));
}

net::Answer answer_environment(Daemon& daemon, const Call& call) {
  const std::optional<EnvironmentStatus> environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return unknown_environment();
  const auto mirror = daemon.mirror_folder(environment->id.repository);
  try {
    std::vector<FlowLine> flows;
    if (mirror) flows = deployed_flow_lines(*mirror, *environment);
    return page_answer(environment_page(*environment, std::move(flows), view_of(call.request.target, kFlowsOfPage).page,
                                        buttons_of(daemon)));
  } catch (const Error& error) {
    return problem_answer(503, "The ledger can't be read", error.message(), &*environment);
  }
}

net::Answer answer_flow(Daemon& daemon, const Call& call) {
  const std::optional<EnvironmentStatus> environment = environment_of(daemon.status(), call.arguments[0]);
  if (!environment) return unknown_environment();
  const auto mirror = daemon.mirror_folder(environment->id.repository);
  try {
    const auto graph = mirror ? deployed_graph(*mirror, *environment, call.arguments[1]) : std::nullopt;
    if (!graph)
      return problem_answer(404, "No such flow", "This flow is not deployed to that environment.", &*environment);
    return page_answer(flow_page(*environment, *graph, buttons_of(daemon)));
  } catch (const Error& error) {
    return problem_answer(503, "The ledger can't be read", error.message(), &*environment);
  }
}

net::Answer answer_status(Daemon& daemon, const Call& call) {
  const View view = view_of(call.request.target, kEnvironmentsOfApi);
  return json_answer(200, status_json(daemon.status(), daemon.clock().now(), view));
}

net::Answer answer_metrics(Daemon& daemon, const Call&) {
  net::Answer answer;
  answer.headers.add("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
  answer.body = metrics_text(daemon.status(), daemon.clock().now());
  return answer;
}

net::Answer answer_asset(Daemon&, const Call& call) {
  const std::span<const Asset> all = assets();
  const auto asset =
      std::find_if(all.begin(), all.end(), [&](const Asset& one) { return one.name == call.arguments[0]; });
  if (asset == all.end()) return text_answer(404, "Not found.\n");
  net::Answer answer;
  answer.headers.add("Content-Type", std::string(asset->type));
  answer.body = asset->text;
  // Drawings on pages have no style of their own.
  if (asset->name == "page.css") answer.body.append(report::canvas_style()).append(report::svg_style());
  return answer;
}

net::Answer answer_healthz(Daemon& daemon, const Call&) {
  return daemon.is_stuck() ? text_answer(503, "stuck: work shows no progress for longer than `watchdog`\n")
                           : text_answer(200, "ok\n");
}

net::Answer answer_readyz(Daemon& daemon, const Call& call) {
  const Health health = health_of(daemon.status(), daemon.clock().now());
  if (health.ready) return text_answer(200, "ready\n");
  std::string text = "not ready\n";
  if (may_view(call.request, *daemon.config())) {
    for (const std::string& reason : health.reasons) text += reason + "\n";
  }
  return text_answer(503, text);
}

}  // namespace flowship::daemon
