#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <string>
#include <string_view>

// Assembling a JSON document with Poco: only for the .cpp files of formats that are JSON.

namespace flowship::report {

using Poco::JSON::Array;
using Poco::JSON::Object;

/// An object that keeps the order in which its members are set.
Object::Ptr json_object();
Array::Ptr json_array();

/// A string as it may stand in JSON: paths need not be UTF-8, documents must.
std::string json_string(std::string_view text);
/// The same, or null where the text is empty.
Poco::Dynamic::Var json_string_or_null(std::string_view text);

/// The text of a document, which is an object or an array, with a newline at its end.
std::string document_text(const Poco::Dynamic::Var& root);

}  // namespace flowship::report
