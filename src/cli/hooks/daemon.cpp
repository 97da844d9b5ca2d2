#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/files/secret_file.hpp"
#include "base/text/printable.hpp"
#include "cli/hooks/hook.hpp"
#include "daemon/http/push.hpp"
#include "net/client.hpp"

#include <chrono>
#include <ostream>

namespace flowship::cli {

namespace {

/// The user's `git push` waits for it.
constexpr std::chrono::seconds kLimit{10};
constexpr int kForbidden = 403;

/// The address itself, or a file that the daemon writes it to.
std::string address_of(const std::string& setting) {
  if (!setting.starts_with('/')) return setting;
  std::string address = read_file(setting).value_or("");
  while (address.ends_with('\n')) address.pop_back();
  if (address.empty()) throw Error("no address of a daemon in " + printable(setting));
  return address;
}

std::string required(const git::Repository& repository, const std::string& name) {
  const std::optional<std::string> value = repository.config(name);
  if (!value)
    throw Error("`" + name + "` is not set in this repository's git configuration", "run: git config " + name + " …");
  return *value;
}

}  // namespace

bool has_daemon(const git::Repository& repository) { return repository.config("flowship.daemon").has_value(); }

ExitCode notify_daemon(const Invocation& invocation, const git::Repository& repository, const std::string& input) {
  try {
    const std::string name = required(repository, "flowship.daemonRepository");
    const Secret secret = read_secret_file(required(repository, "flowship.daemonSecretFile"), "file");
    net::ClientOptions options;
    options.base_url = address_of(required(repository, "flowship.daemon"));
    options.connect_limit = kLimit;
    options.request_limit = kLimit;
    net::Response answer;
    try {
      answer = net::Client(options).send(daemon::push_request(name, input, secret));
    } catch (const net::TransportError& error) {
      throw Error(error.message(), "check that the daemon runs, and that `flowship.daemon` names its address");
    }
    if (answer.status / 100 != 2) {
      while (answer.body.ends_with('\n')) answer.body.pop_back();
      throw Error("it responded with " + net::describe_status(answer) + ": " + printable(answer.body),
                  answer.status == kForbidden ? "compare `flowship.daemonRepository` and the file of "
                                                "`flowship.daemonSecretFile` with the daemon's flowshipd.json"
                                              : "");
    }
    invocation.err << "flowship: the daemon deploys this push\n";
    return ExitCode::done;
  } catch (Error& error) {
    error.within("the daemon could not be notified and will find this push at its next poll");
    invocation.err << report::error_text(error, {});
    return ExitCode::failed;
  }
}

}  // namespace flowship::cli
