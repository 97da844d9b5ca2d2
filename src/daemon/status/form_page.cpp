#include "daemon/status/form_page.hpp"

#include "daemon/status/html.hpp"

namespace flowship::daemon {

std::string form_page(const Form& form, const EnvironmentStatus& environment) {
  const html::Markup body = html::filled("form", {{"title", form.title},
                                                  {"environment", html::link(environment)},
                                                  {"question", form.question},
                                                  {"edits", html::list("edits", form.edits)},
                                                  {"button", form.button},
                                                  {"back", html::path_of(environment)},
                                                  {"action", form.action},
                                                  {"proof", form.proof}});
  return html::filled("page", {{"title", form.title + " · flowship"}, {"body", body}}).str();
}

std::string message_page(const Message& message, const EnvironmentStatus* environment) {
  const html::Markup body = html::filled(
      "message", {{"title", message.title},
                  {"text", report::markup_words(message.text)},
                  {"warnings", html::list("edits", message.warnings)},
                  {"back", environment == nullptr ? html::filled("all-environments") : html::link(*environment)}});
  return html::filled("page", {{"title", message.title + " · flowship"}, {"body", body}}).str();
}

}  // namespace flowship::daemon
