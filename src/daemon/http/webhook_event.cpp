#include "daemon/http/webhook_event.hpp"

#include "git/branch.hpp"
#include "git/remote/pushed_refs.hpp"
#include "json/members.hpp"

#include <Poco/Exception.h>
#include <Poco/URI.h>

namespace flowship::daemon {

namespace {

using json::Type;
using json::Value;

constexpr std::string_view kTags = "refs/tags/";

Value member(Value object, const char* name) {
  json::expect_object(object, "the payload");
  const Value found = object.find(name);
  if (!found) json::refuse(object, std::string("`") + name + "` is missing");
  return found;
}

std::string ref_of(Value value, std::string_view folder = {}) {
  std::string ref = std::string(folder) + json::text_of(value, "the ref");
  if (!git::is_ref_name(ref)) json::refuse(value, "the ref is not the full name of a branch or tag");
  return ref;
}

/// Empty for the null id.
std::string commit_of(Value value) {
  std::string id = json::text_of(value, "the commit");
  constexpr std::size_t kSha1 = 40;
  constexpr std::size_t kSha256 = 64;
  const bool is_id = (id.size() == kSha1 || id.size() == kSha256) &&
                     id.find_first_not_of("0123456789abcdefABCDEF") == std::string::npos;
  if (!is_id) json::refuse(value, "the commit is not a full id");
  return id.find_first_not_of('0') == std::string::npos ? std::string() : id;
}

/// Bitbucket Cloud: `new` is null for a deleted ref, which `old` names.
RefUpdate read_cloud_change(Value change) {
  const Value after = member(change, "new");
  const bool is_gone = after.is(Type::null);
  const Value named = is_gone ? member(change, "old") : after;
  const Value type = member(named, "type");
  const std::string_view folder = type.is_string("branch") || type.is_string("named_branch") ? git::kBranches : kTags;
  return {.ref = ref_of(member(named, "name"), folder),
          .commit = is_gone ? std::string() : commit_of(member(member(after, "target"), "hash"))};
}

RefUpdate read_data_center_change(Value change) {
  return {.ref = ref_of(member(member(change, "ref"), "id")), .commit = commit_of(member(change, "toHash"))};
}

}  // namespace

std::optional<std::string> RefUpdate::branch() const { return git::branch_of_ref(ref); }

std::vector<RefUpdate> read_push(Value payload) {
  return {{.ref = ref_of(member(payload, "ref")), .commit = commit_of(member(payload, "after"))}};
}

std::vector<RefUpdate> read_bitbucket_push(Value payload) {
  json::expect_object(payload, "the payload");
  const Value cloud = payload.find("push");
  const Value changes = member(cloud ? cloud : payload, "changes");
  if (!changes.is(Type::array)) json::refuse(changes, "`changes` must be a list");
  std::vector<RefUpdate> updates;
  for (const Value change : changes.items()) {
    updates.push_back(cloud ? read_cloud_change(change) : read_data_center_change(change));
  }
  return updates;
}

std::optional<std::string> payload_of_form(std::string_view form) {
  constexpr std::string_view kName = "payload=";
  if (!form.starts_with(kName)) return std::nullopt;
  form.remove_prefix(kName.size());
  form = form.substr(0, form.find('&'));
  try {
    std::string payload;
    // Poco takes `+` for a space only after a question mark.
    Poco::URI::decode("?" + std::string(form), payload, true);
    return payload.substr(1);
  } catch (const Poco::Exception&) {
    return std::nullopt;
  }
}

}  // namespace flowship::daemon
