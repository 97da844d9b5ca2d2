// Keeps the page up to date: polls the status and loads the new content when it has changed. Open details and the
// focus are kept, and what happened is announced to screen readers.
"use strict";

const kPause = 2000;

function relative(date) {
  const seconds = Math.round((Date.now() - date) / 1000);
  const format = new Intl.RelativeTimeFormat("en", {numeric: "auto"});
  for (const [unit, length] of [["day", 86400], ["hour", 3600], ["minute", 60]]) {
    if (Math.abs(seconds) >= length) return format.format(-Math.trunc(seconds / length), unit);
  }
  if (Math.abs(seconds) < 10) return seconds < 0 ? "in a moment" : "just now";
  return format.format(-seconds, "second");
}

function showTimes() {
  for (const time of document.querySelectorAll("time")) {
    const date = new Date(time.dateTime);
    time.title = date.toLocaleString();
    time.textContent = relative(date);
  }
}

/// Scrolls drawings to where they are looked at first. The page's policy allows no styles of its own.
function showStarts() {
  for (const canvas of document.querySelectorAll(".canvas")) {
    const [left, top] = [canvas.dataset.left, canvas.dataset.top].map((share) => parseFloat(share) / 100);
    canvas.scrollTo(left * canvas.scrollWidth - canvas.clientWidth / 2, top * canvas.scrollHeight - canvas.clientHeight / 2);
  }
}

/// Those like the element that has the focus: links to the same place, or the summary of the same details.
function alike(main, focused) {
  const key = (element) => element.getAttribute("href") ?? element.parentElement.id;
  return [...main.querySelectorAll("a[href], summary")].filter((one) => key(one) === key(focused));
}

function takeOver(fresh) {
  const main = document.getElementById("main");
  const open = new Set([...main.querySelectorAll("details[open]")].map((details) => details.id));
  const focused = main.contains(document.activeElement) ? document.activeElement : main;
  const place = alike(main, focused).indexOf(focused);
  const next = fresh.getElementById("main");
  for (const details of next.querySelectorAll("details")) details.open = open.has(details.id);
  main.replaceChildren(...next.childNodes);
  main.dataset.version = next.dataset.version;
  document.getElementById("summary").replaceChildren(...fresh.getElementById("summary").childNodes);
  if (place >= 0) alike(main, focused)[place]?.focus({preventScroll: true});
  showTimes();
}

function outcomes(status) {
  return new Map(status.environments.map(({key, recent}) => [key, recent[0]]));
}

/// The jobs that finished since then, in words.
function news(before, now) {
  return [...now].filter(([key, job]) => job && before.has(key) && before.get(key)?.finished !== job.finished)
    .map(([key, job]) => `${key}: ${job.outcome}, ${job.subject ?? job.target}`).join(". ");
}

let before = null;

async function look() {
  const main = document.getElementById("main");
  const link = document.getElementById("link");
  try {
    const answer = await fetch(`/api/status${location.search}`, {cache: "no-store"});
    if (!answer.ok) throw new Error(answer.status);
    const status = await answer.json();
    const now = outcomes(status);
    link.textContent = "";
    if (String(status.version) !== main.dataset.version) {
      const page = await fetch(`/${location.search}`, {cache: "no-store"});
      if (!page.ok) throw new Error(page.status);
      takeOver(new DOMParser().parseFromString(await page.text(), "text/html"));
      const text = before ? news(before, now) : "";
      if (text) document.getElementById("news").textContent = text;
    }
    before = now;
  } catch {
    link.textContent = "Connection lost; showing the last known state.";
  }
  showTimes();
  setTimeout(look, document.hidden ? 5 * kPause : kPause);
}

showTimes();
showStarts();
addEventListener("hashchange", showStarts);
if (document.getElementById("main")?.dataset.version) look();
