#pragma once

#include "report/report.hpp"

namespace flowship::report::samples {

/// Findings of all severities, in a file with tabs and emoji, in a missing one and in one of a hostile name.
Validation validation();
/// 14 flows without findings.
Validation clean_validation();
/// Every action and reason.
deploy::Plan plan();
deploy::Plan empty_plan();
/// A flow in which much changed, and that tries to break out of whatever it is written into.
deploy::Change described_change();
/// A flow that changed, one that is gone and one that is new.
deploy::Diff diff();
deploy::Diff empty_diff();
/// Every outcome.
deploy::Deployment deployment();
deploy::Deployment empty_deployment();
/// Every state.
deploy::Status status();
/// Of an environment that nothing was deployed to.
deploy::Status empty_status();
History history();
History empty_history();
/// Every kind of task, in a circle, one of them missing, with odd names.
flow::Graph graph();
/// The same with every mark.
flow::Graph marked_graph();
Error error();

}  // namespace flowship::report::samples
