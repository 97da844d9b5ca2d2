// Calls the service with its official SDK, unchanged: reads {baseUrl, projectId, managementKey, calls} from standard
// input, where a call is [function of management.flow, …arguments], and writes what each returned, as a list.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const [modules] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const {calls, ...options} = JSON.parse(readFileSync(0, "utf8"));
const silent = {log() {}, warn() {}, error() {}, debug() {}};

const createClient = require("@descope/node-sdk").default ?? require("@descope/node-sdk");
const {management} = createClient({...options, logger: silent});
const results = [];
for (const [name, ...values] of calls) {
  const {ok, code, data, error} = await management.flow[name](...values);
  results.push({ok, code, data, error});
}
console.log(JSON.stringify(results));
