#include "cli/environments.hpp"

#include "base/text/printable.hpp"
#include "cli/workspace.hpp"

#include <algorithm>
#include <array>

namespace flowship::cli {

ExitCode worse(ExitCode one, ExitCode other) {
  constexpr std::array kFromBest{ExitCode::done,    ExitCode::changes,     ExitCode::drifted,   ExitCode::failed,
                                 ExitCode::invalid, ExitCode::partial,     ExitCode::held,      ExitCode::credentials,
                                 ExitCode::usage,   ExitCode::interrupted, ExitCode::terminated};
  const auto place = [&](ExitCode code) { return std::find(kFromBest.begin(), kFromBest.end(), code); };
  return place(one) < place(other) ? other : one;
}

std::vector<std::string> all_environments(const Options& options) {
  if (!options.environment.empty()) throw usage_error("--all and --env are mutually exclusive");
  const git::Repository repository = open_repository(options);
  std::vector<std::string> names;
  for (const auto& [name, environment] :
       deploy::load_config(chosen_revision(repository, options), options.config_file).environments) {
    names.push_back(name);
  }
  return names;
}

Error noted(const Invocation& invocation, const std::string& environment, Error error) {
  if (error.fault() == Fault::interrupted || error.fault() == Fault::terminated) throw error;
  error = masked(error);
  Error named = error;
  named.within("environment `" + printable(environment) + "`");
  invocation.err << report::error_text(named, {.colour = false, .quiet = false, .verbose = false});
  return error;
}

}  // namespace flowship::cli
