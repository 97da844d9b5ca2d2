#include "check/findings/baseline.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "json/document.hpp"

#include <map>
#include <string_view>
#include <tuple>

namespace flowship::check {

namespace {

/// What a finding is recognised by: rule, path, flow and message.
using BaselineKey = std::tuple<std::string, std::string, std::string, std::string>;

[[noreturn]] void refuse_baseline(const std::string& name) {
  throw Error(printable(name) + " is not a baseline",
              "it must be the output of `flowship validate --format json`, with the member `findings`", Fault::invalid);
}

/// A member's text; empty where it is null.
std::string baseline_text(json::Value finding, std::string_view member, const std::string& name) {
  const json::Value value = finding.find(member);
  if (value.is(json::Type::null)) return {};
  if (!value.is(json::Type::string)) refuse_baseline(name);
  return value.string();
}

}  // namespace

std::size_t remove_known(const std::string& text, const std::string& name, std::vector<Finding>& findings) {
  const json::DocumentPtr document = json::Document::parse(text, name);
  const json::Value listed = document->root().find("findings");
  if (!listed.is(json::Type::array)) refuse_baseline(name);
  std::map<BaselineKey, std::size_t> known;
  for (const json::Value finding : listed.items()) {
    const auto member = [&](std::string_view which) { return baseline_text(finding, which, name); };
    ++known[{member("rule"), member("path"), member("flowId"), member("message")}];
  }
  return std::erase_if(findings, [&](const Finding& finding) {
    const auto found = known.find({finding.rule, finding.path, finding.flow_id, finding.message});
    if (found == known.end() || found->second == 0) return false;
    --found->second;
    return true;
  });
}

}  // namespace flowship::check
