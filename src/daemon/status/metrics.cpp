#include "daemon/status/metrics.hpp"

#include "base/text/printable.hpp"
#include "base/version.hpp"

#include <charconv>

namespace flowship::daemon {

namespace {

using Labels = std::vector<std::pair<std::string_view, std::string>>;

std::string number(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return {text, end};
}

double seconds_of(Time time) { return std::chrono::duration<double>(time.time_since_epoch()).count(); }

std::string label_value(std::string_view text) {
  std::string result = "\"";
  for (const char character : printable(text)) {
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + "\"";
}

/// Writes families of samples one after another.
class Exposition {
 public:
  void family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = "flowship_" + std::string(name);
    text_ += "# HELP " + name_ + " " + std::string(help) + "\n# TYPE " + name_ + " " + std::string(type) + "\n";
  }
  void sample(const Labels& labels, double value) { line(name_, labels, value); }
  void histogram(const Labels& labels, const Durations& durations) {
    std::uint64_t count = 0;
    for (std::size_t at = 0; at < durations.counts().size(); ++at) {
      count += durations.counts()[at];
      Labels with_bound = labels;
      with_bound.emplace_back("le", at < kDurationBounds.size() ? number(kDurationBounds[at]) : "+Inf");
      line(name_ + "_bucket", with_bound, static_cast<double>(count));
    }
    summary(labels, durations);
  }
  void summary(const Labels& labels, const Durations& durations) {
    line(name_ + "_sum", labels, durations.sum());
    line(name_ + "_count", labels, static_cast<double>(durations.count()));
  }
  std::string text() { return std::move(text_); }

 private:
  void line(const std::string& name, const Labels& labels, double value) {
    text_ += name;
    for (std::size_t at = 0; at < labels.size(); ++at) {
      text_ += (at == 0 ? "{" : ",") + std::string(labels[at].first) + "=" + label_value(labels[at].second);
    }
    text_ += (labels.empty() ? " " : "} ") + number(value) + "\n";
  }

  std::string name_;
  std::string text_;
};

constexpr JobOutcome kJobOutcomes[] = {
    JobOutcome::deployed,    JobOutcome::unchanged, JobOutcome::partial, JobOutcome::failed,  JobOutcome::drifted,
    JobOutcome::credentials, JobOutcome::invalid,   JobOutcome::held,    JobOutcome::stopped, JobOutcome::superseded};
constexpr deploy::FlowOutcome kFlowOutcomes[] = {deploy::FlowOutcome::deployed,  deploy::FlowOutcome::deleted,
                                                 deploy::FlowOutcome::unchanged, deploy::FlowOutcome::failed,
                                                 deploy::FlowOutcome::skipped,   deploy::FlowOutcome::drifted,
                                                 deploy::FlowOutcome::restored};

template <typename Key, typename Value>
Value found(const std::map<Key, Value>& values, const Key& key) {
  const auto at = values.find(key);
  return at == values.end() ? Value() : at->second;
}

/// The samples of one metric for one environment.
class Samples {
 public:
  Samples(Exposition& out, const EnvironmentId& id)
      : out_(out), labels_{{"repository", id.repository}, {"environment", id.environment}} {}

  template <typename Number>
  void add(Number value) {
    out_.sample(labels_, static_cast<double>(value));
  }
  template <typename Number>
  void add(Number value, std::string_view label, std::string_view text) {
    out_.sample(with(label, text), static_cast<double>(value));
  }
  void summary(const Durations& durations) { out_.summary(labels_, durations); }

 private:
  Labels with(std::string_view label, std::string_view text) const {
    Labels labels = labels_;
    labels.emplace_back(label, std::string(text));
    return labels;
  }

