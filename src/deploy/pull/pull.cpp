#include "deploy/pull/pull.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "base/parallel.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/glob.hpp"
#include "base/text/printable.hpp"
#include "deploy/config/command_hint.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/kept_export.hpp"
#include "deploy/live/classify.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/planner.hpp"
#include "deploy/pull/adopt.hpp"
#include "deploy/pull/live_merge.hpp"
#include "deploy/pull/worktree_flows.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/layouts/writing.hpp"
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
        sources_(workspace, session_.head) {}

  Pulled run() {
    if (session_.head && session_.head->record.phase == Phase::intent) {
      throw Error(
          "another deployment holds `" + workspace_.environment.name + "`: " + holder_text(session_.head->record),
          "wait for it to finish; if it died, " + command_hint("deploy", workspace_.environment.name_in_commands()) +
              " recovers it",
          Fault::held);
    }
    pulled_.environment = workspace_.environment.name;
    pulled_.project_id = session_.credentials.project_id;
    if (session_.head) {
      for (Deployed& flow : deployed_flows(workspace_.repository, workspace_.ledger, *session_.head)) {
        deployed_.emplace(flow.id, std::move(flow.sent));
      }
    }
    std::vector<std::string> listed;
    for (const auto& [id, tag] : list_live_flows(session_.service)) listed.push_back(id);
    const std::vector<std::string> gone = deleted_in_console(listed);
    ask(chosen(listed, gone));
    for (const std::string& id : chosen(gone, listed)) {
      pulled_.flows.push_back({.flow_id = id, .outcome = {}, .paths = {}, .error = {}, .new_ids = {}, .conflict = {}});
      gone_.insert(id);
    }
    std::sort(pulled_.flows.begin(), pulled_.flows.end(),
              [](const PulledFlow& a, const PulledFlow& b) { return a.flow_id < b.flow_id; });
    for (PulledFlow& flow : pulled_.flows) prepare(flow);
    write();
    check_written();
    return std::move(pulled_);
  }

 private:
  /// The flows of the working tree that were deployed and that the service no longer has.
  std::vector<std::string> deleted_in_console(const std::vector<std::string>& listed) const {
    std::vector<std::string> gone;
    for (const auto& [id, sent] : deployed_) {
      if (!std::binary_search(listed.begin(), listed.end(), id) && sources_.has(id)) gone.push_back(id);
    }
    return gone;
  }

  /// Those of `ids` that are asked for. A flow in neither list is an error.
  std::vector<std::string> chosen(const std::vector<std::string>& ids, const std::vector<std::string>& others) const {
    if (options_.flows.empty()) return ids;
    std::set<std::string> wanted;
    std::vector<std::string> known = ids;
    known.insert(known.end(), others.begin(), others.end());
    for (const std::string& id : with_globs_resolved(options_.flows, known)) {
      if (std::binary_search(ids.begin(), ids.end(), id)) {
        wanted.insert(id);
      } else if (!std::binary_search(others.begin(), others.end(), id)) {
        throw usage_error("the service has no flow `" + printable(id) + "`", did_you_mean(id, ids));
      }
    }
    return {wanted.begin(), wanted.end()};
  }

  void ask(const std::vector<std::string>& ids) {
    for (const std::string& id : ids) {
      pulled_.flows.push_back({.flow_id = id, .outcome = {}, .paths = {}, .error = {}, .new_ids = {}, .conflict = {}});
    }
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
      if (answer.is_refused)
        throw Error("asking for `" + flow.flow_id + "`: " + answer.error, answer.hint, Fault::credentials);
      fail(flow, answer.error);
    }
    return std::move(answer.version);
  }

  static void fail(PulledFlow& flow, const std::string& why, const std::string& hint = {}) {
    flow.outcome = PullOutcome::failed;
    flow.error = hint.empty() ? why : why + "; " + hint;
    flow.hint = hint;
  }

  void prepare(PulledFlow& flow) {
    const auto live = live_.find(flow.flow_id);
    if (live == live_.end() && !gone_.contains(flow.flow_id)) return;
    try {
      const flow::Flow* source = sources_.find_whole(flow.flow_id);
      if (live == live_.end()) {
        take_deletion(flow, *source);
      } else if (source != nullptr) {
        merge(flow, *source, live->second);
      } else {
        take_without_source(flow, live->second);
      }
    } catch (const Error& error) {
      fail(flow, error.message(), error.hint());
    }
  }

  void conflict(PulledFlow& flow, FlowConflicts why) {
    flow.outcome = PullOutcome::conflict;
    flow.error = why.reason + "; " + why.hint;
    flow.hint = why.hint;
    flow.conflict = std::move(why);
  }

  void take_deletion(PulledFlow& flow, const flow::Flow& source) {
    if (options_.resolve == Resolve::theirs) {
      for (const git::Entry& file : source.source.files) files_[flow.flow_id][file.path] = std::nullopt;
      if (source.source.layout == flow::Layout::snapshot) unlist(source);
    } else if (options_.resolve == Resolve::nothing) {
      conflict(flow,
               deletion_conflict(flow.flow_id, "deleted in the console", workspace_.environment.name_in_commands()));
    } else {
      warn_that_ours_is_not_live(flow.flow_id);
    }
  }

  /// `pull` writes no ledger, so the next deployment finds the same drift.
  void warn_that_ours_is_not_live(const std::string& flow_id) {
    pulled_.warnings.push_back(
        "`" + printable(flow_id) + "`: the repository's version was kept; once it is committed, " +
        command_hint("deploy", workspace_.environment.name_in_commands(), "--on-drift overwrite", {flow_id}) +
        " deploys it, whatever was done in the console");
  }

  /// A new flow, or one that the working tree no longer has.
  void take_without_source(PulledFlow& flow, const LiveVersion& there) {
    const auto deployed = deployed_.find(flow.flow_id);
    if (deployed != deployed_.end()) {
      // What only the repository removed is for `deploy --prune`.
      if (options_.resolve == Resolve::ours || is_as_deployed(flow.flow_id, deployed->second, there)) return;
      if (options_.resolve == Resolve::nothing) {
        conflict(flow, deletion_conflict(flow.flow_id, "edited in the console, and removed from the working tree",
                                         workspace_.environment.name_in_commands()));
        return;
      }
    }
    const std::string path = sources_.new_place(flow.flow_id, options_.layout);
    flow::FileChanges files = new_files(there.flow, path);
    refuse_secrets(workspace_, there.flow, files, nullptr);
    if (options_.layout == flow::Layout::snapshot) list(std::string(folder_of(path)), flow.flow_id);
    files_[flow.flow_id] = std::move(files);
  }

  /// Whether nobody edited a flow in the console.
  bool is_as_deployed(const std::string& flow_id, const std::optional<flow::Flow>& sent,
                      const LiveVersion& there) const {
    const std::optional<KeptExport> after = workspace_.ledger.after(*session_.head, flow_id);
    const std::optional<flow::Flow> returned =
        after ? std::optional(after->flow({there.exported.text()})) : std::nullopt;
    return classify({.is_deployed = true,
                     .sent = sent ? &*sent : nullptr,
                     .returned = returned ? &*returned : nullptr,
                     .is_listed = true,
                     .live = &there.flow,
                     .ignore_drift = &workspace_.environment.ignore_drift}) == LiveMatch::as_deployed;
  }

  void merge(PulledFlow& flow, const flow::Flow& source, const LiveVersion& there) {
    const auto deployed = deployed_.find(flow.flow_id);
    const flow::Flow* const sent = deployed == deployed_.end() || !deployed->second ? nullptr : &*deployed->second;
    LiveMerge result =
        merge_live(workspace_, session_.head,
                   {.ours = source, .sources = sources_, .live = there, .sent = sent, .resolve = options_.resolve});
    if (result.conflict) {
      conflict(flow, std::move(*result.conflict));
      return;
    }
    for (const std::string& pointer : result.beyond_source) {
      pulled_.warnings.push_back(beyond_source_text(flow.flow_id, pointer, workspace_.environment.name));
    }
    if (result.is_decided_for_ours) warn_that_ours_is_not_live(flow.flow_id);
    flow.new_ids = std::move(result.new_ids);
    files_[flow.flow_id] = std::move(result.files);
  }

  flow::FileChanges new_files(const flow::Flow& there, const std::string& path) const {
    flow::FileChanges files = flow::files_of(there, options_.layout, path, nullptr);
    if (options_.existing == PullOptions::Existing::refuse) {
      for (const auto& [file, text] : files) {
        if (!workspace_.repository.worktree_file_if_there(file)) continue;
        throw Error(printable(file) + " already exists with other content; --force overwrites it");
      }
    }
    return files;
  }

  /// The list beside snapshots' folders, if there is one.
  std::optional<std::string>& list_in(const std::string& folder) {
    const std::string path = (folder.empty() ? "" : folder + "/") + "flows.json";
    auto known = lists_.find(path);
    if (known == lists_.end()) {
      known = lists_.emplace(path, workspace_.repository.worktree_file_if_there(path)).first;
    }
    return known->second;
  }

  void list(const std::string& folder, const std::string& flow_id) {
    std::optional<std::string>& text = list_in(folder);
    if (text) text = flow::with_listed(*text, flow_id);
  }

  void unlist(const flow::Flow& source) {
    std::optional<std::string>& text = list_in(std::string(folder_of(source.source.path)));
    if (text) text = flow::without_listed(*text, source.id);
  }

  void write() {
    flow::FileChanges all;
    for (PulledFlow& flow : pulled_.flows) {
      if (flow.outcome == PullOutcome::failed || flow.outcome == PullOutcome::conflict) continue;
      for (const auto& [path, text] : files_[flow.flow_id]) flow.paths.push_back(path);
      flow.outcome = flow.paths.empty()             ? PullOutcome::unchanged
                     : gone_.contains(flow.flow_id) ? PullOutcome::removed
                                                    : PullOutcome::pulled;
      all.insert(files_[flow.flow_id].begin(), files_[flow.flow_id].end());
    }
    for (const auto& [path, text] : lists_) {
      if (text && text != workspace_.repository.worktree_file_if_there(path)) all[path] = text;
    }
    workspace_.repository.change_worktree(all);
  }

  /// Warns of what validation will refuse.
  void check_written() {
    PlanRequest request;
    for (const PulledFlow& flow : pulled_.flows) {
      const bool is_there = flow.outcome == PullOutcome::pulled || flow.outcome == PullOutcome::unchanged;
      if (is_there && live_.contains(flow.flow_id)) request.flows.push_back(flow.flow_id);
    }
    if (request.flows.empty()) return;
    const Plan plan = make_plan(workspace_, session_.head, session_.credentials.project_id, request);
    for (const check::Finding& finding : plan.findings) {
      if (finding.severity != check::Severity::error) continue;
      pulled_.warnings.push_back(finding.path + ":" + std::to_string(finding.line) + ":" +
                                 std::to_string(finding.column) + ": " + finding.message + " (" + finding.rule + ")");
    }
  }

  Workspace& workspace_;
  const PullOptions& options_;
  const Context& context_;
  Session session_;
  WorktreeFlows sources_;
  /// The deployed flows, and what the service was sent of each, as far as that is known.
  std::map<std::string, std::optional<flow::Flow>> deployed_;
  /// The flows that were deleted in the console.
  std::set<std::string> gone_;
  std::map<std::string, LiveVersion> live_;
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
