// Runs the jobs of workflows, and actions made of steps, as GitHub's runner does: runner.mjs NODE_MODULES REQUEST.json
//
// The request names a workflow's file and job (`workflow`, `job`) or an action's folder (`action`, `with`), and what
// there is besides: `github`, `secrets`, `environment`, `workspace`, `temporary`, `actions` (an action's name in `uses`
// to its folder), `remote` (what a checkout clones). Prints as JSON how it ended, the steps, the log as people see it,
// and every command that the runner took from the log. Expressions are evaluated by GitHub's own library.
import {spawnSync} from "node:child_process";
import {cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync} from "node:fs";
import {createRequire} from "node:module";
import {join} from "node:path";
import {pathToFileURL} from "node:url";

const [modules, requestFile] = process.argv.slice(2);
const {Evaluator, Lexer, Parser, data} = await import(
  pathToFileURL(`${modules}/@actions/expressions/dist/index.js`).href);
const YAML = createRequire(`${modules}/`)("yaml");
const request = JSON.parse(readFileSync(requestFile, "utf8"));

const result = {conclusion: "success", steps: [], log: "", commands: [], path: []};
const masks = [];

function evaluate(expression, contexts, failed) {
  const answers = {always: true, cancelled: false, failure: failed, success: !failed};
  const functions = Object.entries(answers).map(
    ([name, value]) => ({name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value)}));
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(contexts), functions).parse();
  const known = JSON.parse(JSON.stringify(contexts), data.reviver);
  return new Evaluator(tree, known, new Map(functions.map((one) => [one.name, one]))).evaluate();
}

const filled = (value, contexts, failed) =>
  String(value ?? "").replace(/\$\{\{(.*?)\}\}/gs, (_, inner) => evaluate(inner, contexts, failed).coerceString());

const filledAll = (values, contexts) =>
  Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [name, filled(value, contexts, false)]));

