#include "base/error.hpp"

#include <utility>

namespace flowship {

Error::Error(std::string message, std::string hint, Fault fault)
    : message_(std::move(message)), hint_(std::move(hint)), fault_(fault) {}

Error& Error::within(std::string_view context) {
  message_ = std::string(context) + ": " + message_;
  return *this;
}

Error usage_error(std::string message, std::string hint) {
  return Error(std::move(message), std::move(hint), Fault::usage);
}

}  // namespace flowship
