// The inbox: sends what is dropped, file by file, and shows each step as it comes. Without it the forms do the same.
const state = document.getElementById("state");
const line = document.getElementById("sending");
const token = document.querySelector("[name=form_token]").value;
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
const filled = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
document.documentElement.classList.add("has-script");
for (const one of document.querySelectorAll(".needs-script[hidden]:not([data-hidden])")) one.hidden = false;

// Sending

const queue = [];
let sent = 0, all = 0, senders = 0;

function say(text) { line.textContent = text; line.hidden = !text; }

function add(files) {
  if (!senders) { sent = 0; all = 0; }
  queue.push(...files);
  all += files.length;
  while (senders < 2 && senders < queue.length) { senders += 1; send(); }
}

async function send() {
  for (let next; (next = queue.shift());) {
    say(filled(line.dataset.sending, { done: sent + 1, all, name: next.name }));
    await sendOne(next);
    sent += 1;
  }
  senders -= 1;
  if (!senders) say(filled(line.dataset.sent, { count: sent }));
  refreshSoon();
}

// A file that was sent twice, because the answer was lost, is one file all the same: the second replaces the first.
async function sendOne({ file, name }) {
  for (let pause = 500; ; pause = Math.min(pause * 2, 5000)) {
    const form = new FormData();
    form.append("form_token", token);
    form.append("files", file, name);
    let answer;
    try {
      answer = await fetch("/inbox", { method: "POST", body: form, headers: { accept: "application/json" } });
      if (answer.status < 500) {
        const said = await answer.json();
        for (const one of said.refused || [{ name, why: said.detail || said.error }]) refuse(one.name, one.why);
        return;
      }
    } catch {
      if (!(await isThere(file))) { refuse(name, ""); return; }
    }
    say(line.dataset.waiting);
    await wait(pause);
  }
}

// A file that was moved away after it was dropped can never be sent.
async function isThere(file) {
  try { await file.slice(0, 1).arrayBuffer(); return true; } catch { return false; }
}

function refuse(name, why) {
  const box = document.getElementById("refused"), item = document.createElement("li"), strong = document.createElement("strong");
  strong.textContent = name;
  item.append(strong, " ", why);
  box.querySelector("ul").append(item);
  box.hidden = false;
}

