#include "net/message.hpp"

#include "base/text/printable.hpp"

#include <Poco/Ascii.h>
#include <Poco/String.h>

#include <algorithm>

namespace flowship::net {

std::optional<std::string> Headers::find(std::string_view name) const {
  for (const auto& [key, value] : fields_) {
    if (Poco::icompare(key, std::string(name)) == 0) return value;
  }
  return std::nullopt;
}

bool Headers::well_formed() const {
  const auto allowed = [](unsigned char byte) { return byte == '\t' || (byte >= 0x20 && byte != 0x7f); };
  return std::all_of(fields_.begin(), fields_.end(), [&](const auto& field) {
    return is_token(field.first) && std::all_of(field.second.begin(), field.second.end(), allowed);
  });
}

bool is_token(std::string_view text) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char byte) {
    return Poco::Ascii::isAlphaNumeric(byte) || kOthers.find(static_cast<char>(byte)) != std::string_view::npos;
  });
}

bool is_target(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char byte) { return byte > 0x20 && byte < 0x7f; });
}

std::string describe_status(const Response& response) {
  std::string status = std::to_string(response.status);
  const auto location = response.headers.find("Location");
  if (response.status / 100 == 3 && location) {
    status += ", a redirect to " + printable(*location) + " that flowship does not follow";
  }
  return status;
}

}  // namespace flowship::net
