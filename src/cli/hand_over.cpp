// The commands that talk to the service, play it, or write flows as it takes them, as the everyday program has them:
// each goes to flowship-online, where the same names are the real thing. So what runs at every commit never loads Poco,
// whose libraries take the loader as long as a plan takes; git keeps git-remote-https apart for the same reason.

#include "base/error.hpp"
#include "base/printable.hpp"
#include "cli/hook.hpp"
#include "cli/run.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <unistd.h>
#include <vector>

namespace flowship::cli {

namespace {

/// Beside the program, where both were built, and where they are installed.
std::filesystem::path online_program() {
  const std::filesystem::path here = std::filesystem::read_symlink("/proc/self/exe").parent_path();
  const std::array<std::filesystem::path, 2> places = {here / "flowship-online",
                                                       here / FLOWSHIP_ONLINE_FOLDER / "flowship-online"};
  for (const std::filesystem::path& place : places) {
    if (::access(place.c_str(), X_OK) == 0) return place;
  }
  throw Error("flowship-online, the part of flowship that talks to the service, is not where it belongs: " +
                  printable(places.back().lexically_normal().string()),
              "install flowship as a whole; a copy of the one file `flowship` works offline only");
}

/// Goes on as flowship-online: the same process, with the same command line, standard input untouched.
ExitCode hand_over(const Invocation& invocation) {
  const std::string program = online_program().string();
  // execv takes what it does not change for changeable.
  std::vector<char*> arguments{const_cast<char*>("flowship")};
  for (const std::string& word : invocation.words) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  throw Error("cannot start " + printable(program) + ": " + std::strerror(errno));
}

}  // namespace

ExitCode run_convert(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_deploy(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_deploy_of_push(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_plan_with_drift(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_post_receive(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_promote(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_pull(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_rollback(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_sandbox(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_serve(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_status(const Invocation& invocation) { return hand_over(invocation); }
ExitCode run_unlock(const Invocation& invocation) { return hand_over(invocation); }

}  // namespace flowship::cli
