#include "flow/layouts/discovery.hpp"

#include "base/files/path.hpp"
#include "flow/model/flow_id.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace flowship::flow {

namespace {

constexpr std::string_view kFlowsFolder = "flows";
/// Widget folders look like flow folders.
constexpr std::string_view kWidgetsFolder = "widgets";
constexpr std::string_view kFlowList = "flows.json";
constexpr std::string_view kJson = ".json";

/// Files beside flows that are never flows.
constexpr std::array<std::string_view, 6> kNeverFlows = {kFlowList,      "project.json",  "snapshot.json",
                                                         "widgets.json", "flowship.json", "package.json"};

/// The text of every file with a whole flow contains one of these.
constexpr std::array<std::string_view, 3> kSignsOfAFlow = {"\"flowId\"", "\"dsl\"", "\"startTask\""};
constexpr std::string_view kSignOfAGraph = "\"startTask\"";

bool contains(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

/// A source as `git` would write its path: `./flows/` is `flows`, and `.` is the empty path.
std::string_view normal(std::string_view source) {
  while (source.starts_with("./")) source.remove_prefix(2);
  while (!source.empty() && source.back() == '/') source.remove_suffix(1);
  return source == "." ? std::string_view() : source;
}

/// The sources that narrow the search; the repository's root, given as a source, is "anywhere".
class Sources {
 public:
  explicit Sources(const Scope& scope) {
    for (const std::string& source : scope.sources) {
      if (!normal(source).empty()) sources_.push_back(normal(source));
    }
  }

  bool contain(std::string_view path) const {
    return std::any_of(sources_.begin(), sources_.end(),
                       [&](std::string_view source) { return lies_in(path, source); });
  }
  bool include(std::string_view path) const {
    return std::find(sources_.begin(), sources_.end(), path) != sources_.end();
  }

 private:
  std::vector<std::string_view> sources_;
};

/// A file that may be a flow.
struct Candidate {
  Place place;
  bool counts_when_broken;
};

class Search {
 public:
  Search(Files& files, const Scope& scope) : files_(files), scope_(scope), sources_(scope) {}

  Discovery run(unsigned threads) {
    for (std::size_t first = 0; first < files_.size();) {
      std::size_t last = first + 1;
      while (last < files_.size() && files_.folder(last) == files_.folder(first)) ++last;
      look_into(folder(first, last));
      first = last;
    }
    sort_out_links();
    std::vector<std::size_t> to_parse;
    for (const Candidate& candidate : candidates_) to_parse.push_back(candidate.place.first);
    files_.parse(to_parse, threads);
    for (const Candidate& candidate : candidates_) judge(candidate);
    return std::move(found_);
  }

 private:
  Place folder(std::size_t first, std::size_t last) const {
    Place place;
    place.path = files_.folder(first);
    place.first = first;
    place.last = last;
    const std::string_view parent = folder_of(place.path);
    const bool is_widget = name_of(parent) == kWidgetsFolder;
    place.in_source = sources_.contain(place.path);
    place.expected = !is_widget && !place.path.empty() &&
                     (name_of(parent) == kFlowsFolder || sources_.include(parent) || sources_.include(place.path));
    place.known = scope_.known.count(place.path) > 0;
    return place;
  }

  void look_into(const Place& place) {
    const bool is_widget = name_of(folder_of(place.path)) == kWidgetsFolder;
    if (!is_widget && is_snapshot(files_, place)) {
      flow_folders_.push_back(place.path);
      found_.flows.push_back({place, &layouts().front()});
      return;
    }
    for (std::size_t index = place.first; index < place.last; ++index) {
      if (is_widget && is_snapshot_file(files_.name(index))) continue;
      look_at(index);
    }
  }

  void look_at(std::size_t index) {
    const std::string_view name = files_.name(index);
    if (!files_.is_regular(index)) {
      links_.push_back(index);
      return;
    }
    if (name == kFlowList) found_.lists.push_back(index);
    if (!is_candidate_name(name)) return;
    Place place;
    place.kind = Place::Kind::file;
    place.path = files_.path(index);
    place.first = index;
    place.last = index + 1;
    place.in_source = sources_.contain(place.path);
    place.known = scope_.known.count(place.path) > 0;
    const bool is_expected = place.in_source || place.known;
    if (is_expected || has_sign_of_a_flow(files_.text(index))) {
      candidates_.push_back({std::move(place), is_expected || contains(files_.text(index), kSignOfAGraph)});
    } else {
      files_.forget(index);
      found_.others.push_back(index);
    }
  }

  static bool is_candidate_name(std::string_view name) { return may_be_flow_file(name); }

  void judge(const Candidate& candidate) {
    const Place& place = candidate.place;
    if (files_.parsed(place.first).document == nullptr) {
      if (candidate.counts_when_broken) {
        found_.flows.push_back({place, nullptr});
      } else {
        found_.others.push_back(place.first);
      }
      return;
    }
    for (const LayoutFacts& layout : layouts()) {
      if (!layout.recognise(files_, place)) continue;
      found_.flows.push_back({place, &layout});
      return;
    }
    found_.others.push_back(place.first);
  }

  /// Links and submodules matter only in place of a flow: as `*.json` in a source, or as a folder beside flow folders.
  void sort_out_links() {
    std::sort(flow_folders_.begin(), flow_folders_.end());
    for (const std::size_t index : links_) {
      const std::string& path = files_.path(index);
      if (scope_.known.count(path) > 0 || (sources_.contain(path) && is_candidate_name(files_.name(index))) ||
          (FlowId::from(files_.name(index)) && is_place_of_flows(folder_of(path), path))) {
        found_.links.push_back(index);
      }
    }
  }

  bool is_place_of_flows(std::string_view folder, std::string_view path) const {
    if (sources_.include(folder) || sources_.include(path)) return true;
    if (name_of(folder) != kFlowsFolder) return false;
    if (sources_.contain(folder)) return true;
    return std::any_of(flow_folders_.begin(), flow_folders_.end(),
                       [&](const std::string& flow) { return folder_of(flow) == folder; });
  }

  Files& files_;
  const Scope& scope_;
  Sources sources_;
  Discovery found_;
  std::vector<std::string> flow_folders_;
  std::vector<std::size_t> links_;
  std::vector<Candidate> candidates_;
};

}  // namespace

bool may_be_flow_file(std::string_view name) {
  return name.ends_with(kJson) && std::find(kNeverFlows.begin(), kNeverFlows.end(), name) == kNeverFlows.end();
}

bool lies_in(std::string_view path, std::string_view source) {
  const std::string_view folder = normal(source);
  return folder.empty() || (path.starts_with(folder) && (path.size() == folder.size() || path[folder.size()] == '/'));
}

bool Scope::covers(std::string_view path) const {
  return sources.empty() ||
         std::any_of(sources.begin(), sources.end(), [&](const std::string& source) { return lies_in(path, source); });
}

bool may_be_of_snapshot(std::string_view path) {
  return is_snapshot_file(name_of(path)) && name_of(folder_of(folder_of(path))) != kWidgetsFolder;
}

bool has_sign_of_a_flow(std::string_view text) {
  return std::any_of(kSignsOfAFlow.begin(), kSignsOfAFlow.end(),
                     [&](std::string_view sign) { return contains(text, sign); });
}

Discovery discover(Files& files, const Scope& scope, unsigned threads) { return Search(files, scope).run(threads); }

}  // namespace flowship::flow
