#include "base/error.hpp"
#include "cli/run.hpp"
#include "daemon/application.hpp"
#include "daemon/config/operator_config.hpp"

#include <filesystem>
#include <ostream>

namespace flowship::cli {

namespace {

/// Checks the operator's file without serving.
ExitCode check_config(const Invocation& invocation, const std::filesystem::path& file) {
  const daemon::OperatorConfig config = daemon::load_operator_config(file);
  std::size_t environments = 0;
  for (const auto& [name, repository] : config.repositories) environments += repository.environments.size();
  for (const std::string& weakness : daemon::weaknesses(config)) warn(invocation, weakness);
  if (invocation.format.name == "json") {
    invocation.out << "{\"schemaVersion\": 1, \"ok\": true, \"repositories\": " << config.repositories.size()
                   << ", \"environments\": " << environments << "}\n";
  } else {
    invocation.out << "The configuration is valid: repositories: " << config.repositories.size()
                   << ", environments: " << environments << ".\n";
  }
  return ExitCode::done;
}

}  // namespace

ExitCode run_serve(const Invocation& invocation) {
  const Options& options = invocation.options;
  if (!options.config_file) {
    throw usage_error("serve needs the operator's configuration", "flowship serve --config flowshipd.json");
  }
  if (!options.reports.empty()) throw usage_error("serve has no result for --report");
  const std::filesystem::path file = std::filesystem::absolute(*options.config_file);
  if (options.check) return check_config(invocation, file);
  const int code = daemon::serve({.config_file = file,
                                  .in_background = options.in_background,
                                  .pid_file = options.pid_file,
                                  .log_format = options.log_format},
                                 invocation.err);
  return code == 0 ? ExitCode::done : ExitCode::failed;
}

}  // namespace flowship::cli
