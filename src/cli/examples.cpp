// Examples for the help of commands. A test parses every one of them.

#include "cli/command.hpp"

namespace flowship::cli {

namespace {

constexpr Example kExamples[] = {
    {"flowship init", "asks a few questions"},
    {"flowship init --yes", "takes the proposed answers"},
    {"flowship validate", "checks the working tree"},
    {"flowship validate --staged", "checks what the next commit has"},
    {"flowship validate --format sarif --report json=findings.json", "for code scanning, and for a script"},
    {"flowship validate --baseline baseline.json", "reports new findings only"},
    {"flowship plan", "what deploying HEAD would do"},
    {"flowship plan --worktree 'sign-*'", "the flows of the working tree that begin so"},
    {"flowship plan --check-drift --exit-code", "for a nightly check: 5 is drift, 2 is changes"},
    {"flowship plan --format html --out plan.html", "both versions, drawn side by side"},
    {"flowship plan --out plan.json", "saves it for `flowship deploy --plan plan.json`"},
    {"flowship diff", "what git diff shows, in the flows' own terms"},
    {"flowship diff --staged", "what the next commit changes"},
    {"flowship diff main HEAD --format markdown", "for a pull request"},
    {"flowship deploy", "deploys HEAD"},
    {"flowship deploy --env staging --yes", "to one of several environments, without a question"},
    {"flowship deploy --atomic", "restores what was sent if a flow fails"},
    {"flowship deploy --plan plan.json", "what was reviewed, or nothing"},
    {"flowship deploy sign-in --on-drift overwrite", "restores a flow that was edited in the console"},
    {"flowship status", "asks the service"},
    {"flowship status --all --exit-code", "every environment; the worst code counts"},
    {"flowship status --offline", "what the ledger says"},
    {"flowship history --verbose", "with times and reasons"},
    {"flowship rollback", "to the deployment before the last"},
    {"flowship rollback 1a2b3c4d", "to that record of `flowship history`"},
    {"flowship rollback --to-before 1a2b3c4d", "undoes that deployment, console edits included"},
    {"flowship promote --from staging --to production", "exactly what staging has"},
    {"flowship render sign-in", "task by task"},
    {"flowship render sign-in --format svg", "as the console draws it"},
    {"flowship paths sign-in", "every way to a session, with its factors"},
    {"flowship paths sign-in --limit 10 --format json", "the ten shortest"},
    {"flowship unlock --env production", "names the holder, and asks"},
    {"flowship pull", "merges console edits into the working tree"},
    {"flowship pull sign-in --theirs", "where both sides changed the same, the console's version"},
    {"flowship pull --layout exported", "new flows get one file each"},
    {"flowship convert sign-in.json flows/sign-in --layout snapshot", "an exported file becomes a folder"},
    {"flowship convert flows/sign-in -", "writes it to standard output"},
    {"flowship merge BASE OURS THEIRS", "as git calls it: merge.flowship.driver"},
    {"flowship hook install", "pre-commit and pre-push"},
    {"flowship hook install pre-receive --chain", "on a server, after the hook that is there"},
    {"flowship serve --config flowshipd.json", "in the foreground"},
    {"flowship serve --config flowshipd.json --check", "only checks the file"},
    {"flowship sandbox --port 8899", "any well-formed project id and key will do"},
    {"flowship sandbox --fail 503:2@export --latency 100", "fails two exports, and is slow"},
    {"flowship demo", "waits for a key before each step"},
    {"flowship explain no-end", "one rule"},
    {"flowship completion bash", "for: source <(flowship completion bash)"},
    {"flowship help man", "for: flowship help man | man -l -"},
};

}  // namespace

std::vector<Example> examples_of(std::string_view command) {
  std::vector<Example> examples;
  for (const Example& example : kExamples) {
    const std::string_view rest = example.line.substr(std::string_view("flowship ").size());
    if (rest.substr(0, rest.find(' ')) == command) examples.push_back(example);
  }
  return examples;
}

}  // namespace flowship::cli
