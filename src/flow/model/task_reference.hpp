#pragma once

#include <string_view>

namespace flowship::flow {

/// The second task of a two-step action is `<id>.end`.
inline constexpr std::string_view kSecondStep = ".end";

/// The arguments of a two-step action that name its second task.
inline constexpr std::string_view kTwoStepArguments[] = {"exchangeStepId", "finishStepId", "verifyStepId"};

/// Whether a member of that name is a task's id: a rule's `taskId`, an argument `exchangeStepId`.
inline bool names_a_task(std::string_view name) {
  return name.ends_with("StepId") || name.ends_with("TaskId") || name == "stepId" || name == "taskId";
}

}  // namespace flowship::flow
