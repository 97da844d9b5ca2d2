#include "deploy/pull/pull.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "base/parallel.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "check/engine/check.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/flow_check.hpp"
#include "deploy/plan/planner.hpp"
#include "deploy/pull/adopt.hpp"
#include "deploy/pull/worktree_flows.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/layouts/writing.hpp"
#include "flow/merge/adoption.hpp"
#include "flow/model/flow_id.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace flowship::deploy {

namespace {

class Pulling {
 public:
  Pulling(Workspace& workspace, const PullOptions& options, const Context& context)
      : workspace_(workspace),
        options_(options),
        context_(context),
        session_(open_session(workspace, options.connection, context)),
        sources_(workspace) {}

  Pulled run() {
    if (session_.head && session_.head->record.phase == Phase::intent) {
      throw Error(
          "another deployment holds `" + workspace_.environment.name + "`: " + holder_text(session_.head->record),
          "wait for it to finish; if it died, `flowship deploy` recovers it", Fault::held);
    }
    pulled_.environment = workspace_.environment.name;
    pulled_.project_id = session_.credentials.project_id;
    if (session_.head) {
      for (Deployed& flow : deployed_flows(workspace_.repository, workspace_.ledger, *session_.head)) {
        if (flow.sent) sent_.emplace(flow.id, std::move(*flow.sent));
      }
    }
    std::vector<std::string> listed;
    for (const auto& [id, tag] : list_live_flows(session_.service)) listed.push_back(id);
    ask(chosen(listed));
    for (PulledFlow& flow : pulled_.flows) prepare(flow);
    spare_uncommitted();
    write();
    check();
    return std::move(pulled_);
  }

 private:
  std::vector<std::string> chosen(std::vector<std::string> listed) const {
    std::sort(listed.begin(), listed.end());
    if (options_.flows.empty()) return listed;
    for (const std::string& id : options_.flows) {
      if (std::binary_search(listed.begin(), listed.end(), id)) continue;
      throw usage_error("the service has no flow `" + printable(id) + "`", did_you_mean(id, listed));
    }
    std::set<std::string> wanted(options_.flows.begin(), options_.flows.end());
    return {wanted.begin(), wanted.end()};
  }

  void ask(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) pulled_.flows.push_back({.flow_id = id, .outcome = {}, .paths = {}, .error = {}});
    std::vector<std::optional<LiveVersion>> answers(ids.size());
    for_each_in_parallel(ids.size(), static_cast<std::size_t>(options_.concurrency), [&](std::size_t number) {
      if (flow::FlowId::from(ids[number])) answers[number] = answer_for(pulled_.flows[number]);
    });
    for (std::size_t number = 0; number < ids.size(); ++number) {
      PulledFlow& flow = pulled_.flows[number];
      if (flow.outcome == PullOutcome::failed) continue;
      if (!flow::FlowId::from(ids[number])) {
        fail(flow, "refused: the id is not a valid folder name");
      } else if (answers[number]->flow.id != ids[number]) {
        fail(flow, "the service answered with the flow `" + printable(answers[number]->flow.id) + "`");
      } else {
        live_.emplace(ids[number], std::move(*answers[number]));
      }
    }
  }

  /// The live flow. If the service can't be queried, the flow fails; without credentials nothing else would work
  /// either, and a stop leaves everything as it was.
  std::optional<LiveVersion> answer_for(PulledFlow& flow) {
    LiveAnswer answer = read_live_flow(flow.flow_id, session_.service);
    if (!answer.version) {
      if (context_.stop.requested()) throw Error(answer.error);
      fail(flow, answer.error);
    }
    return std::move(answer.version);
  }

  static void fail(PulledFlow& flow, const std::string& why) {
    flow.outcome = PullOutcome::failed;
    flow.error = why;
  }

  void prepare(PulledFlow& flow) {
    const auto live = live_.find(flow.flow_id);
    if (live == live_.end()) return;
    try {
      const flow::Flow& there = live->second.flow;
      const flow::Flow* source = sources_.find(flow.flow_id);
      refuse_secrets(there, source);
      if (source == nullptr) {
        files_[flow.flow_id] = new_files(there);
      } else {
        const flow::Flow adopted = adopted_into(*source, there);
        files_[flow.flow_id] = flow::files_of(adopted, source->source.layout, source->source.path, source);
      }
    } catch (const Error& error) {
      fail(flow, error.message());
    }
  }

  /// What is pulled goes into git, and stays there.
  void refuse_secrets(const flow::Flow& there, const flow::Flow* source) const {
    const flow::Source* place = source == nullptr ? nullptr : &source->source;
    for (const check::Finding& finding : errors_of(there, place, workspace_.config.check, nullptr)) {
      if (check::find_rule(finding.rule)->group != "safety") continue;
      throw Error(finding.message + " (" + finding.rule +
                  "), which must not be committed: remove it in the console, and pull again");
    }
  }

