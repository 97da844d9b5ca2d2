#include "cli/demo/stage.hpp"

#include "base/digest.hpp"
#include "base/error.hpp"
#include "base/files/files.hpp"
#include "base/random.hpp"
#include "base/text/printable.hpp"
#include "cli/terminal.hpp"
#include "json/document.hpp"
#include "net/client.hpp"

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <sstream>
#include <string_view>

namespace flowship::cli {

namespace {

sandbox::Options counting(std::atomic<int>& imports) {
  sandbox::Options options;
  options.on_served = [&imports](const sandbox::Served& served) {
    if (served.status == 200 && served.path.ends_with("/flow/import")) ++imports;
  };
  return options;
}

/// A command line as it is typed.
std::string typed(const std::vector<std::string>& command) {
  std::string text = "$";
  for (const std::string& word : command) {
    const bool is_plain = std::all_of(word.begin(), word.end(), [](char letter) {
      return std::isalnum(static_cast<unsigned char>(letter)) != 0 ||
             std::string_view("_./:=@~-").find(letter) != std::string_view::npos;
    });
    text += is_plain && !word.empty() ? " " + word : " '" + word + "'";
  }
  return text;
}

/// The lines that are not progress: `[3/7] sign-in deployed`.
std::string without_progress(const std::string& errors) {
  std::string text;
  std::istringstream lines(errors);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with('[')) text += line + "\n";
  }
  return text;
}

std::string replaced_once(const std::string& text, const std::string& from, const std::string& to,
                          const std::string& where) {
  const std::size_t at = text.find(from);
  if (at == std::string::npos || text.find(from, at + 1) != std::string::npos) {
    throw Error(where + " has not exactly one `" + from + "`", "please report this");
  }
  return std::string(text).replace(at, from.size(), to);
}

std::string made_up(char kind) { return std::string{kind, '2'} + hex(random_bytes(16)); }

}  // namespace

Stage::Stage(const Invocation& invocation, const StopSignal& stop)
    : invocation_(invocation),
      stop_(stop),
      is_watched_(is_watched()),
      sandbox_(counting(imports_)),
      address_(sandbox_.url()),
      folder_("flowship-demo"),
      own_(std::filesystem::read_symlink("/proc/self/exe")),
      repository_(folder_.path() / "login-flows"),
      project_id_(made_up('P')) {
  std::filesystem::create_directory(repository_);
  const char* const path = std::getenv("PATH");
  environment_ = {
      {"PATH", own_.parent_path().string() + ":" + (path == nullptr ? "/usr/bin:/bin" : path)},
      {"DESCOPE_PROJECT_ID", project_id_},
      {"DESCOPE_MANAGEMENT_KEY", made_up('K')},
      {"DESCOPE_BASE_URL", address_},
      {"NO_PROXY", "127.0.0.1"},
      {"no_proxy", "127.0.0.1"},
      {"GIT_CONFIG_GLOBAL", "/dev/null"},
      {"GIT_CONFIG_NOSYSTEM", "1"},
      {"CLICOLOR_FORCE", invocation.style.colour ? "1" : "0"},
      {"FLOWSHIP_ENV", std::nullopt},
  };
  for (const char* const role : {"AUTHOR", "COMMITTER"}) {
    environment_[std::string("GIT_") + role + "_NAME"] = "Ada Example";
    environment_[std::string("GIT_") + role + "_EMAIL"] = "ada@example.com";
  }
  for (const char* const variable : {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"})
    environment_[variable] = std::nullopt;
}

void Stage::scene(const std::string& text) {
  if (is_watched_) {
    const std::string prompt = "-- press a key to go on, q to end --";
    const std::optional<char> key = pressed_key(invocation_.out, "\n" + prompt, stop_);
    invocation_.out << "\r" << std::string(prompt.size(), ' ') << "\r" << std::flush;
    constexpr char kControlC = '\x03';
    if (!key || *key == 'q' || *key == kControlC) throw Error("ended", {}, Fault::interrupted);
  }
  if (stop_.requested()) throw Error("ended", {}, Fault::interrupted);
  invocation_.out << "\n== " << wrapped(text, text_columns(), 3, 3) << "\n" << std::flush;
}

void Stage::say(const std::string& text) { invocation_.out << text << "\n" << std::flush; }

ProcessResult Stage::run_in_repository(const std::vector<std::string>& command) const {
  std::vector<std::string> arguments = command;
  if (arguments.front() == "flowship") arguments.front() = own_.string();
  return run(
      {.arguments = arguments, .environment = environment_, .directory = repository_.string(), .stops = {&stop_}});
}

void Stage::show(const std::vector<std::string>& command, int expected) {
  say("\n" + typed(command));
  const ProcessResult done = run_in_repository(command);
  invocation_.out << done.output << without_progress(done.errors) << std::flush;
  if (done.status != expected) {
    throw Error("`" + command.front() + "` exited with " + std::to_string(done.status) + " instead of " +
                    std::to_string(expected),
                "please report this");
  }
}

void Stage::run_silently(const std::vector<std::string>& command) {
  const ProcessResult done = run_in_repository(command);
  if (done.status != 0) throw Error(typed(command) + " failed: " + printable(done.errors));
}

void Stage::write(const std::string& path, std::string_view text) {
  const std::filesystem::path file = repository_ / path;
  std::filesystem::create_directories(file.parent_path());
  write_file_atomically(file, std::string(text));
}

void Stage::replace(const std::string& path, const std::string& from, const std::string& to) {
  const std::string text = read_file(repository_ / path).value_or("");
  write_file_atomically(repository_ / path, replaced_once(text, from, to, path));
}

void Stage::edit_in_console(const std::string& flow_id, const std::string& from, const std::string& to) {
  net::ClientOptions options;
  options.base_url = address_;
  net::Client client(options);
  const json::DocumentPtr held =
      json::Document::parse(client.send({.target = "/_sandbox/flows", .headers = {}, .body = {}}).body, "the sandbox");
  for (const json::Value entry : held->root().find(project_id_).items()) {
    if (!entry.find("id").is_string(flow_id)) continue;
    const std::string edited = replaced_once(std::string(entry.find("flow").text()), from, to, flow_id);
    net::Headers headers;
    headers.add("Content-Type", "application/json");
    client.send({.method = "PUT",
                 .target = "/_sandbox/flows/" + project_id_ + "/" + flow_id,
                 .headers = headers,
                 .body = edited});
    return;
  }
  throw Error("the sandbox has no flow " + flow_id, "please report this");
}

void Stage::expect_imports(int expected) {
  say("(flows that the sandbox has received so far: " + std::to_string(imports_.load()) + ")");
  if (imports_ != expected) throw Error("expected " + std::to_string(expected), "please report this");
}

}  // namespace flowship::cli