async function walk(entry, into) {
  if (entry.isFile) {
    const file = await new Promise((done, fail) => entry.file(done, fail)).catch(() => null);
    if (file) into.push({ file, name: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = entry.createReader();
  for (let some; (some = await new Promise((done) => reader.readEntries(done, () => done([])))).length;) {
    for (const one of some) await walk(one, into);
  }
}

const named = (list) => [...list].map((file) => ({ file, name: file.webkitRelativePath || file.name }));
const form = document.getElementById("files-form");
form.addEventListener("submit", (event) => { event.preventDefault(); });
for (const input of form.querySelectorAll("input[type=file]")) {
  input.addEventListener("change", () => { add(named(input.files)); input.value = ""; });
}

// A browser takes seconds to make a form of a text that the page would refuse.
const paste = document.getElementById("paste");
paste.addEventListener("submit", (event) => {
  const text = paste.elements.text.value;
  if (sizeInForm(text) < paste.dataset.most) return;
  event.preventDefault();
  refuse(paste.elements.name.value || `${text.trim().slice(0, 24)}…`, paste.dataset.why);
  document.getElementById("refused").scrollIntoView({ block: "nearest" });
});

function sizeInForm(text) {
  try { return encodeURIComponent(text).length; } catch { return 9 * text.length; } // half a character has no code
}

const zone = document.getElementById("drop"), title = zone.querySelector(".drop-title"), calm = title.textContent;
let over = 0;
const light = (on) => { zone.classList.toggle("over", on); title.textContent = on ? title.dataset.now : calm; };
const hasFiles = (event) => event.dataTransfer && [...event.dataTransfer.types].includes("Files");
addEventListener("dragenter", (event) => { if (hasFiles(event)) { over += 1; light(true); } });
addEventListener("dragleave", (event) => { if (hasFiles(event) && (over -= 1) <= 0) { over = 0; light(false); } });
addEventListener("dragover", (event) => { if (hasFiles(event)) event.preventDefault(); });
addEventListener("drop", async (event) => {
  if (!hasFiles(event)) return;
  event.preventDefault();
  over = 0;
  light(false);
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
  const loose = named(event.dataTransfer.files), found = [];
  for (const [at, entry] of entries.entries()) {
    if (entry) await walk(entry, found); else if (loose[at]) found.push(loose[at]);
  }
  add(found);
});

// Steps as they come

let last = document.getElementById("files").dataset.last, source = null, due = 0, refreshedAt = 0;

function listen() {
  if (source) source.close();
  source = new EventSource("/events?after=" + encodeURIComponent(last));
  source.onmessage = (event) => { last = event.lastEventId || last; step(JSON.parse(event.data)); };
  source.addEventListener("again", refreshSoon);
  source.addEventListener("away", refreshSoon);
  source.onopen = refreshSoon;
  source.onerror = () => { if (source.readyState === EventSource.CLOSED) setTimeout(listen, 2000); };
}

// As page/rendering.py shows a path.
const readable = (path) => path.replaceAll("%25", "%");

function step({ path, state: now, href, time }) {
  const body = document.getElementById("files");
  let row = [...body.rows].find((one) => one.dataset.path === path);
  if (!row) {
    row = document.getElementById("row").content.firstElementChild.cloneNode(true);
    row.dataset.path = path;
    row.querySelector(".what span").textContent = readable(path.slice(path.lastIndexOf("/") + 1));
    row.querySelector(".path").textContent = readable(path.slice(0, path.lastIndexOf("/") + 1));
    body.closest("table").hidden = false;
    document.querySelector(".empty").hidden = true;
  }
  const cell = row.querySelector(".status"), shown = document.querySelector(`template[data-status="${CSS.escape(now)}"]`);
  cell.dataset.state = now;
  cell.replaceChildren(shown ? shown.content.cloneNode(true) : now);
  const clock = row.querySelector("time"), at = new Date(time);
  clock.dateTime = time;
  clock.textContent = [at.getHours(), at.getMinutes()].map((one) => String(one).padStart(2, "0")).join(":");
  const name = row.querySelector(".what > span:not(.path)");
  if (href && name) {
    const link = document.createElement("a");
    link.href = href;
    link.textContent = name.textContent;
    name.replaceWith(link);
  }
  body.prepend(row);
  while (body.rows.length > 50) body.lastElementChild.remove();
  refreshSoon();
}

// Titles, numbers, failures and how the service is come with the part of the page that the server fills.
function refreshSoon() {
  if (due) return;
  due = setTimeout(refresh, Math.max(600, refreshedAt + 3000 - Date.now()));
}

async function refresh() {
  due = 0;
  refreshedAt = Date.now();
  try {
    const answer = await fetch("/?part=state", { headers: { accept: "text/html" } });
    if (answer.redirected) { location.reload(); return; }
    if (!answer.ok) return;
    const key = document.activeElement && document.activeElement.dataset.key;
    const open = [...state.querySelectorAll("details")].map((one) => one.open);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    state.replaceChildren(...fresh.body.childNodes);
    [...state.querySelectorAll("details")].forEach((one, at) => { one.open = Boolean(open[at]); });
    if (key) state.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
    hideKnown();
  } catch { /* the line is away; the next step, or the next look, comes when it is back */ }
}

setInterval(() => { if (!document.hidden) refreshSoon(); }, 10000);
document.addEventListener("visibilitychange", () => { if (document.hidden) source.close(); else listen(); });

// Failures that were put away, in this browser only

const store = "zhibiao put away";
const away = () => new Set(JSON.parse(localStorage.getItem(store) || "[]"));
const keep = (set) => localStorage.setItem(store, JSON.stringify([...set].slice(-500)));

function hideKnown(shows) {
  const known = away();
  let hidden = 0;
  for (const one of document.querySelectorAll("[data-failure]")) {
    one.hidden = !shows && known.has(one.dataset.failure);
    hidden += one.hidden;
  }
  const note = document.querySelector("[data-hidden]");
  if (note) {
    note.hidden = !hidden;
    const text = note.querySelector("[data-text]");
    text.textContent = filled(text.dataset.text, { count: hidden });
  }
}

state.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if ("hide" in button.dataset) { keep(away().add(button.closest("[data-failure]").dataset.failure)); hideKnown(); }
  if ("showHidden" in button.dataset) { keep(new Set()); hideKnown(true); }
});

hideKnown();
listen();
