#include "flow/layouts/reading.hpp"

#include "base/files/path.hpp"
#include "base/parallel.hpp"
#include "base/text/printable.hpp"
#include "flow/layouts/discovery.hpp"
#include "flow/layouts/files.hpp"
#include "flow/layouts/flow_list.hpp"
#include "flow/layouts/id_conflicts.hpp"
#include "flow/layouts/layouts.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

namespace flowship::flow {

namespace {

Flow read_found(Files& files, const Found& found, std::vector<Problem>& problems) {
  return found.layout == nullptr ? read_broken(files, found.place, problems)
                                 : found.layout->read(files, found.place, problems);
}

/// No two flows share a file, so several threads may read them.
std::vector<Flow> read_all(Files& files, const std::vector<Found>& found, unsigned threads,
                           std::vector<Problem>& problems) {
  std::vector<Flow> flows(found.size());
  std::vector<std::vector<Problem>> by_flow(found.size());
  for_each_in_parallel(found.size(), std::min<std::size_t>(threads, threads_for(found.size())), [&](std::size_t at) {
    flows[at] = read_found(files, found[at], by_flow[at]);
    rest(flows[at]);
  });
  for (std::vector<Problem>& of_flow : by_flow) std::move(of_flow.begin(), of_flow.end(), std::back_inserter(problems));
  return flows;
}

/// A link or submodule in the place of a flow: a flow of which only the path is known.
Flow read_link(const git::Entry& entry, std::vector<Problem>& problems) {
  const std::string_view name = name_of(entry.path);
  const bool is_file = name.find('.') != std::string_view::npos;
  Flow flow;
  flow.source.layout = is_file ? Layout::exported : Layout::snapshot;
  flow.source.path = entry.path;
  flow.complete = false;
  if (!is_file) flow.id = name;
  const std::string what = entry.kind == git::EntryKind::symlink ? "a symbolic link" : "a submodule";
  problems.push_back({ProblemKind::not_a_file, "this is " + what + ", which is not followed, in place of a flow",
                      "replace it with the flow itself", entry.path, json::Position(), flow.id});
  return flow;
}

void check_flow_lists(Files& files, const Discovery& discovery, const std::vector<Flow>& flows,
                      std::vector<Problem>& problems) {
  std::map<std::string_view, std::set<std::string>> folders;
  for (const Flow& flow : flows) {
    if (flow.source.layout == Layout::snapshot) folders[folder_of(flow.source.path)].insert(flow.id);
  }
  for (const std::size_t list : discovery.lists) {
    const auto beside = folders.find(folder_of(files.path(list)));
    if (beside == folders.end()) continue;
    check_flow_list(files, list, beside->second, problems);
  }
}

void sort(Reading& reading) {
  std::sort(reading.flows.begin(), reading.flows.end(),
            [](const Flow& a, const Flow& b) { return std::tie(a.id, a.source.path) < std::tie(b.id, b.source.path); });
  std::sort(reading.problems.begin(), reading.problems.end(), [](const Problem& a, const Problem& b) {
    return std::tie(a.path, a.position.line, a.position.column, a.kind, a.message) <
           std::tie(b.path, b.position.line, b.position.column, b.kind, b.message);
  });
  std::sort(reading.others.begin(), reading.others.end());
}

}  // namespace

Reading read_flows(const std::vector<git::Entry>& entries, const Scope& scope, const ReadFile& read, unsigned threads) {
  Files files(entries, scope, read);
  const Discovery discovery = discover(files, scope, threads);
  Reading reading;
  reading.flows = read_all(files, discovery.flows, threads, reading.problems);
  for (const std::size_t link : discovery.links) {
    reading.flows.push_back(read_link(files.entry(link), reading.problems));
  }
  check_flow_lists(files, discovery, reading.flows, reading.problems);
  check_ids(reading.flows, reading.problems);
  for (const std::size_t other : discovery.others) reading.others.push_back(files.path(other));
  sort(reading);
  return reading;
}

Reading read_flows(const git::Revision& revision, const std::vector<git::Entry>& entries, const Scope& scope) {
  std::mutex asking;
  return read_flows(
      entries, scope,
      [&](const git::Entry& entry) {
        std::unique_lock lock(asking, std::defer_lock);
        if (!revision.is_worktree()) lock.lock();
        return revision.read(entry);
      },
      std::max(1U, std::thread::hardware_concurrency()));
}

Reading read_flows(const git::Revision& revision, const Scope& scope) {
  std::vector<git::Entry> entries = revision.files({.prefixes = scope.sources});
  std::erase_if(entries, [](const git::Entry& entry) { return !entry.path.ends_with(".json"); });
  return read_flows(revision, entries, scope);
}

const Flow* find_flow(const Reading& reading, const std::string& flow_id) {
  const auto found =
      std::find_if(reading.flows.begin(), reading.flows.end(), [&](const Flow& flow) { return flow.id == flow_id; });
  return found == reading.flows.end() ? nullptr : &*found;
}

}  // namespace flowship::flow
