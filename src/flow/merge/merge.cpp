#include "flow/merge/merge.hpp"

#include "flow/compare/compare.hpp"
#include "flow/compare/drift.hpp"
#include "flow/layouts/reading.hpp"
#include "flow/merge/conflict_words.hpp"
#include "flow/merge/references.hpp"
#include "flow/model/payload.hpp"
#include "json/compare.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

namespace flowship::flow {

namespace {

using json::Pointer;
using json::Value;

/// The byte at a position of the document.
const char* byte_at(const json::Document& document, json::Position position) {
  const std::string_view text = document.text();
  std::size_t at = 0;
  for (int line = 1; line < position.line && at != std::string_view::npos; ++line) at = text.find('\n', at) + 1;
  const auto continues = [&] { return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U; };
  for (int column = 1; column < position.column && at < text.size(); ++column) {
    do ++at;
    while (continues());
  }
  return text.data() + std::min(at, text.size());
}

/// The deepest value that begins before or at `byte`, as a JSON Pointer.
Pointer pointer_at(Value root, const char* byte) {
  Pointer pointer;
  while (true) {
    std::optional<std::string> token;
    Value next;
    for (const json::Member& member : root.members()) {
      if (member.key.text().data() > byte) break;
      token = member.name();
      next = member.value;
    }
    std::size_t index = 0;
    for (const Value item : root.items()) {
      if (item.text().data() > byte) break;
      token = std::to_string(index++);
      next = item;
    }
    if (!token) return pointer;
    pointer.push_back(std::move(*token));
    root = next;
  }
}

json::DocumentPtr merged_document(const std::optional<std::string>& text, const Merged& merged) {
  return json::Document::parse(text ? *text : std::string("null"), merged.ours->name());
}

std::optional<std::string> merged_text(const Merged& merged, ThreeWay& three_way) {
  return three_way.merge(merged.base->root(), merged.ours->root(), merged.theirs->root(),
                         {{}, {}, merged.role, empties_of(merged.role)});
}

struct FaultOfSide {
  json::DocumentPtr side;
  MergeFault fault;
};

class Merging {
 public:
  Merging(json::DocumentPtr base, json::DocumentPtr ours, json::DocumentPtr theirs, Role role,
          const MergeOptions& options)
      : options_(options) {
    merged_.base = std::move(base);
    merged_.ours = std::move(ours);
    merged_.theirs = std::move(theirs);
    merged_.role = role;
  }

  Merged run() {
    give_new_ids();
    for (const json::DocumentPtr& side : {merged_.ours, merged_.theirs}) note_dangling(*side);
    do merge_references();
    while (conflicts_.empty() && options_.faults && contest_faults());
    if (!conflicts_.empty()) merge(options_.favoured);
    for (const Contested& conflict : conflicts_) {
      merged_.conflicts.push_back(
          {conflict.pointer, conflict.path, conflict.base, conflict.ours, conflict.theirs,
           conflict_words(conflict, merged_.ours->root(), merged_.theirs->root(), merged_.role)});
    }
    add_reasons();
    return std::move(merged_);
  }

 private:
  void give_new_ids() {
    const Numbering numbering =
        options_.numbering
            ? *options_.numbering
            : numbering_for(options_.renumbered, {merged_.base, merged_.ours, merged_.theirs}, merged_.role);
    json::DocumentPtr& moved = numbering.side == Side::ours ? merged_.ours : merged_.theirs;
    merged_.new_ids = numbering.ids;
    moved = with_new_ids(moved, merged_.role, merged_.new_ids);
    merged_.contested = numbering.contested;
    if (!numbering.reason.empty()) reasons_.push_back(numbering.reason);
  }

  void merge(Favour favoured) {
    ThreeWay three_way(favoured, merged_.contested);
    merged_.document = merged_document(merged_text(merged_, three_way), merged_);
    conflicts_ = three_way.conflicts();
  }

  /// What is a conflict does not depend on how conflicts are decided.
  void merge_references() {
    bool is_more = true;
    while (is_more) {
      merge(Favour::ours);
      is_more = contest_dangling();
      if (conflicts_.empty()) continue;
      merge(Favour::theirs);
      is_more = contest_dangling() || is_more;
    }
  }

  void note_dangling(const json::Document& side) {
    const References references = references_in(side.root(), merged_.role);
    for (const Reference& reference : references.all) {
      if (references.is_dangling(reference)) known_dangling_.emplace(reference.path, reference.target);
    }
  }

  /// References that dangle only in the result: neither they nor what they name can be merged.
  bool contest_dangling() {
    const References found = references_in(merged_.document->root(), merged_.role);
    bool is_more = false;
    for (const Reference& reference : found.all) {
      if (!found.is_dangling(reference) || known_dangling_.contains({reference.path, reference.target})) continue;
      is_more = merged_.contested.insert(reference.target).second || is_more;
      is_more = contest_difference(reference.path) || is_more;
    }
    return is_more;
  }

