#include "daemon/jobs/notifier.hpp"

#include "base/error.hpp"
#include "base/held_secrets.hpp"
#include "base/text/pluralize.hpp"
#include "base/text/printable.hpp"
#include "daemon/jobs/backoff.hpp"
#include "json/assembly.hpp"
#include "net/client.hpp"

#include <array>
#include <exception>
#include <system_error>
#include <utility>

namespace flowship::daemon {

namespace {

constexpr std::size_t kMostQueued = 100;
constexpr int kMostAttempts = 6;
constexpr std::chrono::seconds kFirstRetryPause{1};
constexpr std::chrono::seconds kRequestLimit{20};
constexpr std::chrono::seconds kGraceAtStop{3};

/// The notification as a sentence.
std::string sentence(const EnvironmentId& id, const FinishedJob& job) {
  constexpr std::size_t kAbbreviated = 10;
  std::size_t deployed = 0;
  std::string failed;
  for (const deploy::FlowResult& flow : job.flows) {
    if (is_done(flow.outcome) && flow.attempts > 0) ++deployed;
    if (flow.outcome == deploy::FlowOutcome::failed) failed += (failed.empty() ? "" : ", ") + flow.flow_id;
  }
  std::string text = id.repository + "/" + id.environment + ": " + job.commit.id.substr(0, kAbbreviated) + " \"" +
                     job.commit.subject + "\" ";
  if (!is_failure(job.outcome)) {
    text += "deployed (" + pluralize(deployed, "flow") + " sent)";
    for (const std::string& warning : job.warnings) text += "; " + warning;
    return printable(text);
  }
  text += "failed (" + std::string(to_text(job.outcome)) + ")";
  if (!failed.empty()) text += ", flows: " + failed;
  return printable(text + (job.error.empty() ? "" : ": " + job.error));
}

/// The drift as a sentence, with what happens next.
std::string sentence(const EnvironmentId& id, const DriftReport& report) {
  std::string found;
  const auto add = [&found](std::string_view what, const std::vector<std::string>& flows) {
    if (flows.empty()) return;
    found += (found.empty() ? "" : "; ") + std::string(what) + " ";
    for (const std::string& flow : flows) found += (&flow == &flows.front() ? "" : ", ") + flow;
  };
  add("edited in the console:", report.drifted);
  add("deleted in the console:", report.missing);
  add("not exportable:", report.unknown);
  const std::string next = next_step(report);
  return printable(id.repository + "/" + id.environment + ": " + found + "." + (next.empty() ? "" : " " + next));
}

/// Escapes the three characters that are markup for Slack.
std::string for_slack(const std::string& text) {
  std::string escaped;
  for (const char character : text) {
    const std::size_t at = std::string_view("&<>").find(character);
    escaped += at == std::string_view::npos ? std::string(1, character) : std::array{"&amp;", "&lt;", "&gt;"}[at];
  }
  return escaped;
}

}  // namespace

std::string notice_text(NotifyConfig::Form form, const EnvironmentId& id, const FinishedJob& job) {
  if (form == NotifyConfig::Form::slack) return json::object({{"text", for_slack(sentence(id, job))}}).text();
  const auto flow_member = [](const deploy::FlowResult& flow) {
    return json::object(
        {{"flowId", flow.flow_id}, {"outcome", to_text(flow.outcome)}, {"error", json::string_or_null(flow.error)}});
  };
  return json::object({{"event", is_failure(job.outcome) ? "failure" : "success"},
                       {"outcome", to_text(job.outcome)},
                       {"repository", id.repository},
                       {"environment", id.environment},
                       {"branch", job.branch},
                       {"commit", job.commit.id},
                       {"subject", job.commit.subject},
                       {"job", job.id},
                       {"finished", to_rfc3339(job.finished)},
                       {"text", sentence(id, job)},
                       {"error", json::string_or_null(job.error)},
                       {"flows", json::array(job.flows, flow_member)},
                       {"warnings", json::strings(job.warnings)}})
      .text();
}

std::string notice_text(NotifyConfig::Form form, const EnvironmentId& id, const DriftReport& report) {
  if (form == NotifyConfig::Form::slack) return json::object({{"text", for_slack(sentence(id, report))}}).text();
  return json::object({{"event", "drift"},
                       {"repository", id.repository},
                       {"environment", id.environment},
                       {"checked", to_rfc3339(report.checked)},
                       {"drifted", json::strings(report.drifted)},
                       {"missing", json::strings(report.missing)},
                       {"unknown", json::strings(report.unknown)},
                       {"onDrift", to_text(report.on_drift)},
                       {"next", json::string_or_null(next_step(report))},
                       {"text", sentence(id, report)}})
      .text();
}

bool wants_notice(const std::set<NotifyConfig::Event>& on, const FinishedJob& job, int failures) {
  // A commit that keeps failing causes one notification.
  if (is_failure(job.outcome)) return failures == 0 && on.contains(NotifyConfig::Event::failure);
  const bool is_news = job.outcome == JobOutcome::deployed || (job.outcome == JobOutcome::unchanged && failures > 0);
  return is_news && on.contains(NotifyConfig::Event::success);
}

Receiver::Receiver(NotifyConfig config, const Clock& clock, StatusStore& status_store, Log log)
    : config_(std::move(config)), clock_(clock), status_store_(status_store), log_(std::move(log)) {
  try {
    thread_ = std::thread([this] { run(); });
  } catch (const std::system_error& error) {
    throw Error(std::string("cannot start a thread for notifications: ") + error.what());
  }
}

Receiver::~Receiver() {
  stop();
  {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, deadline_ - clock_.ticks(), [&] { return has_ended_; });
    is_over_ = true;
    if (client_) client_->cut();
  }
  thread_.join();
}

