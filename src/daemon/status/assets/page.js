// Keeps the page as it is now: asks for the status, and takes the page's new content when something has changed. What
// is unfolded stays so, the focus stays where it is, and what happened is told to those who listen.
"use strict";

const kPause = 2000;

function relative(date) {
  const seconds = Math.round((Date.now() - date) / 1000);
  const format = new Intl.RelativeTimeFormat("en", {numeric: "auto"});
  for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= length) return format.format(-Math.trunc(seconds / length), unit);
  }
  return Math.abs(seconds) < 10 ? "just now" : format.format(-seconds, "second");
}

function showTimes() {
  for (const time of document.querySelectorAll("time")) {
    const date = new Date(time.dateTime);
    time.title = date.toLocaleString();
    time.textContent = relative(date);
  }
}

function takeOver(fresh) {
  const main = document.getElementById("main");
  const open = new Set([...main.querySelectorAll("details[open]")].map((details) => details.id));
  const focused = document.activeElement?.closest("details")?.id;
  const next = fresh.getElementById("main");
  for (const details of next.querySelectorAll("details")) details.open = open.has(details.id);
  main.replaceChildren(...next.childNodes);
  main.dataset.version = next.dataset.version;
  document.getElementById("summary").replaceChildren(...fresh.getElementById("summary").childNodes);
  if (focused) document.getElementById(focused)?.querySelector("summary").focus({preventScroll: true});
  showTimes();
}

function outcomes(status) {
  return new Map(status.environments.map(({key, recent}) => [key, recent[0]]));
}

/// What ended since then, in words.
function news(before, now) {
  return [...now].filter(([key, job]) => job && before.has(key) && before.get(key)?.finished !== job.finished)
    .map(([key, job]) => `${key}: ${job.outcome}, ${job.subject ?? job.target}`).join(". ");
}

let before = null;

async function look() {
  const main = document.getElementById("main");
  const link = document.getElementById("link");
  try {
    const answer = await fetch("/api/status", {cache: "no-store"});
    if (!answer.ok) throw new Error(answer.status);
    const status = await answer.json();
    const now = outcomes(status);
    link.textContent = "";
    if (String(status.version) !== main.dataset.version) {
      const page = await fetch("/", {cache: "no-store"});
      if (!page.ok) throw new Error(page.status);
      takeOver(new DOMParser().parseFromString(await page.text(), "text/html"));
      const told = before ? news(before, now) : "";
      if (told) document.getElementById("news").textContent = told;
    }
    before = now;
  } catch {
    link.textContent = "No connection; shown is what was last known.";
  }
  showTimes();
  setTimeout(look, document.hidden ? 5 * kPause : kPause);
}

showTimes();
if (document.getElementById("main")?.dataset.version) look();
