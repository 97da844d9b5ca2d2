#pragma once

#include "report/report.hpp"

namespace flowship::report {

// The rows of the table in formats.cpp, each made in the file of its name.

Format text_format();
Format json_format();
Format github_format();
Format sarif_format();
Format junit_format();

}  // namespace flowship::report
