#pragma once

#include "base/clock.hpp"
#include "deploy/apply/outcome.hpp"
#include "report/report.hpp"

#include <functional>
#include <mutex>
#include <optional>
#include <ostream>
#include <set>
#include <string>

namespace flowship::report {

/// Shows the progress of a deployment if `out` is not a terminal: a line per finished flow, nothing when quiet.
class PlainProgress : public deploy::Progress {
 public:
  PlainProgress(std::ostream& out, const Style& style);

  void phase(std::string_view what, std::size_t steps) override;
  void stepped() override;
  void started(std::size_t steps) override;
  void sending(const deploy::Change& change) override;
  void accepted(const deploy::Change& change) override;
  void waiting(const std::string& why) override;
  void done(const deploy::FlowResult& result) override;
  void finished() override;

 private:
  std::mutex mutex_;
  std::ostream& out_;
  Style style_;
  std::size_t steps_ = 0;
  std::size_t done_ = 0;
};

/// Whether a terminal keeps a line per finished flow: not if the result that follows lists them as well.
enum class FlowLines { kept, left_out };

/// Shows the progress of a deployment in a terminal: a status line redrawn in place, and above it a line per finished
/// flow if those are kept. Shows nothing with `Style::quiet`.
class TerminalProgress : public deploy::Progress {
 public:
  /// `columns` returns the terminal's width, and is called for each drawing since windows are resized.
  TerminalProgress(std::ostream& out, const Style& style, FlowLines flow_lines, const Clock& clock,
                   std::function<int()> columns);
  /// Erases the status line if `finished` was never called.
  ~TerminalProgress() override;
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  void phase(std::string_view what, std::size_t steps) override;
  void stepped() override;
  void started(std::size_t steps) override;
  void sending(const deploy::Change& change) override;
  void accepted(const deploy::Change& change) override;
  void waiting(const std::string& why) override;
  void done(const deploy::FlowResult& result) override;
  void finished() override;

 private:
  std::string status() const;
  void redraw();
  void erase();

  std::mutex mutex_;
  std::ostream& out_;
  Style style_;
  FlowLines flow_lines_;
  const Clock& clock_;
  std::function<int()> columns_;
  /// Steps that were accepted, and are not read back yet.
  std::size_t accepted_ = 0;
  /// What is done before or after the plan's steps; empty while these are carried out.
  std::string phase_;
  std::size_t phase_steps_ = 0;
  std::size_t phase_done_ = 0;
  std::size_t steps_ = 0;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::set<std::string> under_way_;
  std::string waiting_;
  /// Start of the tenth of a second in which `drawings_` counts.
  std::optional<Ticks> counted_from_;
  int drawings_ = 0;
  bool drawn_ = false;
};

}  // namespace flowship::report
