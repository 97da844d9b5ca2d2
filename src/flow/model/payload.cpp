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

/// A JSON text that goes out as it is.
struct Verbatim {
  std::string text;
};

}  // namespace flowship::flow

/// Poco prints what is no number, text, date or structure of its own by converting it to a string: so do source texts
/// get past it untouched.
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

std::string text_of(const Var& value) {
  std::ostringstream text;
  Poco::JSON::Stringifier::condense(value, text);
  return std::move(text).str();
}

using Members = std::vector<std::pair<std::string, Var>>;

/// Past this many members Poco's ordered object, which looks through all names for each new one, takes seconds.
constexpr std::size_t kMostMembersForPoco = 1000;

Var object_of(const Members& members) {
  if (members.size() <= kMostMembersForPoco) {
    Object::Ptr object = new Object(Poco::JSON_PRESERVE_KEY_ORDER);
    for (const auto& [name, value] : members) object->set(name, value);
    return object;
  }
  std::string text;
  for (const auto& [name, value] : members) {
    text += (text.empty() ? '{' : ',') + json::quoted(name) + ':' + text_of(value);
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

/// What is of the wrong type goes out as it stands; the rules have judged it.
Var metadata_of(const Flow& flow) {
  if (flow.metadata.empty() && flow.metadata_at && !flow.metadata_at.is(json::Type::object)) {
    return verbatim(flow.metadata_at);
  }
  return object_of(flow.metadata);
}

Var screens_of(const Flow& flow) {
  if (flow.screens.empty() && flow.screens_at && !flow.screens_at.is(json::Type::array)) {
    return verbatim(flow.screens_at);
  }
  Array::Ptr screens = new Array;
  for (const Screen& screen : flow.screens) {
    screens->add(screen.at && !screen.at.is(json::Type::object) ? verbatim(screen.at) : object_of(screen.fields));
  }
  return screens;
}

/// In the order of the service's reference; a part that the author left out is left out.
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
  throw Error("the flow `" + printable(flow.id) + "` (" + printable(flow.source.path) + ") is not complete",
              "`flowship validate` says what is missing", Fault::invalid);
}

}  // namespace

std::string import_payload(const Flow& flow) {
  require_complete(flow);
  if (!FlowId::from(flow.id)) {
    throw Error("`" + printable(flow.id.substr(0, 140)) + "` (" + printable(flow.source.path) +
                    ") is no id that the service would take",
                "an id is 1 to 128 letters, digits, `-` and `_`", Fault::invalid);
  }
  return text_of(object_of(Members{{"flow", flow_object(flow)}}));
}

std::string export_text(const Flow& flow) {
  require_complete(flow);
  return text_of(flow_object(flow));
}

}  // namespace flowship::flow