  Value in_ours(const Pointer& path) const { return at_path(merged_.ours->root(), merged_.role, path); }
  Value in_theirs(const Pointer& path) const { return at_path(merged_.theirs->root(), merged_.role, path); }

  /// Contests the smallest value around `path` in which the two sides differ, and that is not contested already. A rule
  /// that one side does not have is contested as a whole.
  bool contest_difference(Pointer path) {
    while (true) {
      const Pointer around(path.begin(), path.empty() ? path.end() : path.end() - 1);
      const bool is_part = !path.empty() && path.back() == "taskId" && (!in_ours(around) || !in_theirs(around));
      if (!is_part && !json::equal(in_ours(path), in_theirs(path)) && merged_.contested.insert(path).second)
        return true;
      if (path.empty()) return false;
      path = around;
    }
  }

  bool contest_faults() {
    const std::vector<MergeFault> found = options_.faults(merged_.document, std::nullopt);
    if (found.empty()) return false;
    if (known_faults_.empty()) {
      note_faults(Side::ours, merged_.ours);
      note_faults(Side::theirs, merged_.theirs);
    }
    bool is_more = false;
    for (const MergeFault& fault : found) {
      const auto known = known_faults_.find(fault.identity);
      if (known != known_faults_.end() && known->second >= fault.gravity) continue;
      const Pointer path = path_of_fault(*merged_.document, fault);
      if (is_fault_of_side(fault, path)) continue;
      is_more = contest_difference(path) || is_more;
      reasons_.push_back("Merged, the flow would not be valid: " + fault.message);
    }
    return is_more;
  }

  void note_faults(Side side, const json::DocumentPtr& version) {
    for (MergeFault& fault : options_.faults(version, side)) {
      int& gravest = known_faults_[fault.identity];
      gravest = std::max(gravest, fault.gravity);
      faults_of_sides_.push_back({version, std::move(fault)});
    }
  }

  Pointer path_of_fault(const json::Document& document, const MergeFault& fault) const {
    const Pointer pointer = pointer_at(document.root(), byte_at(document, fault.position));
    return path_of(document.root(), merged_.role, pointer);
  }

  /// A message may have a task's name, which the other side changed.
  bool is_fault_of_side(const MergeFault& fault, const Pointer& path) const {
    return std::any_of(faults_of_sides_.begin(), faults_of_sides_.end(), [&](const FaultOfSide& known) {
      return known.fault.kind == fault.kind && known.fault.gravity >= fault.gravity &&
             path_of_fault(*known.side, known.fault) == path;
    });
  }

  void add_reasons() {
    if (reasons_.empty() || merged_.conflicts.empty()) return;
    merged_.conflicts.front().message += ". " + reasons_.front();
  }

  const MergeOptions& options_;
  std::vector<Contested> conflicts_;
  std::set<std::pair<Pointer, Pointer>> known_dangling_;
  /// The gravity of each identity.
  std::map<std::string, int> known_faults_;
  std::vector<FaultOfSide> faults_of_sides_;
  std::vector<std::string> reasons_;
  Merged merged_;
};

json::DocumentPtr whole_document(const Flow& flow) {
  return json::Document::parse(export_text(flow), flow.source.path);
}

}  // namespace

Merged merge(const json::DocumentPtr& base, const json::DocumentPtr& ours, const json::DocumentPtr& theirs, Role role,
             const MergeOptions& options) {
  return Merging(base, ours, theirs, role, options).run();
}

json::DocumentPtr resolved(const Merged& merged, Favour favoured) {
  ThreeWay three_way(favoured, merged.contested);
  return merged_document(merged_text(merged, three_way), merged);
}

MergedFlow merge(const Flow& base, const Flow& ours, const Flow& theirs, const MergeOptions& options) {
  Merged merged = merge(whole_document(base), whole_document(ours), whole_document(theirs), Role::flow, options);
  MergedFlow result{flow_of_export(merged.document, merged.document->root()), std::move(merged)};
  result.flow.source = ours.source;
  return result;
}

bool contains_edits(const Flow& last_deployed, const Flow& desired, const Flow& live,
                    const std::vector<std::string>& ignored) {
  const MergedFlow result = merge(last_deployed, desired, live, {.renumbered = Side::ours});
  const auto& conflicts = result.merged.conflicts;
  return std::none_of(conflicts.begin(), conflicts.end(),
                      [&](const MergeConflict& conflict) { return is_drift(conflict.pointer, ignored); }) &&
         drift(desired, result.flow, ignored).empty();
}

}  // namespace flowship::flow
