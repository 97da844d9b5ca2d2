#include "flow/model/flow_list.hpp"

#include "base/text/printable.hpp"

namespace flowship::flow {

void check_flow_list(Files& files, std::size_t index, const std::set<std::string>& folders,
                     std::vector<Problem>& problems) {
  const std::string& path = files.path(index);
  const auto report = [&](std::string message, std::string hint, json::Position position, std::string id) {
    problems.push_back({ProblemKind::flow_list, std::move(message), std::move(hint), path, position, std::move(id)});
  };
  const json::ReadResult& result = files.parsed(index);
  if (result.document == nullptr) {
    report(result.fault->message, "correct the JSON there", result.fault->position, {});
    return;
  }
  const json::Value list = result.document->root().find("flows");
  if (!list.is(json::Type::array)) {
    report("this is no list of flows", "it looks like `{\"flows\": [\"sign-up\", \"sign-in\"]}`", {}, {});
    return;
  }
  std::set<std::string> listed;
  for (const json::Value item : list.items()) {
    const std::string id = item.is(json::Type::string) ? item.string() : std::string();
    if (folders.count(id) == 0) {
      report("this list names " + printable(item.text().substr(0, 140)) + ", but there is no such flow beside it",
             "take it out of the list", item.position(), id);
    }
    listed.insert(id);
  }
  for (const std::string& id : folders) {
    if (listed.count(id) > 0) continue;
    report("this list does not name the flow `" + printable(id) + "`", "add it to the list", list.position(), id);
  }
}

}  // namespace flowship::flow
