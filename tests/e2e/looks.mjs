// Looks at pages in light and dark, at two widths, in a real browser, and writes what is wrong with each as JSON:
// looks.mjs NODE_MODULES CHROMIUM FOLDER < {"pages": {"name": "url"}, "press": {"name": "button"}, "headers": {}}
// Where a page has a button to press, what that leads to is looked at. A picture of each is kept in FOLDER.
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";

const [modules, executablePath, folder] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const {chromium} = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const {pages, press, headers} = JSON.parse(readFileSync(0, "utf8"));

/// What sticks out of the page, or of its own box.
function measured() {
  const wrong = [];
  const over = document.documentElement.scrollWidth - innerWidth;
  if (over > 0) wrong.push(`${over} pixels wider than the window`);
  for (const element of document.querySelectorAll("body *:not(svg *):not(.unseen):not(.skip):not(.look):not(input)")) {
    const style = getComputedStyle(element);
    const hides = ["hidden", "clip"].includes(style.overflowX) || style.textOverflow === "ellipsis";
    if (hides && element.scrollWidth > element.clientWidth + 1) wrong.push(`cut: ${element.outerHTML.slice(0, 120)}`);
    if (element.closest(".canvas")) continue;
    const {right, width} = element.getBoundingClientRect();
    if (width > 0 && right > innerWidth + 1) wrong.push(`sticks out: ${element.outerHTML.slice(0, 120)}`);
  }
  // A drawing begins at a change, or where the flow starts.
  for (const canvas of document.querySelectorAll(".canvas")) {
    const {left, right, top, bottom, width} = canvas.getBoundingClientRect();
    const isIn = (task) => {
      const box = task.querySelector(".box").getBoundingClientRect();
      const middle = {x: box.left + box.width / 2, y: box.top + box.height / 2};
      return middle.x >= left && middle.x <= right && middle.y >= top && middle.y <= bottom;
    };
    const changed = [...canvas.querySelectorAll(".task.added, .task.changed, .task.removed, .task.avoided")];
    const hasChanges = canvas.querySelector(":is(.task, .arrow):is(.added, .changed, .removed, .avoided)") !== null;
    const wanted = hasChanges ? changed : [...canvas.querySelectorAll(".task.entry")];
    if (width > 0 && wanted.length > 0 && !wanted.some(isIn)) wrong.push(`begins elsewhere: ${canvas.id}`);
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

/// How many elements can have the focus, and which has it.
function focusable() {
  const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), summary, [tabindex='0']")];
  const visible = all.filter((element) => element.checkVisibility());
  return [visible.length, visible.indexOf(document.activeElement)];
}

/// What Tab does not reach.
async function unreached(page) {
  // The page may replace its content meanwhile.
  const [count] = await page.evaluate(focusable);
  const reached = new Set();
  for (let press = 0; press < count + 3; ++press) {
    await page.keyboard.press("Tab");
    const [, number] = await page.evaluate(focusable);
    if (number >= 0) reached.add(number);
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
      if (name in press) {
        const answered = Promise.any([page.waitForNavigation(), page.waitForEvent("download")]);
        await page.getByRole("button", {name: press[name]}).click();
        await answered;
      }
      await page.waitForTimeout(600);
      await page.screenshot({path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true});
      const wrong = await page.evaluate(measured);
      await page.evaluate(axe);
      const {violations} = await page.evaluate(() => globalThis.axe.run());
      for (const {id, nodes} of violations) {
        for (const node of nodes) wrong.push(`${id}: ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ""}`);
      }
      // Colours don't change what Tab reaches.
      const missed = colorScheme === "light" ? await unreached(page) : 0;
      if (missed > 0) wrong.push(`${missed} can't be reached by Tab`);
      wrong.push(...await unfitted(page));
      seen[`${name}-${width}-${colorScheme}`] = wrong;
      await context.close();
    }
  }
}
await browser.close();
console.log(JSON.stringify(seen));
