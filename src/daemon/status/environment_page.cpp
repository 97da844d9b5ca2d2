#include "daemon/status/environment_page.hpp"

#include "base/text/pluralize.hpp"
#include "check/rules/secrets.hpp"
#include "daemon/status/job_notes.hpp"
#include "deploy/ledger/history.hpp"
#include "deploy/live/last_deployed.hpp"
#include "git/repository.hpp"

#include <algorithm>
#include <map>

namespace flowship::daemon {

namespace {

using html::filled;
using html::Markup;

/// How many entries of the ledger are looked at for the last change of each flow.
constexpr int kMostEntries = 200;

bool is_among(const std::vector<std::string>& flows, const std::string& flow_id) {
  return std::find(flows.begin(), flows.end(), flow_id) != flows.end();
}

const deploy::FlowResult* result_of(const FinishedJob& job, const std::string& flow_id) {
  const auto found = std::find_if(job.flows.begin(), job.flows.end(),
                                  [&](const deploy::FlowResult& flow) { return flow.flow_id == flow_id; });
  return found == job.flows.end() ? nullptr : &*found;
}

/// By the last job that had the flow.
FlowLook look_by_jobs(const EnvironmentStatus& environment, const std::string& flow_id) {
  for (const FinishedJob& job : environment.recent) {
    const deploy::FlowResult* result = result_of(job, flow_id);
    if (result == nullptr) continue;
    if (is_done(result->outcome)) break;
    const bool has_failed = result->outcome == deploy::FlowOutcome::failed;
    return {.kind = has_failed ? "bad" : "warn", .word = to_text(result->outcome), .why = result->error, .edits = {}};
  }
  return {};
}

/// Deployed flows, and those that the last job could not deploy for the first time.
void add_undeployed(const EnvironmentStatus& environment, std::vector<FlowLine>& flows) {
  if (environment.recent.empty()) return;
  for (const deploy::FlowResult& result : environment.recent.front().flows) {
    const bool is_known =
        std::any_of(flows.begin(), flows.end(), [&](const FlowLine& line) { return line.flow_id == result.flow_id; });
    if (!is_known && !is_done(result.outcome)) flows.push_back({.flow_id = result.flow_id});
  }
}

Markup flow_line(const EnvironmentStatus& environment, const FlowLine& flow, const FlowLook& look, Buttons buttons) {
  const Markup change = flow.changed
                            ? filled("flow-change", {{"time", html::time(*flow.changed)},
                                                     {"commit", html::commit(flow.commit, environment.commit_pages)}})
                            : Markup();
  return filled("flow-line", {{"badge", html::badge(look.kind, look.word)},
                              {"flow", html::link(environment, flow.flow_id)},
                              {"why", html::paragraph("error", look.why)},
                              {"edits", html::list("edits", look.edits)},
                              {"change", change},
                              {"buttons", flow_buttons(buttons, environment, flow.flow_id, look)}});
}

Markup summary(const EnvironmentStatus& environment) {
  if (!environment.deployed) return {};
  return filled("environment-summary",
                {{"commit", html::commit(environment.deployed->commit, environment.commit_pages)},
                 {"time", html::time(environment.deployed->time)}});
}

}  // namespace

std::vector<FlowLine> deployed_flow_lines(const std::filesystem::path& mirror, const EnvironmentStatus& environment) {
  const auto record = environment.deployed ? git::ObjectId::from_hex(environment.deployed->record) : std::nullopt;
  if (!record) return {};
  const git::Repository repository = git::Repository::open(mirror);
  deploy::Environment place;
  place.name = environment.id.environment;
  const deploy::Ledger ledger(repository, place);
  std::map<std::string, FlowLine> lines;
  const deploy::LedgerEntry newest = ledger.entry(*record);
  for (const std::string& id : deploy::LastDeployed(repository, ledger, newest).ids()) lines[id].flow_id = id;
  std::size_t open = lines.size();
  std::optional<git::ObjectId> at = record;
  for (int looked = 0; at && open > 0 && looked < kMostEntries; ++looked) {
    if (!repository.has(*at)) break;
    const deploy::LedgerEntry entry = ledger.entry(*at);
    at = entry.parent;
    if (entry.record.phase == deploy::Phase::intent) continue;
    for (const deploy::FlowResult& result : ledger.flows(entry)) {
      const auto line = lines.find(result.flow_id);
      if (line == lines.end() || line->second.changed || !is_done(result.outcome)) continue;
      line->second.changed = entry.record.finished.value_or(entry.record.started);
      line->second.commit = {.id = entry.record.target,
                             .subject = check::with_message_masked(entry.record.subject),
                             .author = check::with_message_masked(entry.record.author)};
      --open;
    }
  }
  std::vector<FlowLine> result;
  for (auto& [id, line] : lines) result.push_back(std::move(line));
  return result;
}

std::string removed_text(const EnvironmentStatus& environment, const std::string& flow_id) {
  return "The repository no longer has it: " + hint_on_removed(environment.id.environment, flow_id) + ".";
}

FlowLook look_of_flow(const EnvironmentStatus& environment, const std::string& flow_id) {
  FlowLook look = look_by_jobs(environment, flow_id);
  if (is_among(environment.left_behind, flow_id)) {
    look = {.kind = "quiet",
            .word = "left behind",
            .why = "The repository no longer has it.",
            .edits = {},
            .is_left_behind = true};
  }
  const std::optional<DriftReport>& drift = environment.drift;
  if (!drift || !drift->error.empty()) return look;
  if (is_among(drift->drifted, flow_id)) {
    const auto edits = drift->edits.find(flow_id);
    look.kind = "warn";
    look.word = "drifted";
    look.why = look.is_left_behind ? removed_text(environment, flow_id) : std::string();
    look.edits = edits == drift->edits.end() ? std::vector<std::string>{"Edited in the console."} : edits->second;
  } else if (is_among(drift->missing, flow_id)) {
    look = {.kind = "warn", .word = "missing", .why = {}, .edits = {"Deleted in the console."}};
  } else if (is_among(drift->unknown, flow_id)) {
    look = {.kind = "warn", .word = "unknown", .why = "The service lists it, but could not export it.", .edits = {}};
  } else if (look.kind == "good" && !look.is_left_behind) {
    look.word = "in sync";
  }
  return look;
}

Markup flow_buttons(Buttons buttons, const EnvironmentStatus& environment, const std::string& flow_id,
                    const FlowLook& look) {
  if (buttons == Buttons::none || !look.is_drift() || look.is_left_behind) return {};
  Markup all;
  if (look.word == "drifted") all += html::button(buttons, "adopt", environment, flow_id) + " ";
  all += html::button(buttons, "restore", environment, flow_id);
  return filled("buttons", {{"buttons", all}});
}

std::vector<std::pair<std::string, std::string>> losses_of_flow(const EnvironmentStatus& environment,
                                                                const std::string& flow_id) {
  std::vector<std::pair<std::string, std::string>> losses;
  for (const FinishedJob& job : environment.recent) {
    if (job.record.empty()) continue;
    for (const auto& loss : job.losses) {
      if (loss.first == flow_id) losses.push_back(loss);
    }
    if (!losses.empty() || result_of(job, flow_id) != nullptr) break;
  }
  return losses;
}

std::string environment_page(const EnvironmentStatus& environment, std::vector<FlowLine> flows, std::size_t page,
                             Buttons buttons) {
  add_undeployed(environment, flows);
  std::vector<std::pair<FlowLook, FlowLine>> lines;
  for (FlowLine& flow : flows) lines.emplace_back(look_of_flow(environment, flow.flow_id), std::move(flow));
  const auto rank = [](const std::pair<FlowLook, FlowLine>& line) {
    const std::string_view kind = line.first.kind;
    return kind == "bad" ? 0 : kind == "warn" ? 1 : kind == "quiet" ? 2 : 3;
  };
  std::stable_sort(lines.begin(), lines.end(),
                   [&](const auto& left, const auto& right) { return rank(left) < rank(right); });
  const std::size_t pages = std::max<std::size_t>(1, (lines.size() + kFlowsOfPage - 1) / kFlowsOfPage);
  page = std::clamp<std::size_t>(page, 1, pages);
  Markup items;
  for (std::size_t at = (page - 1) * kFlowsOfPage; at < std::min(lines.size(), page * kFlowsOfPage); ++at) {
    items += flow_line(environment, lines[at].second, lines[at].first, buttons);
  }
  const html::Look look = html::look_of(state_of(environment));
  const std::string path = html::path_of(environment);
  const auto recorded = std::find_if(environment.recent.begin(), environment.recent.end(),
                                     [](const FinishedJob& job) { return !job.record.empty(); });
  const auto losses = recorded == environment.recent.end() ? decltype(FinishedJob::losses)() : recorded->losses;
  const Markup body = filled(
      "environment",
      {{"name", environment.key},
       {"badge", html::badge(look.kind, look.word)},
       {"button", html::button(environment.branch.empty() ? Buttons::none : buttons, "retry", environment)},
       {"back", filled("all-environments")},
       {"losses", html::losses(losses)},
       {"notes", job_notes(environment, Buttons::none)},
       {"summary", summary(environment)},
       {"flows", items.empty() ? filled("no-flows") : items},
       {"pager",
        html::pager(
            {.path = path, .query = {}, .page = page, .pages = pages, .count = pluralize(lines.size(), "flow")})}});
  return filled("page", {{"title", environment.key + " · flowship"}, {"body", body}}).str();
}

}  // namespace flowship::daemon
