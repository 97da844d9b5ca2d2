#include "deploy/live/session.hpp"

#include "base/error.hpp"
#include "check/rules/secrets.hpp"

#include <utility>

namespace flowship::deploy {

std::optional<Error> other_project(const std::optional<LedgerEntry>& head, const Environment& environment,
                                   const std::string& project_id) {
  if (!head || project_id.empty() || head->record.project_id == project_id) return std::nullopt;
  return Error("the ledger of `" + environment.name + "` belongs to project " + head->record.project_id +
                   ", but the environment's project is now " + project_id,
               "configure another environment for the new project, or correct the project id");
}

api::Credentials credentials_of(const Workspace& workspace, const Connection& connection, const Context& context) {
  return resolve_credentials(workspace.environment, context.variables, connection.key_file);
}

std::string base_url(const Connection& connection, const std::string& project_id, const Context& context) {
  if (!connection.base_url.empty()) return connection.base_url;
  return context.variables("DESCOPE_BASE_URL").value_or(api::default_base_url(project_id));
}

api::ServiceOptions service_options(const Connection& connection, api::Credentials credentials,
                                    const Context& context) {
  api::ServiceOptions options;
  options.http.base_url = base_url(connection, credentials.project_id, context);
  options.http.connect_limit = connection.connect_limit;
  options.http.request_limit = connection.request_limit;
  options.http.ca_file = connection.ca_file;
  options.credentials = std::move(credentials);
  options.retry = connection.retry;
  options.urgency = connection.urgency;
  options.address = context.addresses->at(options.http.base_url);
  options.on_pause = [&progress = context.progress](const std::string& why) {
    progress.waiting(check::with_message_masked(why));
  };
  return options;
}

api::Service open_service(const Workspace& workspace, const Connection& connection, const Context& context) {
  api::Credentials credentials = credentials_of(workspace, connection, context);
  const std::optional<Error> wrong =
      other_project(workspace.ledger.head(), workspace.environment, credentials.project_id);
  if (wrong) throw Error(*wrong);
  return api::Service(service_options(connection, std::move(credentials), context), context.clock, context.stop);
}

Session open_session(Workspace& workspace, const Connection& connection, const Context& context) {
  api::Credentials credentials = credentials_of(workspace, connection, context);
  workspace.ledger.set_git_limit(connection.git_limit);
  workspace.ledger.fetch();
  std::optional<LedgerEntry> head = workspace.ledger.head();
  if (const std::optional<Error> wrong = other_project(head, workspace.environment, credentials.project_id)) {
    throw Error(*wrong);
  }
  return Session{
      .credentials = credentials,
      .service = api::Service(service_options(connection, credentials, context), context.clock, context.stop),
      .head = std::move(head)};
}

}  // namespace flowship::deploy
