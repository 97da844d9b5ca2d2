#pragma once

#include "check/engine/check.hpp"
#include "flow/layouts/reading.hpp"

#include <map>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::check {

/// The files of a repository, by path.
using Files = std::map<std::string, std::string>;

/// A repository of two flows as a snapshot export writes them, in which nothing is wrong: `sign-up` with screens, a
/// condition, a connector, a two-step action and the subflow `collect-profile`.
const Files& base_repository();

/// One replacement in one file; `from` occurs in it exactly once. With an empty `from` the whole file becomes `to`, and
/// with both empty it is removed.
struct Edit {
  std::string path;
  std::string from;
  std::string to;
};

Files edited(Files files, const std::vector<Edit>& edits);

/// Reads the flows; `symlinks` are paths that are symbolic links rather than files.
flow::Reading read(const Files& files, const std::set<std::string>& symlinks = {});

/// Line and column of the first `needle` in a file, or of what follows the mark `¦` in it; counted apart from the code
/// that is tested.
json::Position position_of(const Files& files, const std::string& path, std::string_view needle);

/// Findings one a line, for messages of failed tests.
std::string listed(const std::vector<Finding>& findings);

/// A change of the base repository that breaks a rule, or one near it that does not.
struct Sample {
  /// A name in CamelCase, unique.
  std::string name;
  /// The rule that is broken; empty when there is nothing to find.
  std::string rule;
  std::vector<Edit> edits;
  /// Where the finding is: the file, and the text that begins there, see `position_of` (empty: line 1, column 1).
  std::string path;
  std::string needle;
  Settings settings = {};
  std::set<std::string> symlinks = {};
};

/// For GoogleTest's messages.
inline void PrintTo(const Sample& sample, std::ostream* out) { *out << sample.name; }

std::vector<Sample> layout_samples();
std::vector<Sample> shape_samples();
std::vector<Sample> graph_samples();
std::vector<Sample> reference_samples();
std::vector<Sample> screen_samples();
std::vector<Sample> safety_samples();

}  // namespace flowship::check
