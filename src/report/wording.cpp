#include "report/wording.hpp"

#include "base/digest.hpp"

#include <algorithm>

namespace flowship::report {

std::string place_of(const check::Finding& finding) {
  return finding.path + ":" + std::to_string(finding.line) + ":" + std::to_string(finding.column);
}

std::string with_hint(std::string_view message, std::string_view hint) {
  std::string text(message);
  return hint.empty() ? text : text.append("\n").append(hint);
}

std::string with_hint_inline(std::string_view message, std::string_view hint) {
  std::string text(message);
  return hint.empty() ? text : text.append(" (").append(hint).append(")");
}

std::string base_text(const deploy::Plan& plan) {
  return plan.base ? ", compared with record " + plan.base->abbreviated() : ", the first deployment";
}

std::string counts_text(const deploy::Plan& plan) {
  const auto number = [&](deploy::Action action) {
    return std::to_string(std::count_if(plan.changes.begin(), plan.changes.end(),
                                        [action](const deploy::Change& change) { return change.action == action; }));
  };
  return number(deploy::Action::create) + " to create, " + number(deploy::Action::update) + " to update, " +
         number(deploy::Action::remove) + " to delete, " + std::to_string(plan.unchanged) + " unchanged";
}

std::string note_text(const Note& note, const Style&) { return note.text; }

int number_of(const deploy::Deployment& deployment, deploy::FlowOutcome outcome) {
  return static_cast<int>(
      std::count_if(deployment.flows.begin(), deployment.flows.end(),
                    [outcome](const deploy::FlowResult& result) { return result.outcome == outcome; }));
}

int number_done(const deploy::Deployment& deployment) {
  return static_cast<int>(std::count_if(deployment.flows.begin(), deployment.flows.end(),
                                        [](const deploy::FlowResult& result) { return is_done(result.outcome); }));
}

std::string Fingerprints::of(const check::Finding& finding) {
  const std::string what = finding.rule + '\0' + finding.path + '\0' + finding.flow_id + '\0' + finding.message;
  const std::string digest = sha256_hex(what).substr(0, 32);
  return digest + ":" + std::to_string(++seen_[digest]);
}

}  // namespace flowship::report
