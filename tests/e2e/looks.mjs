// Looks at pages in light and dark, at two widths, in a real browser, and writes what is wrong with each as JSON:
// looks.mjs NODE_MODULES CHROMIUM FOLDER < {"pages": {"name": "url"}, "headers": {}}
// A picture of each is kept in FOLDER.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const [modules, executablePath, folder] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const {chromium} = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const {pages, headers} = JSON.parse(readFileSync(0, "utf8"));

/// What sticks out of the page, or of its own box.
function measured() {
  const wrong = [];
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) wrong.push(`${over} pixels wider than the window`);
  for (const element of document.querySelectorAll("body *:not(svg *):not(.unseen):not(.skip):not(.change)")) {
    const style = getComputedStyle(element);
    const hides = ["hidden", "clip"].includes(style.overflowX) || style.textOverflow === "ellipsis";
    if (hides && element.scrollWidth > element.clientWidth + 1) wrong.push(`cut: ${element.outerHTML.slice(0, 120)}`);
    if (element.closest(".canvas")) continue;
    const {right, width} = element.getBoundingClientRect();
    if (width > 0 && right > innerWidth + 1) wrong.push(`sticks out: ${element.outerHTML.slice(0, 120)}`);
  }
  // A drawing begins at its change.
  for (const change of document.querySelectorAll(".canvas .change")) {
    const place = change.getBoundingClientRect();
    const canvas = change.closest(".canvas").getBoundingClientRect();
    const isIn = place.left >= canvas.left && place.right <= canvas.right && place.top >= canvas.top &&
      place.bottom <= canvas.bottom;
    if (canvas.width > 0 && !isIn) wrong.push(`the change is out of view: ${change.closest(".canvas").id}`);
  }
  return wrong;
}

/// Follows the link to a drawing's full size, where there is one: what is wrong then.
async function unfitted(page) {
  const link = page.locator("a.full:visible").first();
  if (await link.count() === 0) return [];
  await link.click();
  return page.evaluate(() => {
    const drawing = document.querySelector(".canvas:target svg");
    const natural = Number(drawing.getAttribute("width"));
    return Math.abs(drawing.getBoundingClientRect().width - natural) < 1 ? [] : ["its full size is not the drawing's"];
  });
}

/// What Tab does not reach.
async function unreached(page) {
  const count = await page.evaluate(() => {
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary, [tabindex='0']")];
    const visible = all.filter((element) => element.checkVisibility());
    visible.forEach((element, index) => { element.dataset.number = index; });
    return visible.length;
  });
  const reached = new Set();
  for (let press = 0; press < count + 3; ++press) {
    await page.keyboard.press("Tab");
    const number = await page.evaluate(() => document.activeElement?.dataset.number);
    if (number !== undefined) reached.add(number);
  }
  return count - reached.size;
}

const browser = await chromium.launch({executablePath, args: ["--no-sandbox", "--disable-gpu"]});
const seen = {};
for (const [name, url] of Object.entries(pages)) {
  for (const width of [1280, 390]) {
    for (const colorScheme of ["light", "dark"]) {
      // axe is put into the page, which its policy would not allow.
      const context = await browser.newContext(
        {viewport: {width, height: 900}, colorScheme, extraHTTPHeaders: headers, bypassCSP: true});
      const page = await context.newPage();
      await page.goto(url);
      await page.waitForTimeout(600);
      await page.screenshot({path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true});
      const wrong = await page.evaluate(measured);
      await page.evaluate(axe);
      const {violations} = await page.evaluate(() => globalThis.axe.run());
      for (const {id, nodes} of violations) {
        for (const node of nodes) wrong.push(`${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`);
      }
      const missed = await unreached(page);
      if (missed > 0) wrong.push(`${missed} can't be reached by Tab`);
      wrong.push(...await unfitted(page));
      seen[`${name}-${width}-${colorScheme}`] = wrong;
      await context.close();
    }
  }
}
await browser.close();
console.log(JSON.stringify(seen));
