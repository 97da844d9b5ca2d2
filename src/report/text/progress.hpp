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

/// Shows how a deployment goes on where `out` is no terminal: a line for every flow that is done, none when quiet.
class PlainProgress : public deploy::Progress {
 public:
  PlainProgress(std::ostream& out, const Style& style);

  void started(std::size_t steps) override;
  void sending(const deploy::Change& change) override;
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

/// Whether a terminal keeps a line for every flow that is done: not where the result that follows lists them as well.
enum class FlowLines { kept, left_out };

/// Shows how a deployment goes on in a terminal: one status line that is redrawn in place, and above it lines for the
/// flows that are done, if they are kept. With `Style::quiet` it shows nothing.
class TerminalProgress : public deploy::Progress {
 public:
  /// `columns` gives the terminal's width, asked anew for each drawing since windows change their size.
  TerminalProgress(std::ostream& out, const Style& style, FlowLines flow_lines, const Clock& clock,
                   std::function<int()> columns);
  /// Takes the status line away if `finished` was never called.
  ~TerminalProgress() override;
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  void started(std::size_t steps) override;
  void sending(const deploy::Change& change) override;
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
  std::size_t steps_ = 0;
  std::size_t done_ = 0;
  std::size_t failed_ = 0;
  std::set<std::string> under_way_;
  std::string waiting_;
  /// The drawings of the tenth of a second that began at this time.
  std::optional<Ticks> counted_from_;
  int drawings_ = 0;
  bool drawn_ = false;
};

}  // namespace flowship::report
