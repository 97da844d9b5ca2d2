#include "flow/model/payload.hpp"

#include "base/error.hpp"
#include "base/text/printable.hpp"
#include "flow/model/flow_id.hpp"
#include "json/edit.hpp"

#include <Poco/Dynamic/Var.h>
#include <Poco/Dynamic/VarHolder.h>
#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>
#include <Poco/JSON/Stringifier.h>

#include <sstream>
#include <string>
#include <typeinfo>
#include <utility>
#include <vector>

namespace flowship::flow {

/// A JSON text that is sent as it is.
struct Verbatim {
  std::string text;
};

}  // namespace flowship::flow

/// Poco converts a value of any other type than its own to a string and prints that: so source texts pass through
/// untouched.
template <>
class Poco::Dynamic::VarHolderImpl<flowship::flow::Verbatim> : public Poco::Dynamic::VarHolder {
 public:
  explicit VarHolderImpl(const flowship::flow::Verbatim& value) : value_(value) {}

  const std::type_info& type() const override { return typeid(flowship::flow::Verbatim); }
  void convert(std::string& text) const override { text = value_.text; }
  VarHolder* clone(Placeholder<VarHolder>* holder = nullptr) const override { return cloneHolder(holder, value_); }
  const flowship::flow::Verbatim& value() const { return value_; }

 private:
  flowship::flow::Verbatim value_;
};

namespace flowship::flow {

namespace {

using Poco::Dynamic::Var;
using Poco::JSON::Array;
using Poco::JSON::Object;

Var verbatim(json::Value value) { return Verbatim{std::string(value.text())}; }

std::string json_text(const Var& value) {
  std::ostringstream text;
  Poco::JSON::Stringifier::condense(value, text);
  return std::move(text).str();
}

using Members = std::vector<std::pair<std::string, Var>>;

/// Poco's ordered object searches all names for each new one: past this many members it takes seconds.
constexpr std::size_t kMostMembersForPoco = 1000;

Var object_of(const Members& members) {
  if (members.size() <= kMostMembersForPoco) {
    Object::Ptr object = new Object(Poco::JSON_PRESERVE_KEY_ORDER);
    for (const auto& [name, value] : members) object->set(name, value);
    return object;
  }
  std::string text;
  for (const auto& [name, value] : members) {
    text += (text.empty() ? '{' : ',') + json::quoted(name) + ':' + json_text(value);
  }
  return Verbatim{text + '}'};
}

void append(Members& members, const Fields& fields) {
  for (const Field& field : fields) members.emplace_back(field.name, verbatim(field.value));
}

Var object_of(const Fields& fields) {
  Members members;
  append(members, fields);
  return object_of(members);
}

/// Malformed parts are sent as they are: the rules have reported them.
Var metadata_of(const Flow& flow) {
  const json::Value malformed = malformed_metadata(flow);
  return malformed ? verbatim(malformed) : object_of(flow.metadata);
}

Var screens_of(const Flow& flow) {
  if (const json::Value malformed = malformed_screens(flow)) return verbatim(malformed);
  Array::Ptr screens = new Array;
  for (const Screen& screen : flow.screens) {
    const json::Value malformed = malformed_screen(screen);
    screens->add(malformed ? verbatim(malformed) : object_of(screen.fields));
  }
  return screens;
}

/// In the order of the service's reference, without parts that the author left out.
Var flow_object(const Flow& flow) {
  Members members;
  if (!flow.id.empty()) {
    members.emplace_back("flowId", Verbatim{json::quoted(flow.id)});
  } else if (flow.id_at) {
    members.emplace_back("flowId", verbatim(flow.id_at));
  }
  if (flow.metadata_at || !flow.metadata.empty()) members.emplace_back("metadata", metadata_of(flow));
  if (flow.contents) members.emplace_back("contents", verbatim(flow.contents));
  if (flow.screens_at || !flow.screens.empty()) members.emplace_back("screens", screens_of(flow));
  if (flow.references) members.emplace_back("references", verbatim(flow.references));
  append(members, flow.others);
  return object_of(members);
}

void require_complete(const Flow& flow) {
  if (flow.complete) return;
  throw Error("the flow `" + printable(flow.id) + "` (" + printable(flow.source.path) + ") is incomplete",
              "`flowship validate` shows what is missing", Fault::invalid);
}

}  // namespace

void require_sendable(const Flow& flow) {
  require_complete(flow);
  if (FlowId::from(flow.id)) return;
  throw Error("`" + message_text(flow.id) + "` (" + printable(flow.source.path) + ") is not a valid flow id",
              std::string(kFlowIdHint), Fault::invalid);
}

std::string import_payload(const Flow& flow) {
  require_sendable(flow);
  return json_text(object_of(Members{{"flow", flow_object(flow)}}));
}

std::string export_text(const Flow& flow) {
  require_complete(flow);
  return json_text(flow_object(flow));
}

}  // namespace flowship::flow
