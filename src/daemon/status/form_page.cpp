#include "daemon/status/form_page.hpp"

#include "daemon/status/html.hpp"

namespace flowship::daemon {

std::string form_page(const Form& form) {
  const html::Markup body = html::filled("form", {{"title", form.title},
                                                  {"question", form.question},
                                                  {"edits", html::list("edits", form.edits)},
                                                  {"button", form.button},
                                                  {"back", form.back},
                                                  {"action", form.action},
                                                  {"proof", form.proof}});
  return html::filled("page", {{"title", form.title + " · flowship"}, {"body", body}}).str();
}

std::string done_page(const Done& done) {
  const html::Markup body = html::filled("done", {{"title", done.title},
                                                  {"text", done.text},
                                                  {"warnings", html::list("edits", done.warnings)},
                                                  {"back", done.back}});
  return html::filled("page", {{"title", done.title + " · flowship"}, {"body", body}}).str();
}

}  // namespace flowship::daemon
