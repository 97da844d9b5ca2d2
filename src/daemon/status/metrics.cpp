#include "daemon/status/metrics.hpp"

#include "base/text/utf8.hpp"
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
  for (const char character : valid_utf8(text)) {
    if (character == '\n') {
      result += "\\n";
      continue;
    }
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + "\"";
}

/// Writes the text, one family of samples after another.
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

constexpr JobOutcome kJobOutcomes[] = {JobOutcome::deployed, JobOutcome::unchanged, JobOutcome::partial,
                                       JobOutcome::failed,   JobOutcome::drifted,   JobOutcome::credentials,
                                       JobOutcome::invalid,  JobOutcome::held,      JobOutcome::stopped};
constexpr deploy::FlowOutcome kFlowOutcomes[] = {deploy::FlowOutcome::deployed, deploy::FlowOutcome::failed,
                                                 deploy::FlowOutcome::skipped, deploy::FlowOutcome::drifted,
                                                 deploy::FlowOutcome::restored};

template <typename Key, typename Value>
Value found(const std::map<Key, Value>& values, const Key& key) {
  const auto at = values.find(key);
  return at == values.end() ? Value() : at->second;
}

/// The metrics of all environments.
class Environments {
 public:
  Environments(const DaemonStatus& status, Exposition& out) : status_(status), out_(out) {}

  void write() {
    write_work();
    write_durations();
    write_queues();
    write_state();
    write_drift();
  }

 private:
  template <typename Each>
  void each(std::string_view name, std::string_view type, std::string_view help, Each sample) {
    out_.family(name, type, help);
    for (const EnvironmentStatus& environment : status_.environments) {
      sample(environment,
             Labels{{"repository", environment.id.repository}, {"environment", environment.id.environment}});
    }
  }

  static Labels with(Labels labels, std::string_view name, std::string_view value) {
    labels.emplace_back(name, std::string(value));
    return labels;
  }

