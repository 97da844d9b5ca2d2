#pragma once

#include "base/error.hpp"
#include "check/engine/check.hpp"
#include "check/findings/finding.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/plan/diff.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/pull/pulled.hpp"
#include "flow/graph/graph.hpp"
#include "flow/graph/simple_paths.hpp"
#include "flow/merge/merge.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::report {

/// How text is shown.
struct Style {
  bool colour = false;
  bool quiet = false;
  bool verbose = false;
  /// When the report is made, for formats that say so; nothing: they don't.
  std::optional<Time> now = {};
};

/// Result of `validate`.
struct Validation {
  int flows = 0;
  std::vector<check::Finding> findings;
  /// Returns a file's text, to show the line of a finding; nothing for a missing file.
  std::function<std::optional<std::string>(const std::string& path)> text_of;
};

/// Result of `history`.
struct History {
  std::string environment;
  /// Newest first.
  std::vector<deploy::PastDeployment> deployments;
  Time now = {};
};

/// Output of a command without a result type of its own: a version, a help text, what was done.
struct Note {
  /// Its name for scripts: `version`.
  std::string_view name;
  std::string value;
  /// The text for standard output; may be empty.
  std::string text;
};

/// Result of `init`.
struct Initialization {
  int flows = 0;
  /// Empty: anywhere.
  std::vector<std::string> sources;
  std::vector<std::string> environments;
  /// `github`, `gitlab` or `other`; empty if unknown.
  std::string host;
  struct File {
    enum class Outcome { written, kept };
    std::string path;
    Outcome outcome = Outcome::written;
    /// What to do about a file that was kept; may be empty.
    std::string hint;
  };
  std::vector<File> files;
  /// What to do next, in order. A step may be without a command.
  struct Step {
    std::string command;
    std::string purpose;
  };
  std::vector<Step> next;
};

/// Result of `convert`.
struct Conversion {
  std::string flow_id;
  std::string layout;
  /// Files as the user would name them, each sorted.
  std::vector<std::string> paths;
  std::vector<std::string> removed;
  /// Pointers to members of the source that imports do not take.
  std::vector<std::string> dropped;
};

/// Result of `merge`.
struct FileMerge {
  std::string path;
  /// The file is in conflict, with git's markers.
  bool is_clean = true;
  /// Not a flow: git merged it line by line.
  bool is_by_lines = false;
  std::vector<flow::MergeConflict> conflicts;
  std::vector<flow::NewId> new_ids;
};

/// Result of `paths`.
struct PathList {
  std::string flow_id;
  flow::SimplePaths found;
  /// Nothing without a session.
  std::optional<std::size_t> assurance;
  std::vector<std::string> guarantees;
  /// The flow's own tasks that are on these paths, to draw.
  flow::Graph graph;
  /// Of all flows on the paths, by id: what people call the interactions. Their secrets are not masked.
  std::map<std::string, flow::Graph> graphs = {};
};

/// Result of `explain`.
struct Explained {
  std::vector<check::RuleFacts> rules;
};

/// A deployment that validation stopped.
struct Refusal {
  Error error;
  std::vector<check::Finding> findings;
};

/// One environment of `status --all` or `history --all`.
struct Section {
  std::string environment;
  /// Its result in the format of the whole; empty if there is an error instead.
  std::string text;
  std::optional<Error> error;
};

/// An output format. Each function returns the whole text for standard output, the last newline included; null if the
/// format does not support that result.
struct Format {
  std::string_view name;
  std::string_view summary;
  /// Meant for a file to open, named by --out.
  bool is_page = false;
  std::string (*validation)(const Validation&, const Style&) = nullptr;
  std::string (*plan)(const deploy::Plan&, const Style&) = nullptr;
  std::string (*diff)(const deploy::Diff&, const Style&) = nullptr;
  std::string (*deployment)(const deploy::Deployment&, const Style&) = nullptr;
  std::string (*status)(const deploy::Status&, const Style&) = nullptr;
  std::string (*history)(const History&, const Style&) = nullptr;
  /// The results of several environments together; if null, one after another.
  std::string (*sections)(const std::vector<Section>&, const Style&) = nullptr;
  std::string (*initialization)(const Initialization&, const Style&) = nullptr;
  std::string (*conversion)(const Conversion&, const Style&) = nullptr;
  std::string (*file_merge)(const FileMerge&, const Style&) = nullptr;
  std::string (*pulled)(const deploy::Pulled&, const Style&) = nullptr;
  /// An error that ended a command, for standard output; null if nothing is written there.
  std::string (*error)(const Error&) = nullptr;
  /// The same for a deployment that validation stopped; if null, what `error` writes.
  std::string (*refusal)(const Refusal&) = nullptr;
  std::string (*note)(const Note&, const Style&) = nullptr;
  /// A flow, as `render` shows it.
  std::string (*graph)(const flow::Graph&, const Style&) = nullptr;
  std::string (*paths)(const PathList&, const Style&) = nullptr;
  std::string (*explained)(const Explained&, const Style&) = nullptr;
};

/// All formats; the first one, text, is the default.
const std::vector<Format>& formats();

/// The format of that name; throws a usage `Error` that lists the known ones.
const Format& format_of(std::string_view name);

/// The sections together in that format.
std::string sections_text(const Format& format, const std::vector<Section>& sections, const Style& style);

/// An error as text for standard error: what, where, and what to do.
std::string error_text(const Error& error, const Style& style);

}  // namespace flowship::report
