#include "deploy/clashes.hpp"

#include "base/printable.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>
#include <string>
#include <utility>

namespace flowship::deploy {

namespace {

/// One source that has an id.
struct Claim {
  std::string id;
  std::string path;
};

flow::Problem clash(const Claim& claim, const Claim& other) {
  const bool same_id = claim.id == other.id;
  return {.kind = same_id ? flow::ProblemKind::duplicate_id : flow::ProblemKind::id_case,
          .message = same_id ? "the flow id `" + claim.id + "` is used by " + printable(other.path) +
                                   " as well as by " + printable(claim.path)
                             : "the flow ids `" + claim.id + "` (" + printable(claim.path) + ") and `" + other.id +
                                   "` (" + printable(other.path) + ") differ only in case",
          .hint = "give one of them another id, or remove it",
          .path = claim.path,
          .position = {},
          .flow_id = claim.id};
}

void add(flow::Problem problem, std::vector<flow::Problem>& problems) {
  const bool known = std::any_of(problems.begin(), problems.end(), [&](const flow::Problem& other) {
    return other.kind == problem.kind && other.flow_id == problem.flow_id;
  });
  if (!known) problems.push_back(std::move(problem));
}

}  // namespace

void add_clashes(const Catalogue& catalogue, flow::Reading& reading) {
  std::set<std::string> read;
  for (const flow::Flow& flow : reading.flows) read.insert(flow.id);
  std::map<std::string, Claim> by_lower_case;
  for (const auto& [id, paths] : catalogue.sources()) {
    if (paths.size() > 1 && read.contains(id)) add(clash({id, paths[0]}, {id, paths[1]}), reading.problems);
    std::string lower = id;
    for (char& letter : lower) letter = static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
    const auto [other, is_new] = by_lower_case.try_emplace(lower, Claim{id, paths[0]});
    if (!is_new && (read.contains(id) || read.contains(other->second.id))) {
      add(clash({id, paths[0]}, other->second), reading.problems);
    }
  }
}

}  // namespace flowship::deploy
