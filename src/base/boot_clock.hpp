#pragma once

#include <chrono>
#include <string>

namespace flowship {

/// Time since this machine was started, suspended time included: what another machine counts meanwhile. Independent of
/// the calendar.
using BootTime = std::chrono::nanoseconds;
BootTime boot_time();

/// Distinguishes this start of the machine from all others; empty where the system has none.
std::string boot_id();

}  // namespace flowship
