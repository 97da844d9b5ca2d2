// Looks at pages of the daemon in a real browser, and writes what it saw as JSON:
// browser.mjs NODE_MODULES CHROMIUM FOLDER < {"url", "profile", "flow"}
// After a line "watching" on standard output, it waits until the page has taken over a deployment of the commit whose
// subject is the next line of standard input.
import {createRequire} from "node:module";
import {createInterface} from "node:readline";

const [modules, executablePath, folder] = process.argv.slice(2);
const {chromium} = createRequire(`${modules}/`)("playwright-core");
const lines = createInterface({input: process.stdin})[Symbol.asyncIterator]();
const {url, profile, flow} = JSON.parse((await lines.next()).value);

const seen = {requests: [], complaints: [], wide: [], headings: [], alerts: 0};
const context = await chromium.launchPersistentContext(profile, {
  executablePath, headless: true, viewport: {width: 1440, height: 900},
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"],
});
const page = context.pages()[0] ?? await context.newPage();
page.on("request", (request) => seen.requests.push(request.url()));
page.on("console", (message) => ["error", "warning"].includes(message.type()) && seen.complaints.push(message.text()));
page.on("pageerror", (error) => seen.complaints.push(String(error)));
page.on("requestfailed", (request) => seen.complaints.push(`${request.url()}: ${request.failure().errorText}`));
page.on("dialog", (dialog) => { ++seen.alerts; dialog.dismiss(); });

async function shoot(name) {
  await page.screenshot({path: `${folder}/${name}.png`, fullPage: true});
}

async function shootAll(name) {
  for (const [kind, width] of [["wall", 1440], ["phone", 360]]) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({width, height: 900});
      await page.emulateMedia({colorScheme});
      await shoot(`${name}-${kind}-${colorScheme}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      if (over > 0) seen.wide.push(`${name}-${kind}: ${over} pixels`);
    }
  }
  await page.setViewportSize({width: 1440, height: 900});
  await page.emulateMedia({colorScheme: "light"});
}

await page.goto(url);
await page.keyboard.press("Tab");
seen.firstFocus = await page.evaluate(() => document.activeElement.textContent);
const first = page.locator(".jobs summary").first();
await first.focus();
await page.keyboard.press("Enter");
seen.unfolded = await page.locator(".jobs details[open]").count();
await page.locator(".card h2 a").first().focus();
console.log("watching");
const subject = (await lines.next()).value;
await page.locator(".deployed", {hasText: subject}).waitFor();
await page.locator("#news", {hasText: subject}).waitFor({state: "attached"});
seen.stillUnfolded = await page.locator(".jobs details[open]").count();
seen.focus = await page.evaluate(() => document.activeElement.getAttribute("href"));
seen.news = await page.locator("#news").textContent();
seen.landmarks = await page.evaluate(() => ["header", "main", "footer", "h1", "[aria-live]"].filter((one) => !document.querySelector(one)));
seen.text = await page.locator("main").innerText();
seen.scripts = await page.locator("main script").count();
await shootAll("status");
await page.goto(`${url}/flows/${flow}`);
seen.flow = await page.locator("svg.flow-drawing .task").count();
seen.flowText = await page.locator("main").innerText();
await shootAll("flow");
await context.close();
console.log(JSON.stringify(seen));
