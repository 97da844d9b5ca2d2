// Reads drawings with the programs that they are for, and ends with 1 where one is refused:
// drawings.mjs NODE_MODULES FILE.mermaid… FILE.dot…
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const [modules, ...files] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const viz = await require("@viz-js/viz").instance();
// Mermaid looks for a page.
const {JSDOM} = require("jsdom");
const {window} = new JSDOM("");
Object.assign(globalThis, {window, document: window.document});
const {default: mermaid} = await import(pathToFileURL(`${modules}/mermaid/dist/mermaid.core.mjs`));

for (const file of files) {
  const text = readFileSync(file, "utf8");
  try {
    if (file.endsWith(".dot")) {
      // Back comes the layout: each node with its label as Graphviz understood it.
      const {objects = []} = viz.renderJSON(text);
      console.log(JSON.stringify(objects.map(({label}) => label)));
    } else {
      console.log(JSON.stringify(await mermaid.parse(text)));
    }
  } catch (error) {
    console.error(`${file}: ${error.message ?? error}`);
    process.exitCode = 1;
  }
}
