// Presses buttons of the daemon's pages in a real browser that knows the status token, and writes where that led:
// press.mjs NODE_MODULES CHROMIUM < {"url", "token", "links": [text…], "button"}
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const [modules, executablePath] = process.argv.slice(2);
const {chromium} = createRequire(`${modules}/`)("playwright-core");
const {url, token, links, button} = JSON.parse(readFileSync(0, "utf8"));

const browser = await chromium.launch({executablePath, args: ["--no-sandbox", "--disable-gpu"]});
const context = await browser.newContext({httpCredentials: {username: "any", password: token}});
const page = await context.newPage();
await page.goto(url);
for (const name of links) await page.getByRole("link", {name, exact: true}).first().click();
const [answer] = await Promise.all([page.waitForNavigation(), page.getByRole("button", {name: button}).click()]);
console.log(JSON.stringify({status: answer.status(), url: page.url(), text: await page.locator("main").innerText()}));
await browser.close();
