#include "base/text/letter_case.hpp"

#include <Poco/String.h>

namespace flowship {

std::string lower_case(std::string_view text) { return Poco::toLower(std::string(text)); }

}  // namespace flowship
