#include "json/readable.hpp"

#include "json/style.hpp"

namespace flowship::json {

std::string readable(Value value) { return styled(value, {.order = MemberOrder::by_name}) + "\n"; }

}  // namespace flowship::json
