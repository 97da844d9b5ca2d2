#include "flow/layouts/id_conflicts.hpp"

#include "base/text/letter_case.hpp"
#include "base/text/printable.hpp"
#include "flow/model/flow_id.hpp"

#include <algorithm>
#include <string>
#include <unordered_map>

namespace flowship::flow {

namespace {

/// An id that is a folder's name is reported at the first file of the folder.
Claim claim_of(const Flow& flow) {
  Claim claim{flow.id, flow.source.path, flow.source.path, {}};
  if (flow.id_at) {
    claim.path = flow.id_at.document().name();
    claim.position = flow.id_at.position();
  } else if (flow.metadata_at) {
    claim.path = flow.metadata_at.document().name();
  } else if (!flow.source.files.empty()) {
    claim.path = flow.source.files.front().path;
  }
  return claim;
}

void check_letters(const Claim& claim, std::vector<Problem>& problems) {
  if (FlowId::from(claim.id)) return;
  problems.push_back({ProblemKind::bad_id, "`" + message_text(claim.id) + "` is not a valid flow id",
                      std::string(kFlowIdHint), claim.path, claim.position, claim.id});
}

}  // namespace

Problem id_conflict(const Claim& one, const Claim& other) {
  const auto& [first, second] =
      std::minmax(one, other, [](const Claim& a, const Claim& b) { return a.source < b.source; });
  if (first.id == second.id) {
    std::string message = "the flow `" + printable(second.id) + "` is defined in both " + printable(first.source) +
                          " and " + printable(second.source);
    return {ProblemKind::duplicate_id, std::move(message), "remove one of them, or give it another id", second.path,
            second.position,           second.id};
  }
  std::string message = "the ids `" + printable(first.id) + "` (" + printable(first.source) + ") and `" +
                        printable(second.id) + "` (" + printable(second.source) + ") differ only in case";
  return {ProblemKind::id_case, std::move(message), "rename one of the two flows",
          second.path,          second.position,    second.id};
}

void check_ids(const std::vector<Flow>& flows, std::vector<Problem>& problems) {
  std::vector<Claim> claims;
  for (const Flow& flow : flows) {
    // An id that is missing or not a string is reported by the shape rules.
    if (!flow.id.empty() || flow.id_at.is(json::Type::string)) claims.push_back(claim_of(flow));
    rest(flow);
  }
  std::sort(claims.begin(), claims.end(), [](const Claim& a, const Claim& b) { return a.source < b.source; });

  std::unordered_map<std::string, const Claim*> same;
  std::unordered_map<std::string, const Claim*> alike;
  for (const Claim& claim : claims) {
    check_letters(claim, problems);
    const auto [twin, is_first] = same.emplace(claim.id, &claim);
    const auto [other, is_alone] = alike.emplace(lower_case(claim.id), &claim);
    if (!is_first) {
      problems.push_back(id_conflict(*twin->second, claim));
    } else if (!is_alone) {
      problems.push_back(id_conflict(*other->second, claim));
    }
  }
}

}  // namespace flowship::flow
