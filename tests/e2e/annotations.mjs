// Writes the annotations that GitHub's own toolkit makes of findings: annotations.mjs NODE_MODULES FINDINGS.json
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const [modules, findings] = process.argv.slice(2);
const core = createRequire(`${modules}/`)("@actions/core");
const commands = {error: core.error, warning: core.warning, note: core.notice};
for (const {severity, message, properties} of JSON.parse(readFileSync(findings, "utf8"))) {
  commands[severity](message, properties);
}
