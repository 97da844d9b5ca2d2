#include "report/text/progress.hpp"

#include "base/text/printable.hpp"
#include "report/text/characters.hpp"
#include "report/text/text.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

/// More than the threads that send, so that flows started together are all shown. Beyond that, changes wait for the
/// next drawing.
constexpr int kMostDrawings = 40;
constexpr std::chrono::milliseconds kCountedTime{100};

}  // namespace

PlainProgress::PlainProgress(std::ostream& out, const Style& style) : out_(out), style_(style) {}

void PlainProgress::phase(std::string_view, std::size_t) {}

void PlainProgress::stepped() {}

void PlainProgress::started(std::size_t steps) {
  const std::lock_guard lock(mutex_);
  steps_ = steps;
}

void PlainProgress::sending(const deploy::Change&) {}

void PlainProgress::accepted(const deploy::Change&) {}

void PlainProgress::waiting(const std::string& why) {
  const std::lock_guard lock(mutex_);
  if (!style_.quiet) out_ << printable(why) << '\n' << std::flush;
}

void PlainProgress::done(const deploy::FlowResult& result) {
  const std::lock_guard lock(mutex_);
  ++done_;
  if (style_.quiet) return;
  out_ << '[' << done_ << '/' << steps_ << "] " << printable(result.flow_id) << ' ' << to_text(result.outcome);
  if (!result.error.empty()) out_ << ": " << printable(result.error);
  out_ << '\n' << std::flush;
}

void PlainProgress::finished() {}

TerminalProgress::TerminalProgress(std::ostream& out, const Style& style, FlowLines flow_lines, const Clock& clock,
                                   std::function<int()> columns)
    : out_(out), style_(style), flow_lines_(flow_lines), clock_(clock), columns_(std::move(columns)) {}

TerminalProgress::~TerminalProgress() {
  erase();
  out_ << std::flush;
}

void TerminalProgress::phase(std::string_view what, std::size_t steps) {
  const std::lock_guard lock(mutex_);
  phase_ = what;
  phase_steps_ = steps;
  phase_done_ = 0;
  redraw();
}

void TerminalProgress::stepped() {
  const std::lock_guard lock(mutex_);
  ++phase_done_;
  redraw();
}

void TerminalProgress::started(std::size_t steps) {
  const std::lock_guard lock(mutex_);
  phase_.clear();
  steps_ = steps;
  redraw();
}

void TerminalProgress::sending(const deploy::Change& change) {
  const std::lock_guard lock(mutex_);
  under_way_.insert(change.flow_id);
  waiting_.clear();
  redraw();
}

void TerminalProgress::accepted(const deploy::Change& change) {
  const std::lock_guard lock(mutex_);
  ++accepted_;
  under_way_.erase(change.flow_id);
  waiting_.clear();
  redraw();
}

void TerminalProgress::waiting(const std::string& why) {
  const std::lock_guard lock(mutex_);
  waiting_ = why;
  redraw();
}

void TerminalProgress::done(const deploy::FlowResult& result) {
  const std::lock_guard lock(mutex_);
  ++done_;
  if (!is_done(result.outcome)) ++failed_;
  under_way_.erase(result.flow_id);
  waiting_.clear();
  if (flow_lines_ == FlowLines::kept && !style_.quiet) {
    erase();
    out_ << result_text(result, 0, style_);
  }
  redraw();
}

void TerminalProgress::finished() {
  const std::lock_guard lock(mutex_);
  erase();
  out_ << std::flush;
}

std::string TerminalProgress::status() const {
  if (!phase_.empty() && waiting_.empty()) {
    const std::string count = "[" + std::to_string(phase_done_) + "/" + std::to_string(phase_steps_) + "] ";
    return (phase_steps_ > 0 ? count : std::string()) + phase_;
  }
  std::string text = "[" + std::to_string(done_ + accepted_) + "/" + std::to_string(steps_) + "]";
  if (failed_ > 0) text += " " + std::to_string(failed_) + " not deployed";
  if (!waiting_.empty()) return text + " " + printable(waiting_);
  std::string flows;
  for (const std::string& flow_id : under_way_) flows += (flows.empty() ? " " : ", ") + printable(flow_id);
  return text + flows;
}

void TerminalProgress::redraw() {
  if (style_.quiet) return;
  const Ticks now = clock_.ticks();
  if (!counted_from_ || now - *counted_from_ >= kCountedTime) {
    counted_from_ = now;
    drawings_ = 0;
  }
  if (drawn_ && drawings_ >= kMostDrawings) return;
  ++drawings_;
  // One cell stays free, since a terminal may wrap after its last one. The rest of a longer line is erased after
  // writing, since a line that is empty in between flickers.
  const std::string line = status();
  out_ << (drawn_ ? "\r" : "") << fitting(line, std::max(0, columns_() - 1)) << (drawn_ ? "\x1b[K" : "") << std::flush;
  drawn_ = true;
}

void TerminalProgress::erase() {
  if (drawn_) out_ << "\r\x1b[K";
  drawn_ = false;
}

}  // namespace flowship::report
