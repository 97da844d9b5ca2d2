#include "report/causes.hpp"

#include "base/text/pluralize.hpp"
#include "report/wording.hpp"

#include <Poco/String.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>

namespace flowship::report {

namespace {

/// "a, b and 3 more".
std::string with_more(const std::vector<std::string>& shown, std::size_t all) {
  const std::string text = Poco::cat(std::string(", "), shown.begin(), shown.end());
  return all == shown.size() ? text : text + " and " + std::to_string(all - shown.size()) + " more";
}

}  // namespace

std::vector<Cause> causes_of(const std::vector<check::Finding>& findings) {
  std::vector<Cause> causes;
  std::map<std::tuple<std::string_view, check::Severity, std::string_view>, std::size_t> known;
  for (const check::Finding& finding : findings) {
    if (!finding.cause.empty()) {
      const auto [at, is_new] = known.try_emplace({finding.rule, finding.severity, finding.cause}, causes.size());
      if (!is_new) {
        causes[at->second].others.push_back(&finding);
        continue;
      }
    }
    causes.push_back({.first = &finding});
  }
  return causes;
}

std::string places_text(const check::Finding& finding, std::size_t most) {
  if (finding.places.empty()) return {};
  std::vector<std::string> shown;
  for (std::size_t index = 0; index < std::min(most, finding.places.size()); ++index) {
    const check::Place& place = finding.places[index];
    shown.push_back(place.task + (place.task.empty() ? "at " : " at ") + std::to_string(place.line) + ":" +
                    std::to_string(place.column));
  }
  return "also " + with_more(shown, finding.places.size());
}

std::string with_places_inline(const check::Finding& finding) {
  std::string notes = places_text(finding);
  if (!notes.empty() && !finding.hint.empty()) notes += "; ";
  return with_hint_inline(finding.message, notes + finding.hint);
}

std::vector<std::string> places_of(const Cause& cause, std::size_t most) {
  std::vector<std::string> lines;
  if (std::string own = places_text(*cause.first, most); !own.empty()) lines.push_back(std::move(own));
  if (cause.others.empty()) return lines;
  std::vector<std::string> shown;
  for (std::size_t index = 0; index < std::min(most, cause.others.size()); ++index) {
    const check::Finding& other = *cause.others[index];
    const std::size_t places = other.places.size() + 1;
    shown.push_back(place_of(other) + (places == 1 ? "" : " (" + pluralize(places, "place") + ")"));
  }
  lines.push_back("also in " + pluralize(cause.others.size(), "more file") + ": " +
                  with_more(shown, cause.others.size()));
  return lines;
}

std::string cause_line(const Cause& cause) {
  const std::vector<std::string> places = places_of(cause);
  return place_of(*cause.first) + ": " +
         with_hint_inline(cause.first->message, Poco::cat(std::string("; "), places.begin(), places.end()));
}

}  // namespace flowship::report
