#pragma once

#include "base/error.hpp"
#include "check/findings/finding.hpp"
#include "deploy/apply/outcome.hpp"
#include "deploy/plan/diff.hpp"
#include "deploy/plan/plan.hpp"
#include "deploy/pull/pulled.hpp"
#include "flow/graph/graph.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace flowship::report {

/// How text is to be shown.
struct Style {
  bool colour = false;
  bool quiet = false;
  bool verbose = false;
};

/// What `validate` found.
struct Validation {
  int flows = 0;
  std::vector<check::Finding> findings;
  /// Gives a file's text, for showing the line of a finding; nothing for a file that is not there.
  std::function<std::optional<std::string>(const std::string& path)> text_of;
};

/// What `history` shows.
struct History {
  std::string environment;
  /// Newest first.
  std::vector<deploy::PastDeployment> deployments;
};

/// What a command tells that has no result of its own: a version, a help text, what was done.
struct Note {
  /// What it is, for scripts: `version`.
  std::string_view name;
  std::string value;
  /// The same as people read it on standard output; may be empty.
  std::string text;
};

/// What `init` found and did.
struct Initialization {
  int flows = 0;
  /// Empty: anywhere.
  std::vector<std::string> sources;
  std::vector<std::string> environments;
  /// `github`, `gitlab` or `other`; empty where nothing tells.
  std::string host;
  struct File {
    enum class Outcome { written, kept };
    std::string path;
    Outcome outcome = Outcome::written;
    /// What can be done about a file that was kept; may be empty.
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

/// What `convert` wrote.
struct Conversion {
  std::string flow_id;
  std::string layout;
  /// Files as the user would name them, each sorted.
  std::vector<std::string> paths;
  std::vector<std::string> removed;
  /// Pointers into the source to what import has no place for.
  std::vector<std::string> dropped;
};

/// One way to write results. Each function gives the whole text for standard output, the last newline included.
/// A format that has nothing to say of a result leaves its function null.
struct Format {
  std::string_view name;
  std::string_view summary;
  /// Written for a file that is opened, which --out names.
  bool is_page = false;
  std::string (*validation)(const Validation&, const Style&) = nullptr;
  std::string (*plan)(const deploy::Plan&, const Style&) = nullptr;
  std::string (*diff)(const deploy::Diff&, const Style&) = nullptr;
  std::string (*deployment)(const deploy::Deployment&, const Style&) = nullptr;
  std::string (*status)(const deploy::Status&, const Style&) = nullptr;
  std::string (*history)(const History&, const Style&) = nullptr;
  std::string (*initialization)(const Initialization&, const Style&) = nullptr;
  std::string (*conversion)(const Conversion&, const Style&) = nullptr;
  std::string (*pulled)(const deploy::Pulled&, const Style&) = nullptr;
  /// An error that ended a command, for standard output; null where nothing is written there.
  std::string (*error)(const Error&) = nullptr;
  /// A note, for standard output; null where its text is written.
  std::string (*note)(const Note&) = nullptr;
  /// A flow, as `render` shows it.
  std::string (*graph)(const flow::Graph&, const Style&) = nullptr;
};

/// All formats: text first, which is the default.
const std::vector<Format>& formats();

/// The format of that name; an `Error` of usage that names the known ones otherwise.
const Format& format_of(std::string_view name);

/// A note as the format writes it.
std::string note_text(const Format& format, const Note& note);

/// An error as people read it on standard error: what, where, and what to do.
std::string error_text(const Error& error, const Style& style);

}  // namespace flowship::report