  Exposition& out_;
  Labels labels_;
};

struct Metric {
  std::string_view name;
  std::string_view type;
  std::string_view help;
  void (*write)(const EnvironmentStatus& environment, Samples& samples);
};

void write_drift(const EnvironmentStatus& environment, Samples& samples) {
  if (!environment.drift || !environment.drift->error.empty()) return;
  samples.add(environment.drift->drifted.size(), "state", "drifted");
  samples.add(environment.drift->missing.size(), "state", "missing");
  samples.add(environment.drift->unmanaged.size(), "state", "unmanaged");
  samples.add(environment.drift->unknown.size(), "state", "unknown");
}

using Status = const EnvironmentStatus&;

/// Null unless it waits for another deployment.
const LeaseWait* lease_of(Status environment) {
  return environment.waiting && environment.waiting->lease ? &*environment.waiting->lease : nullptr;
}

/// At most 40 series an environment, those of its repository included.
constexpr Metric kEnvironmentMetrics[] = {
    {"deployments_total", "counter", "Finished deployment jobs by outcome.",
     [](Status one, Samples& samples) {
       for (const JobOutcome outcome : kJobOutcomes) {
         samples.add(found(one.tally.jobs, outcome), "outcome", to_text(outcome));
       }
     }},
    {"flows_total", "counter", "Flows in deployments by outcome.",
     [](Status one, Samples& samples) {
       for (const deploy::FlowOutcome outcome : kFlowOutcomes) {
         samples.add(found(one.tally.flows, outcome), "outcome", to_text(outcome));
       }
     }},
    {"requests_total", "counter", "Import and delete requests to the service by outcome.",
     [](Status one, Samples& samples) {
       samples.add(one.tally.requests_ok, "outcome", "ok");
       samples.add(one.tally.requests_failed, "outcome", "failed");
     }},
    {"retries_total", "counter", "Jobs that retried a failed commit.",
     [](Status one, Samples& samples) { samples.add(one.tally.retries); }},
    {"until_deployed_seconds", "summary", "Time from the request of a deployment to its success.",
     [](Status one, Samples& samples) { samples.summary(one.tally.until_deployed); }},
    {"queue_length", "gauge", "Waiting jobs.", [](Status one, Samples& samples) { samples.add(one.waiting ? 1 : 0); }},
    {"waiting_for_lease", "gauge", "1 while another deployment holds the environment.",
     [](Status one, Samples& samples) { samples.add(lease_of(one) == nullptr ? 0 : 1); }},
    {"waiting_for_lease_since_timestamp_seconds", "gauge", "Since when, and who holds it.",
     [](Status one, Samples& samples) {
       if (const LeaseWait* lease = lease_of(one)) samples.add(seconds_of(lease->since), "holder", lease->holder);
     }},
    {"running_jobs", "gauge", "Running jobs.", [](Status one, Samples& samples) { samples.add(one.running ? 1 : 0); }},
    {"failing", "gauge", "1 while deployments fail.",
     [](Status one, Samples& samples) { samples.add(one.failing_since ? 1 : 0); }},
    {"last_success_timestamp_seconds", "gauge", "Time of the last successful job.",
     [](Status one, Samples& samples) {
       if (one.last_success) samples.add(seconds_of(*one.last_success));
     }},
    {"deployed_timestamp_seconds", "gauge", "Time of the last deployment.",
     [](Status one, Samples& samples) {
       if (one.deployed) samples.add(seconds_of(one.deployed->time));
     }},
    {"deployed_info", "gauge", "The deployed commit.",
     [](Status one, Samples& samples) {
       if (one.deployed) samples.add(1, "commit", one.deployed->commit.id);
     }},
    {"deployed_flows", "gauge", "Deployed flows.",
     [](Status one, Samples& samples) {
       if (one.deployed) samples.add(one.deployed->flows);
     }},
    {"drift_flows", "gauge", "Flows that differ between the service and the ledger, by state.", write_drift},
    {"drift_check_timestamp_seconds", "gauge", "Time of the last drift check.",
     [](Status one, Samples& samples) {
       if (one.drift) samples.add(seconds_of(one.drift->checked));
     }},
    {"drift_checks_total", "counter", "Drift checks.",
     [](Status one, Samples& samples) { samples.add(one.tally.drift_checks); }},
};

/// A histogram has too many series to have one for each environment.
void write_durations(const DaemonStatus& status, Exposition& out) {
  out.family("deployment_duration_seconds", "histogram", "Duration of deployment jobs by outcome.");
  for (const JobOutcome outcome : kJobOutcomes) {
    Durations durations;
    for (const EnvironmentStatus& one : status.environments) durations.add(found(one.tally.durations, outcome));
    out.histogram({{"outcome", std::string(to_text(outcome))}}, durations);
  }
}

void write_repositories(const DaemonStatus& status, Exposition& out) {
  out.family("mirror_reachable", "gauge", "1 while the repository can be fetched.");
  for (const MirrorStatus& mirror : status.mirrors) {
    out.sample({{"repository", mirror.repository}}, mirror.reachable ? 1 : 0);
  }
  out.family("fetches_total", "counter", "Fetches of the repository by outcome.");
  for (const MirrorStatus& mirror : status.mirrors) {
    out.sample({{"repository", mirror.repository}, {"outcome", "ok"}}, static_cast<double>(mirror.fetches));
    out.sample({{"repository", mirror.repository}, {"outcome", "failed"}}, static_cast<double>(mirror.failed_fetches));
  }
}

}  // namespace

std::string metrics_text(const DaemonStatus& status, Time now) {
  Exposition out;
  out.family("build_info", "gauge", "The running version.");
  out.sample({{"version", std::string(version())}}, 1);
  out.family("start_time_seconds", "gauge", "Start of the process.");
  out.sample({}, seconds_of(status.started));
  out.family("ready", "gauge", "1 while /readyz reports ready.");
  out.sample({}, health_of(status, now).ready ? 1 : 0);
  for (const Metric& metric : kEnvironmentMetrics) {
    out.family(metric.name, metric.type, metric.help);
    for (const EnvironmentStatus& environment : status.environments) {
      Samples samples(out, environment.id);
      metric.write(environment, samples);
    }
  }
  write_durations(status, out);
  write_repositories(status, out);
  out.family("webhook_deliveries_total", "counter", "Webhook deliveries by forge and outcome.");
  for (const auto& [what, count] : status.deliveries) {
    out.sample({{"forge", what.first}, {"outcome", what.second}}, static_cast<double>(count));
  }
  out.family("notices_total", "counter", "Notifications by outcome.");
  out.sample({{"outcome", "sent"}}, static_cast<double>(status.notices_sent));
  out.sample({{"outcome", "lost"}}, static_cast<double>(status.notices_lost));
  return out.text();
}

}  // namespace flowship::daemon
