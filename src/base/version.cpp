#include "base/version.hpp"

namespace flowship {

std::string_view version() { return FLOWSHIP_VERSION; }

}  // namespace flowship
