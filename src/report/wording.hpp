#pragma once

#include "report/report.hpp"

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

// Words that several formats share.

namespace flowship::report {

/// `path:line:column`, as it is.
std::string place_of(const check::Finding& finding);

/// The message, and the hint on a line of its own.
std::string with_hint(std::string_view message, std::string_view hint);

/// The same on one line, the hint in parentheses.
std::string with_hint_inline(std::string_view message, std::string_view hint);

/// ", compared with record 1a2b3c4d", or that this is the first deployment.
std::string base_text(const deploy::Plan& plan);

/// "1 to create, 2 to update, 0 to delete, 12 unchanged"
std::string counts_text(const deploy::Plan& plan);

/// A note as it is: the same in all formats for people.
std::string note_text(const Note& note, const Style& style);

/// How many flows had this outcome.
int number_of(const deploy::Deployment& deployment, deploy::FlowOutcome outcome);

/// How many flows were deployed, deleted, or recorded without a request.
int number_done(const deploy::Deployment& deployment);

/// Identifies findings across commits: by rule, file, flow and message, not by line, which moves with the text above
/// it. An ordinal distinguishes equal ones.
class Fingerprints {
 public:
  std::string of(const check::Finding& finding);

 private:
  std::map<std::string, int> seen_;
};

}  // namespace flowship::report