function applies(step, contexts, failed) {
  if (step.if === undefined) return !failed;
  const bare = String(step.if).replace(/^\s*\$\{\{(.*)\}\}\s*$/s, "$1");
  const asks = /\b(always|cancelled|failure|success)\s*\(/.test(bare);
  const truth = evaluate(asks ? bare : `success() && (${bare})`, contexts, failed);
  const primitive = truth.kind === undefined ? truth : truth.value;
  return truth.primitive === false ? true : Boolean(primitive);
}

// What the runner takes from a step's log: commands at a line's start, `##[` anywhere, until they are stopped.
function readLog(text) {
  let word = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const found = line.match(/^\s*::([^\s:]+)([^:]*)::(.*)$/s) ?? line.match(/##\[([^\s\]]+)([^\]]*)\](.*)$/s);
    if (word !== null) {
      if (found && found[1] === word) word = null;
    } else if (found) {
      const [, name, properties, value] = found;
      result.commands.push({name, properties: properties.trim(), value});
      if (name === "stop-commands") word = value;
      if (name === "add-mask") masks.push(...unescaped(value).split(/\r\n|\r|\n/).filter(Boolean));
    }
  }
  const shown = text.split("\n").filter((line) => !line.startsWith("::add-mask::")).join("\n");
  result.log += masks.reduce((log, mask) => log.replaceAll(mask, "***"), shown);
}

const unescaped = (text) => text.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");

// NAME=VALUE, and NAME<<WORD, the value's lines, WORD.
function readValues(file) {
  const values = {};
  const lines = readFileSync(file, "utf8").split("\n");
  for (let at = 0; at < lines.length; ++at) {
    const [, name, separator, rest] = lines[at].match(/^([^=<]+)(=|<<)(.*)$/) ?? [];
    if (name === undefined) {
      if (lines[at] !== "") throw new Error(`${file}: invalid format '${lines[at]}'`);
    } else if (separator === "=") {
      values[name] = rest;
    } else {
      const end = lines.indexOf(rest, at + 1);
      if (end < 0) throw new Error(`${file}: no end of ${name}`);
      values[name] = lines.slice(at + 1, end).join("\n");
      at = end;
    }
  }
  return values;
}

function runScript(step, contexts, environment) {
  if (step.shell !== undefined && step.shell !== "bash") throw new Error(`a shell not known here: ${step.shell}`);
  const folder = mkdtempSync(join(request.temporary, "step-"));
  const file = (name) => {
    writeFileSync(join(folder, name), "");
    return join(folder, name);
  };
  const script = file("script.sh");
  writeFileSync(script, filled(step.run, contexts, false));
  const [outputs, path, summary] = [file("output"), file("path"), file("summary")];
  const strict = step.shell === "bash" ? ["--noprofile", "--norc", "-eo", "pipefail"] : ["-e"];
  const done = spawnSync("bash", [...strict, script], {
    cwd: join(request.workspace, filled(step["working-directory"] ?? ".", contexts, false)),
    encoding: "utf8", maxBuffer: 1 << 26, stdio: ["ignore", "pipe", "pipe"],
    env: {...request.environment, ...environment, ...filledAll(step.env, contexts), GITHUB_OUTPUT: outputs,
          GITHUB_STEP_SUMMARY: summary, GITHUB_ENV: file("env"), GITHUB_PATH: path}});
  readLog(done.stdout + done.stderr);
  const added = readFileSync(path, "utf8").split("\n").filter(Boolean);
  result.path.push(...added);
  request.environment.PATH = [...added.reverse(), request.environment.PATH].join(":");
  return {code: done.status, outputs: readValues(outputs), summary: readFileSync(summary, "utf8")};
}

function checkOut(given) {
  const branch = given.ref ?? request.github.ref_name;
  const done = spawnSync("git", ["clone", "--quiet", `--depth=${given["fetch-depth"] || 1}`, "--branch", branch,
                                 request.remote, request.workspace], {encoding: "utf8", env: request.environment});
  readLog(done.stderr);
  return {code: done.status, outputs: {}, summary: ""};
}

// actions/cache: what it keeps lies in the folder `caches`, and is put there when the job is over.
const kept = [];
function cache({path, key}) {
  const place = join(request.caches, key);
  const hit = existsSync(place);
  if (hit) cpSync(place, path, {recursive: true});
  else kept.push({path, place});
  return {code: 0, outputs: {"cache-hit": String(hit)}, summary: ""};
}

function runAction(folder, given, github) {
  const action = YAML.parse(readFileSync(join(folder, "action.yml"), "utf8"));
  const unknown = Object.keys(given).filter((name) => !(name in action.inputs));
  if (unknown.length > 0) throw new Error(`the action has no input ${unknown.join(", ")}`);
  const inputs = Object.fromEntries(Object.entries(action.inputs).map(
    ([name, {default: value, required}]) => {
      if (required && given[name] === undefined) throw new Error(`the input ${name} is required`);
      return [name, given[name] ?? value ?? ""];
    }));
  if (action.runs.steps.some((step) => step.run !== undefined && step.shell === undefined)) {
    throw new Error("a step of an action has to name its shell");
  }
  const contexts = {inputs, github: {...github, action_path: folder}, env: {}, runner: {temp: request.temporary}};
  const {code, steps, summary} = runSteps(action.runs.steps, contexts, {});
  const outputs = Object.fromEntries(Object.entries(action.outputs ?? {}).map(
    ([name, {value}]) => [name, filled(value, {...contexts, steps}, false)]));
  return {code, outputs, summary};
}

function runStep(step, contexts, environment) {
  if (step.run !== undefined) return runScript(step, contexts, environment);
  const given = filledAll(step.with, contexts);
  const [name] = step.uses.split("@");
  if (name === "actions/checkout") return checkOut(given);
  if (name === "actions/cache") return cache(given);
  if (!(name in request.actions)) throw new Error(`an action not known here: ${step.uses}`);
  return runAction(request.actions[name], given, contexts.github);
}

function runSteps(list, contexts, environment) {
  const steps = {};
  let failed = 0;
  let summary = "";
  for (const step of list) {
    const now = {...contexts, steps};
    const entry = {name: step.name ?? step.id ?? step.uses ?? "run", outcome: "skipped", outputs: {}};
    if (applies(step, now, failed !== 0)) {
      const done = runStep(step, now, {...environment, ...filledAll(step.env, now)});
      entry.outcome = done.code === 0 ? "success" : "failure";
      entry.outputs = done.outputs;
      summary += done.summary;
      if (done.code !== 0 && step["continue-on-error"] !== true) failed ||= done.code;
    }
    const tolerated = entry.outcome === "failure" && step["continue-on-error"] === true;
    if (step.id !== undefined) steps[step.id] = {...entry, conclusion: tolerated ? "success" : entry.outcome};
    result.steps.push(entry);
  }
  return {code: failed, steps, summary};
}

function runJob() {
  const workflow = YAML.parse(readFileSync(request.workflow, "utf8"));
  const job = workflow.jobs[request.job];
  const contexts = {github: request.github, secrets: request.secrets, vars: request.vars ?? {}, needs: {}, env: {},
                    runner: {temp: request.temporary}};
  if (!applies(job, contexts, false)) return {code: 0, outputs: {}, summary: "", skipped: true};
  contexts.env = filledAll({...workflow.env, ...job.env}, contexts);
  const {code, steps, summary} = runSteps(job.steps, contexts, contexts.env);
  return {code, outputs: filledAll(job.outputs, {...contexts, steps}), summary};
}

const done = request.workflow === undefined ? runAction(request.action, request.with, request.github) : runJob();
for (const {path, place} of kept) {
  if (done.code === 0 && existsSync(path)) cpSync(path, place, {recursive: true});
}
result.conclusion = done.skipped ? "skipped" : done.code === 0 ? "success" : "failure";
Object.assign(result, {code: done.code, outputs: done.outputs, summary: done.summary});
process.stdout.write(JSON.stringify(result));
