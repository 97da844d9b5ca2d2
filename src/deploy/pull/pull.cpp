#include "deploy/pull/pull.hpp"

#include "base/error.hpp"
#include "base/files/path.hpp"
#include "base/parallel.hpp"
#include "base/text/did_you_mean.hpp"
#include "base/text/printable.hpp"
#include "check/engine/check.hpp"
#include "deploy/ledger/deployed_flows.hpp"
#include "deploy/ledger/recorder.hpp"
#include "deploy/live/live_state.hpp"
#include "deploy/plan/flow_check.hpp"
#include "deploy/plan/planner.hpp"
#include "deploy/pull/adopt.hpp"
#include "deploy/pull/worktree_flows.hpp"
#include "flow/compare/compare.hpp"
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
        surroundings_(context),
        contact_(workspace, options.connection, context),
        sources_(workspace) {}

  Pulled run() {
    if (contact_.head && contact_.head->record.kind == RecordKind::intent) {
      throw Error(
          "another deployment holds `" + workspace_.environment.name + "`: " + holder_text(contact_.head->record),
          "wait until it is done; where it died, `flowship deploy` finishes it", Fault::held);
    }
    pulled_.environment = workspace_.environment.name;
    pulled_.project_id = contact_.credentials.project_id;
    if (contact_.head) {
      for (Deployed& flow : deployed_flows(workspace_.repository, workspace_.ledger, *contact_.head)) {
        if (flow.sent) sent_.emplace(flow.id, std::move(*flow.sent));
      }
    }
    ask(chosen(ask_for_list(contact_.service)));
    for (PulledFlow& flow : pulled_.flows) prepare(flow);
    spare_uncommitted();
    write();
    record();
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
    std::vector<std::optional<Held>> answers(ids.size());
    for_each_in_parallel(ids.size(), static_cast<std::size_t>(options_.concurrency), [&](std::size_t number) {
      if (flow::FlowId::from(ids[number])) answers[number] = answer_for(pulled_.flows[number]);
    });
    for (std::size_t number = 0; number < ids.size(); ++number) {
      PulledFlow& flow = pulled_.flows[number];
      if (flow.outcome == PullOutcome::failed) continue;
      if (!flow::FlowId::from(ids[number])) {
        fail(flow, "this is no id that could be a folder's name, so it is refused");
      } else if (!answers[number]) {
        fail(flow, "the service lists it, but does not have it");
      } else if (answers[number]->flow.id != ids[number]) {
        fail(flow, "the service answered with the flow `" + printable(answers[number]->flow.id) + "`");
      } else {
        held_.emplace(ids[number], std::move(*answers[number]));
      }
    }
  }

  /// What the service holds. Where it can't be asked for this flow, the flow fails; without credentials nothing else
  /// would work either, and a stop leaves everything as it was.
  std::optional<Held> answer_for(PulledFlow& flow) {
    try {
      return ask_for(flow.flow_id, contact_.service);
    } catch (const Error& error) {
      if (error.fault() == Fault::credentials || surroundings_.stop.requested()) throw;
      fail(flow, error.message());
      return std::nullopt;
    }
  }

  static void fail(PulledFlow& flow, const std::string& why) {
    flow.outcome = PullOutcome::failed;
    flow.error = why;
  }

  void prepare(PulledFlow& flow) {
    const auto held = held_.find(flow.flow_id);
    if (held == held_.end()) return;
    try {
      const flow::Flow& there = held->second.flow;
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

  /// What is pulled lies in the ledger at once, and in git for ever.
  void refuse_secrets(const flow::Flow& there, const flow::Flow* source) const {
    const flow::Source* place = source == nullptr ? nullptr : &source->source;
    for (const check::Finding& finding : errors_of(there, place, workspace_.config.check, nullptr)) {
      if (check::find_rule(finding.rule)->group != "safety") continue;
      throw Error(finding.message + " (" + finding.rule +
                  "), which must not come into git: take it out in the console, and pull again");
    }
  }

  flow::FileChanges new_files(const flow::Flow& there) {
    const std::string path = sources_.new_place(there.id, options_.layout);
    flow::FileChanges files = flow::files_of(there, options_.layout, path, nullptr);
    if (options_.uncommitted == PullOptions::Uncommitted::refuse) {
      for (const auto& [file, text] : files) {
        if (!workspace_.repository.worktree_file_if_there(file)) continue;
        throw Error(printable(file) + " is there already, and holds something else; --force overwrites it");
      }
    }
    if (options_.layout == flow::Layout::snapshot) list(std::string(folder_of(path)), there.id);
    return files;
  }

  /// What the service holds, as the source would have to be.
  flow::Flow adopted_into(const flow::Flow& source, const flow::Flow& there) {
    const auto sent = sent_.find(there.id);
    std::optional<flow::Flow> after;
    if (contact_.head) after = workspace_.ledger.after(*contact_.head, there.id);
    flow::Adopted adopted = flow::adopted(there, {.source = source,
                                                  .overrides = workspace_.environment.overrides,
                                                  .sent = sent == sent_.end() ? nullptr : &sent->second,
                                                  .after = after ? &*after : nullptr});
    for (const std::string& pointer : adopted.beyond_source) {
      beyond_source_.insert(there.id);
      pulled_.warnings.push_back(beyond_source_text(there.id, pointer, workspace_.environment.name));
    }
    return std::move(adopted.flow);
  }

  /// Keeps the list beside snapshots' folders in step, where there is one.
  void list(const std::string& folder, const std::string& flow_id) {
    const std::string path = (folder.empty() ? "" : folder + "/") + "flows.json";
    auto known = lists_.find(path);
    if (known == lists_.end()) {
      known = lists_.emplace(path, workspace_.repository.worktree_file_if_there(path)).first;
    }
    if (known->second) known->second = flow::with_listed(*known->second, flow_id);
  }

  /// A flow that would overwrite what no commit has is not written.
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
        fail(flow, printable(path) + " has changes that are not committed; --force overwrites them");
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

  /// The working tree's files as blobs, which is how the ledger holds them.
  void keep(flow::Source& source) const {
    for (git::Entry& file : source.files) {
      file.id = workspace_.repository.write_blob(workspace_.repository.worktree_file(file.path));
    }
  }

  /// Whether the ledger has these very files already.
  bool is_recorded(const Reformatted& flow) const {
    const git::ObjectId deployed = workspace_.ledger.deployed(*contact_.head);
    return flow.source.files.size() == flow.deployed_paths.size() &&
           std::all_of(flow.source.files.begin(), flow.source.files.end(), [&](const git::Entry& file) {
             return workspace_.repository.at(deployed, file.path) == file.id;
           });
  }

  /// What validation is going to refuse is told at once.
  void warn_of(const std::vector<check::Finding>& findings) {
    for (const check::Finding& finding : findings) {
      if (finding.severity != check::Severity::error) continue;
      pulled_.warnings.push_back(finding.path + ":" + std::to_string(finding.line) + ":" +
                                 std::to_string(finding.column) + ": " + finding.message + " (" + finding.rule + ")");
    }
  }

  /// Plans what a deployment of the working tree would do; since the service holds it all, that is only to record it.
  void record() {
    std::vector<std::string> ids;
    for (const PulledFlow& flow : pulled_.flows) {
      if (flow.outcome != PullOutcome::failed) ids.push_back(flow.flow_id);
    }
    if (ids.empty()) return;
    Plan plan = make_plan({.repository = workspace_.repository,
                           .revision = workspace_.revision,
                           .config = workspace_.config,
                           .environment = workspace_.environment,
                           .ledger = workspace_.ledger,
                           .head = contact_.head,
                           .project_id = contact_.credentials.project_id,
                           .flows = ids});
    warn_of(plan.findings);
    CarryOutOptions carry{.read_back = false};
    const auto is_held = [&](Change& change) {
      const Held& held = held_.at(change.flow_id);
      if (!change.flow || !flow::holds(held.flow, *change.flow, nullptr)) return false;
      keep(change.flow->source);
      carry.sightings[change.flow_id] = {
          .state = Sighting::State::as_wanted, .held = held, .digest = {}, .differences = {}};
      return true;
    };
    const auto others = std::stable_partition(plan.changes.begin(), plan.changes.end(), is_held);
    for (auto change = others; change != plan.changes.end(); ++change) {
      plan.left_out.push_back(std::move(*change));
      if (beyond_source_.contains(plan.left_out.back().flow_id)) continue;
      pulled_.warnings.push_back("`" + plan.left_out.back().flow_id + "` is not recorded as deployed: with what " +
                                 kConfigFile + " sets for `" + pulled_.environment +
                                 "` it is not what the service holds");
    }
    plan.changes.erase(others, plan.changes.end());
    // Only now do the files have ids to compare.
    std::erase_if(plan.reformatted, [this](Reformatted& flow) {
      keep(flow.source);
      return is_recorded(flow);
    });
    const Recorder recorder(workspace_, contact_.head, contact_.credentials.project_id, surroundings_.clock);
    if (plan.changes.empty()) {
      if (const std::optional<LedgerEntry> entry = recorder.move_on(plan)) pulled_.record = entry->commit;
      return;
    }
    const LedgerEntry intent = recorder.append_intent(plan, carry);
    const Execution execution = carry_out(plan, contact_.service, carry, surroundings_.stop, surroundings_.progress);
    pulled_.record = recorder.append_result(intent, plan, carry, execution).commit;
  }

  Workspace& workspace_;
  const PullOptions& options_;
  const Context& surroundings_;
  Session contact_;
  WorktreeFlows sources_;
  /// What the service was sent of each flow the last time.
  std::map<std::string, flow::Flow> sent_;
  std::map<std::string, Held> held_;
  /// The flows that hold something which no source can say.
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