  flow::FileChanges new_files(const flow::Flow& there) {
    const std::string path = sources_.new_place(there.id, options_.layout);
    flow::FileChanges files = flow::files_of(there, options_.layout, path, nullptr);
    if (options_.uncommitted == PullOptions::Uncommitted::refuse) {
      for (const auto& [file, text] : files) {
        if (!workspace_.repository.worktree_file_if_there(file)) continue;
        throw Error(printable(file) + " already exists with other content; --force overwrites it");
      }
    }
    if (options_.layout == flow::Layout::snapshot) list(std::string(folder_of(path)), there.id);
    return files;
  }

  /// The source that would be sent as the live flow.
  flow::Flow adopted_into(const flow::Flow& source, const flow::Flow& there) {
    const auto sent = sent_.find(there.id);
    std::optional<KeptExport> kept;
    if (session_.head) kept = workspace_.ledger.after(*session_.head, there.id);
    std::optional<flow::Flow> after;
    if (kept) after = kept->flow({live_.at(there.id).text});
    flow::Adopted adopted = flow::adopted(there, {.source = source,
                                                  .overrides = workspace_.environment.overrides,
                                                  .sent = sent == sent_.end() ? nullptr : &sent->second,
                                                  .after = after ? &*after : nullptr});
    for (const std::string& pointer : adopted.beyond_source) {
      beyond_source_.insert(there.id);
      pulled_.warnings.push_back(beyond_source_text(there.id, pointer, workspace_.environment.name));
    }
    refuse_digests(adopted.flow, "written");
    return std::move(adopted.flow);
  }

  /// Adds the flow to the list beside snapshots' folders, where there is one.
  void list(const std::string& folder, const std::string& flow_id) {
    const std::string path = (folder.empty() ? "" : folder + "/") + "flows.json";
    auto known = lists_.find(path);
    if (known == lists_.end()) {
      known = lists_.emplace(path, workspace_.repository.worktree_file_if_there(path)).first;
    }
    if (known->second) known->second = flow::with_listed(*known->second, flow_id);
  }

  /// Fails the flows whose files have uncommitted changes.
  void spare_uncommitted() {
    if (options_.uncommitted == PullOptions::Uncommitted::overwrite) return;
    std::vector<std::string> paths;
    for (const auto& [flow_id, files] : files_) {
      for (const auto& [path, text] : files) paths.push_back(path);
    }
    const std::vector<std::string> found = workspace_.repository.uncommitted(paths);
    for (PulledFlow& flow : pulled_.flows) {
      for (const std::string& path : found) {
        const auto files = files_.find(flow.flow_id);
        if (files == files_.end() || !files->second.contains(path)) continue;
        fail(flow, printable(path) + " has uncommitted changes; --force overwrites them");
        files_.erase(files);
      }
    }
  }

  void write() {
    flow::FileChanges all;
    for (PulledFlow& flow : pulled_.flows) {
      if (flow.outcome == PullOutcome::failed) continue;
      for (const auto& [path, text] : files_[flow.flow_id]) flow.paths.push_back(path);
      flow.outcome = flow.paths.empty() ? PullOutcome::unchanged : PullOutcome::pulled;
      all.insert(files_[flow.flow_id].begin(), files_[flow.flow_id].end());
    }
    for (const auto& [path, text] : lists_) {
      if (text && text != workspace_.repository.worktree_file_if_there(path)) all[path] = text;
    }
    workspace_.repository.change_worktree(all);
  }

  /// Warns of what validation will refuse.
  void warn_of(const std::vector<check::Finding>& findings) {
    for (const check::Finding& finding : findings) {
      if (finding.severity != check::Severity::error) continue;
      pulled_.warnings.push_back(finding.path + ":" + std::to_string(finding.line) + ":" +
                                 std::to_string(finding.column) + ": " + finding.message + " (" + finding.rule + ")");
    }
  }

  void check() {
    PlanRequest request;
    for (const PulledFlow& flow : pulled_.flows) {
      if (flow.outcome != PullOutcome::failed) request.flows.push_back(flow.flow_id);
    }
    if (request.flows.empty()) return;
    warn_of(make_plan(workspace_, session_.head, session_.credentials.project_id, request).findings);
  }

  Workspace& workspace_;
  const PullOptions& options_;
  const Context& context_;
  Session session_;
  WorktreeFlows sources_;
  /// What the service was sent of each flow the last time.
  std::map<std::string, flow::Flow> sent_;
  std::map<std::string, LiveVersion> live_;
  /// The flows with values that no source can express.
  std::set<std::string> beyond_source_;
  std::map<std::string, flow::FileChanges> files_;
  std::map<std::string, std::optional<std::string>> lists_;
  Pulled pulled_;
};

}  // namespace

Pulled pull(Workspace& workspace, const PullOptions& options, const Context& context) {
  expect_working_tree(workspace);
  return Pulling(workspace, options, context).run();
}

}  // namespace flowship::deploy
