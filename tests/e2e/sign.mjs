// Signs payloads as git hosts do, with programs of others: reads {sender, secret, payload, …} from standard input, and
// writes what is to be sent, {body, signature}. For GitHub the payload is laid over one of GitHub's own examples.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {pathToFileURL} from "node:url";

const [modules] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const {sender, secret, payload, id, time} = JSON.parse(readFileSync(0, "utf8"));

const senders = {
  async github() {
    const {Webhooks} = await import(pathToFileURL(`${modules}/@octokit/webhooks/dist-bundle/index.js`));
    const examples = require("@octokit/webhooks-examples").find(({name}) => name === "push").examples;
    const body = JSON.stringify({...examples[0], ...payload});
    return {body, signature: await new Webhooks({secret}).sign(body)};
  },
  async standard() {
    const {Webhook} = require("standardwebhooks");
    const body = JSON.stringify(payload);
    return {body, signature: new Webhook(secret).sign(id, new Date(time * 1000), body)};
  },
};
console.log(JSON.stringify(await senders[sender]()));
