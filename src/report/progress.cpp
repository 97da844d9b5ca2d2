#include "report/progress.hpp"

#include "base/printable.hpp"
#include "report/characters.hpp"
#include "report/text.hpp"

#include <algorithm>

namespace flowship::report {

namespace {

constexpr std::chrono::milliseconds kBetweenDrawings{100};

}  // namespace

PlainProgress::PlainProgress(std::ostream& out, const Style& style) : out_(out), style_(style) {}

void PlainProgress::started(std::size_t steps) { steps_ = steps; }

void PlainProgress::sending(const deploy::Change&) {}

void PlainProgress::waiting(const std::string& why) {
  if (!style_.quiet) out_ << printable(why) << '\n' << std::flush;
}

void PlainProgress::done(const deploy::FlowResult& result) {
  ++done_;
  if (style_.quiet) return;
  out_ << '[' << done_ << '/' << steps_ << "] " << printable(result.flow_id) << ' ' << to_text(result.outcome);
  if (!result.error.empty()) out_ << ": " << printable(result.error);
  out_ << '\n' << std::flush;
}

void PlainProgress::finished() {}

TerminalProgress::TerminalProgress(std::ostream& out, const Style& style, const Clock& clock,
                                   std::function<int()> columns)
    : out_(out), style_(style), clock_(clock), columns_(std::move(columns)) {}

TerminalProgress::~TerminalProgress() {
  erase();
  out_ << std::flush;
}

void TerminalProgress::started(std::size_t steps) {
  steps_ = steps;
  redraw();
}

void TerminalProgress::sending(const deploy::Change& change) {
  under_way_.insert(change.flow_id);
  waiting_.clear();
  redraw();
}

void TerminalProgress::waiting(const std::string& why) {
  waiting_ = why;
  redraw();
}

void TerminalProgress::done(const deploy::FlowResult& result) {
  ++done_;
  if (result.outcome != deploy::FlowOutcome::deployed) ++failed_;
  under_way_.erase(result.flow_id);
  waiting_.clear();
  if (style_.quiet) return;
  erase();
  out_ << result_text(result, 0, style_);
  redraw();
  out_ << std::flush;
}

void TerminalProgress::finished() {
  erase();
  out_ << std::flush;
}

std::string TerminalProgress::status() const {
  std::string text = "[" + std::to_string(done_) + "/" + std::to_string(steps_) + "]";
  if (failed_ > 0) text += " " + std::to_string(failed_) + " not deployed";
  if (!waiting_.empty()) return text + " " + printable(waiting_);
  std::string flows;
  for (const std::string& flow_id : under_way_) flows += (flows.empty() ? " " : ", ") + printable(flow_id);
  return text + flows;
}

void TerminalProgress::redraw() {
  if (style_.quiet) return;
  const Ticks now = clock_.ticks();
  if (drawn_at_ && now - *drawn_at_ < kBetweenDrawings) return;
  erase();
  // One cell stays free: a terminal that is written to its last cell may wrap.
  out_ << fitting(status(), std::max(0, columns_() - 1)) << std::flush;
  drawn_ = true;
  drawn_at_ = now;
}

void TerminalProgress::erase() {
  if (drawn_) out_ << "\r\x1b[K";
  drawn_ = false;
}

}  // namespace flowship::report
