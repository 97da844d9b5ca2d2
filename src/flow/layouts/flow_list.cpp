#include "flow/layouts/flow_list.hpp"

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
    report(result.fault->message, "fix the JSON syntax", result.fault->position, {});
    return;
  }
  const json::Value list = result.document->root().find("flows");
  if (!list.is(json::Type::array)) {
    report("this is not a list of flows", "it should look like `{\"flows\": [\"sign-up\", \"sign-in\"]}`", {}, {});
    return;
  }
  std::set<std::string> listed;
  for (const json::Value item : list.items()) {
    const std::string id = string_of(item);
    if (folders.count(id) == 0) {
      report("this list names " + message_text(item.text()) + ", but there is no such flow beside it",
             "remove it from the list", item.position(), id);
    }
    listed.insert(id);
  }
  for (const std::string& id : folders) {
    if (listed.count(id) > 0) continue;
    report("this list does not name the flow `" + printable(id) + "`", "add it to the list", list.position(), id);
  }
}

}  // namespace flowship::flow
