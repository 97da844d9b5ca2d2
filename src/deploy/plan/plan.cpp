#include "deploy/plan/plan.hpp"

#include "deploy/config/config.hpp"
#include "flow/compare/compare.hpp"

namespace flowship::deploy {

std::string_view to_text(Action action) {
  switch (action) {
    case Action::create:
      return "create";
    case Action::update:
      return "update";
    case Action::remove:
      return "delete";
  }
  return {};
}

std::string_view to_text(Reason reason) {
  switch (reason) {
    case Reason::added:
      return "added";
    case Reason::changed:
      return "changed";
    case Reason::removed:
      return "removed";
    case Reason::config:
      return "config";
    case Reason::drifted:
      return "drifted";
    case Reason::missing:
      return "missing";
  }
  return {};
}

std::vector<std::string> paths_of(const flow::Source& source) {
  std::vector<std::string> paths;
  for (const git::Entry& file : source.files) paths.push_back(file.path);
  return paths;
}

std::string Change::digest() const {
  if (!flow) return {};
  std::string digest = flow::digest(*flow);
  flow::rest(*flow);
  return digest;
}

flow::Description Change::description() const {
  if (!before || !flow) return {};
  flow::Description description = flow::describe(*before, *flow);
  flow::rest(*before);
  flow::rest(*flow);
  return description;
}

bool Plan::has_unknown() const {
  return drift &&
         std::any_of(drift->begin(), drift->end(), [](const Drift& flow) { return flow.match == LiveMatch::unknown; });
}

std::string LeftBehind::sentence() const {
  const std::string name = "`" + removal.flow_id + "` ";
  switch (why) {
    case Why::not_pruned:
      return name + "is left on the service; --prune deletes it";
    case Why::built_in:
      return name + "is not deleted: it is built in";
    case Why::is_protected:
      return name + "is not deleted: " + kConfigFile + " protects it";
    case Why::used:
      return name + "is not deleted: `" + user + "` still uses it as a subflow";
    case Why::edited:
      return name + "is not deleted: it was edited in the console since the last deployment";
    case Why::unknown:
      if (user.empty()) return name + "is not deleted: the service lists it, but it could not be exported";
      return name + "is not deleted: `" + user + "` could not be exported, and may use it as a subflow";
    case Why::too_many:
      return name +
             "is not deleted: these are more deletions than `maxDeletes` in flowship.json, or --max-deletes, allows";
  }
  return {};
}

}  // namespace flowship::deploy