void Receiver::stop() {
  const std::lock_guard lock(mutex_);
  if (stop_.requested()) return;
  deadline_ = clock_.ticks() + kGraceAtStop;
  stop_.request();
  changed_.notify_all();
}

void Receiver::notify(const EnvironmentId& id, const FinishedJob& job, int failures) {
  if (wants_notice(config_.on, job, failures)) enqueue(notice_text(config_.form, id, job));
}

void Receiver::notify(const EnvironmentId& id, const DriftReport& report) {
  if (config_.on.contains(NotifyConfig::Event::drift)) enqueue(notice_text(config_.form, id, report));
}

void Receiver::enqueue(const std::string& body) {
  const std::lock_guard lock(mutex_);
  if (waiting_.size() == kMostQueued) {
    waiting_.pop_front();
    status_store_.notice_lost();
    log_.warning("notification dropped: too many are queued");
  }
  waiting_.push_back(without_held(body));
  changed_.notify_all();
}

void Receiver::run() {
  while (true) {
    std::string body;
    {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [&] { return !waiting_.empty() || stop_.requested(); });
      if (waiting_.empty() || is_over_) {
        if (!waiting_.empty())
          log_.warning("notifications dropped at the stop", {{"queued", std::to_string(waiting_.size())}});
        has_ended_ = true;
        return changed_.notify_all();
      }
      body = std::move(waiting_.front());
      waiting_.pop_front();
    }
    send(body);
  }
}

void Receiver::send(const std::string& body) {
  std::string why;
  for (int attempt = 1; attempt <= kMostAttempts; ++attempt) {
    try {
      const std::shared_ptr<net::Client> client = connect();
      net::Request request{.method = "POST", .target = config_.target.reveal(), .headers = {}, .body = body};
      request.headers.add("Content-Type", "application/json");
      const net::Response answer = client->send(request);
      if (answer.status / 100 == 2) return status_store_.notice_sent();
      why = "the server answered " + net::describe_status(answer);
    } catch (const Error& error) {
      why = error.message();
    } catch (const std::exception& error) {
      why = std::string("unexpected error: ") + error.what();
    }
    if (stop_.requested() || attempt == kMostAttempts) break;
    clock_.sleep_until(clock_.ticks() + backoff(attempt, kFirstRetryPause), stop_);
  }
  status_store_.notice_lost();
  log_.warning("notification failed", {{"to", config_.base_url}, {"error", why}});
}

std::shared_ptr<net::Client> Receiver::connect() {
  auto client = std::make_shared<net::Client>(
      net::ClientOptions{.base_url = config_.base_url, .request_limit = kRequestLimit, .ca_file = config_.ca_file});
  const std::lock_guard lock(mutex_);
  client_ = client;
  if (is_over_) client_->cut();
  return client;
}

void Notifier::configure(const std::vector<NotifyConfig>& receivers) {
  std::vector<std::unique_ptr<Receiver>> made;
  for (const NotifyConfig& receiver : receivers) {
    made.push_back(std::make_unique<Receiver>(receiver, clock_, status_store_, log_));
  }
  {
    const std::lock_guard lock(mutex_);
    receivers_.swap(made);
  }
  for (const auto& old : made) old->stop();
}

void Notifier::notify(const EnvironmentId& id, const FinishedJob& job, int failures) {
  const std::lock_guard lock(mutex_);
  for (const auto& receiver : receivers_) receiver->notify(id, job, failures);
}

void Notifier::notify(const EnvironmentId& id, const DriftReport& report) {
  const std::lock_guard lock(mutex_);
  for (const auto& receiver : receivers_) receiver->notify(id, report);
}

}  // namespace flowship::daemon