  void write_work() {
    each("deployments_total", "counter", "Deployment jobs that are over, by outcome.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           for (const JobOutcome outcome : kJobOutcomes) {
             out_.sample(with(labels, "outcome", to_text(outcome)),
                         static_cast<double>(found(environment.tally.jobs, outcome)));
           }
         });
    each("flows_total", "counter", "Flows that deployments were about, by what became of them.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           for (const deploy::FlowOutcome outcome : kFlowOutcomes) {
             out_.sample(with(labels, "outcome", to_text(outcome)),
                         static_cast<double>(found(environment.tally.flows, outcome)));
           }
         });
    each("requests_total", "counter", "Import and delete requests to the service, by outcome.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           out_.sample(with(labels, "outcome", "ok"), static_cast<double>(environment.tally.requests_ok));
           out_.sample(with(labels, "outcome", "failed"), static_cast<double>(environment.tally.requests_failed));
         });
    each("retries_total", "counter", "Jobs that tried again what had failed before.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           out_.sample(labels, static_cast<double>(environment.tally.retries));
         });
    each("collapsed_jobs_total", "counter", "Waiting jobs that a newer commit took the place of.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           out_.sample(labels, static_cast<double>(environment.tally.collapsed));
         });
  }

  void write_durations() {
    each("deployment_duration_seconds", "histogram", "How long deployment jobs took, by outcome.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           for (const JobOutcome outcome : kJobOutcomes) {
             out_.histogram(with(labels, "outcome", to_text(outcome)), found(environment.tally.durations, outcome));
           }
         });
    each("until_deployed_seconds", "histogram", "From what asked for a deployment to its success.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           out_.histogram(labels, environment.tally.until_deployed);
         });
  }

  void write_queues() {
    each("queue_length", "gauge", "Jobs that wait.", [&](const EnvironmentStatus& environment, const Labels& labels) {
      out_.sample(labels, environment.waiting ? 1 : 0);
    });
    each("running_jobs", "gauge", "Jobs under way.", [&](const EnvironmentStatus& environment, const Labels& labels) {
      out_.sample(labels, environment.running ? 1 : 0);
    });
  }

  void write_state() {
    each("failing", "gauge", "1 while what should be deployed can not be.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           out_.sample(labels, environment.failing_since ? 1 : 0);
         });
    each("last_success_timestamp_seconds", "gauge", "When the last job succeeded.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           if (environment.last_success) out_.sample(labels, seconds_of(*environment.last_success));
         });
    each("deployed_timestamp_seconds", "gauge", "When what is deployed was deployed.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           if (environment.deployed) out_.sample(labels, seconds_of(environment.deployed->time));
         });
    each("deployed_info", "gauge", "The commit that is deployed.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           if (environment.deployed) out_.sample(with(labels, "commit", environment.deployed->commit.id), 1);
         });
    each("deployed_flows", "gauge", "How many flows are deployed.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           if (environment.deployed) out_.sample(labels, environment.deployed->flows);
         });
  }

  void write_drift() {
    each("drift_flows", "gauge", "Flows of which the service holds something else than the ledger, by how.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           if (!environment.drift || !environment.drift->error.empty()) return;
           out_.sample(with(labels, "state", "drifted"), static_cast<double>(environment.drift->drifted.size()));
           out_.sample(with(labels, "state", "missing"), static_cast<double>(environment.drift->missing.size()));
           out_.sample(with(labels, "state", "unmanaged"), static_cast<double>(environment.drift->unmanaged.size()));
         });
    each("drift_check_timestamp_seconds", "gauge", "When the service was last compared with the ledger.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           if (environment.drift) out_.sample(labels, seconds_of(environment.drift->checked));
         });
    each("drift_checks_total", "counter", "Comparisons of the service with the ledger.",
         [&](const EnvironmentStatus& environment, const Labels& labels) {
           out_.sample(labels, static_cast<double>(environment.tally.drift_checks));
         });
  }

  const DaemonStatus& status_;
  Exposition& out_;
};

void write_repositories(const DaemonStatus& status, Exposition& out) {
  out.family("mirror_reachable", "gauge", "1 while the repository can be fetched.");
  for (const MirrorStatus& mirror : status.mirrors) {
    out.sample({{"repository", mirror.repository}}, mirror.reachable ? 1 : 0);
  }
  out.family("fetches_total", "counter", "Fetches of the repository, by outcome.");
  for (const MirrorStatus& mirror : status.mirrors) {
    out.sample({{"repository", mirror.repository}, {"outcome", "ok"}}, static_cast<double>(mirror.fetches));
    out.sample({{"repository", mirror.repository}, {"outcome", "failed"}}, static_cast<double>(mirror.failed_fetches));
  }
}

}  // namespace

std::string metrics_text(const DaemonStatus& status, Time now) {
  Exposition out;
  out.family("build_info", "gauge", "The version that runs.");
  out.sample({{"version", std::string(version())}}, 1);
  out.family("start_time_seconds", "gauge", "When the process started.");
  out.sample({}, seconds_of(status.started));
  out.family("ready", "gauge", "1 while /readyz says so.");
  out.sample({}, health_of(status, now).ready ? 1 : 0);
  Environments(status, out).write();
  write_repositories(status, out);
  out.family("webhook_deliveries_total", "counter", "Webhook deliveries, by host and by what became of them.");
  for (const auto& [what, count] : status.deliveries) {
    out.sample({{"forge", what.first}, {"outcome", what.second}}, static_cast<double>(count));
  }
  out.family("notices_total", "counter", "Notices of successes and failures, by outcome.");
  out.sample({{"outcome", "sent"}}, static_cast<double>(status.notices_sent));
  out.sample({{"outcome", "lost"}}, static_cast<double>(status.notices_lost));
  return out.text();
}

}  // namespace flowship::daemon
