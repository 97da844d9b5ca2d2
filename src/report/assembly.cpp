#include "report/assembly.hpp"

#include "base/printable.hpp"

#include <Poco/JSON/Stringifier.h>

#include <sstream>

namespace flowship::report {

Object::Ptr json_object() { return new Object(Poco::JSON_PRESERVE_KEY_ORDER); }

Array::Ptr json_array() { return new Array; }

std::string json_string(std::string_view text) { return valid_utf8(text); }

Poco::Dynamic::Var json_string_or_null(std::string_view text) {
  return text.empty() ? Poco::Dynamic::Var() : Poco::Dynamic::Var(json_string(text));
}

std::string document_text(const Poco::Dynamic::Var& root) {
  std::ostringstream out;
  Poco::JSON::Stringifier::stringify(root, out, 2);
  out << '\n';
  return out.str();
}

}  // namespace flowship::report
