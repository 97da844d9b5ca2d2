// Prints what the published schemas of Kubernetes find wrong in each object of a YAML file.
//
//   node kubernetes.mjs NODE_MODULES FILE

import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const [tools, file] = process.argv.slice(2);
const require = createRequire(`${tools}/`);
const yaml = require("yaml");

let faults = 0;
for (const document of yaml.parseAllDocuments(readFileSync(file, "utf8"), {strict: true, uniqueKeys: true})) {
  const object = document.toJS();
  if (object === null) continue;
  const {[object.kind]: Model} = require(`kubernetes-models/${object.apiVersion}/${object.kind}`);
  try {
    new Model(object).validate();
  } catch (error) {
    faults += 1;
    console.log(`${object.kind} ${object.metadata?.name}: ${error.message}`);
  }
}
process.exitCode = faults ? 1 : 0;
