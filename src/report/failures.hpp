#pragma once

#include "base/error.hpp"
#include "report/report.hpp"

#include <optional>

// Why a command did not do all that it was for, in one sentence with what to do. Nothing if all is well.

namespace flowship::report {

std::optional<Error> failure_of(const std::vector<check::Finding>& findings);
std::optional<Error> failure_of(const deploy::Plan& plan);
std::optional<Error> failure_of(const deploy::Deployment& deployment);
std::optional<Error> failure_of(const deploy::Status& status);
std::optional<Error> failure_of(const deploy::Pulled& pulled);
std::optional<Error> failure_of(const FileMerge& merge);

}  // namespace flowship::report
