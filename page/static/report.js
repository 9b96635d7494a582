// The room of one report: text and list lead to each other, by mouse and by keys. Without it, every link asks the server.
(() => {
  "use strict";
  const room = document.querySelector(".room");
  if (!room) return;
  const $ = (what, within = document) => within.querySelector(what);
  const $$ = (what, within = document) => [...within.querySelectorAll(what)];
  const paper = $(".paper"), chosen = $("#chosen"), sheet = $("[data-sheet=figures]"), dialog = $("#keys");
  const list = $(".figures"), form = $(".find"), empty = $(".empty", sheet), address = room.dataset.at;
  const WINDOW = 400;
  let rows = $$(".figures a"), fitting = rows, first = 0, whole = rows.length === +room.dataset.figures;
  const VIEWS = ["original", "clean", "both"];
  let current = new URLSearchParams(location.search).get("f") || (location.hash.match(/^#f(\d+)$/) || [])[1];
  let asked = 0;

  // Places. A place counts code points of the decoded file; lines and cells say where they begin.
  let lines;
  const points = (text) => { let n = 0; for (const _ of text) n++; return n; };
  const units = (text, n) => { let at = 0; for (const char of text) { if (!n--) break; at += char.length; } return at; };
  function point(place, isEnd) {
    lines ||= $$("[data-s]", paper).map((line) => [+line.dataset.s, line]);
    let low = 0, high = lines.length - 1;
    while (low < high) { const middle = (low + high + 1) >> 1; lines[middle][0] < place + !isEnd ? low = middle : high = middle - 1; }
    if (!lines.length) return null;
    const walk = document.createTreeWalker(lines[low][1], NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, (node) =>
      node.nodeName === "INS" || node.classList?.contains("page") ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
    let at = lines[low][0], last = null;
    while (walk.nextNode()) {
      const node = walk.currentNode;
      if (node.nodeType === 1) { at += +(node.dataset.n || 0); continue; }
      const length = points(node.data);
      if (place < at + length || (isEnd && place === at + length)) return [node, units(node.data, Math.max(0, place - at))];
      at += length; last = [node, node.data.length];
    }
    return last;
  }
  function range(start, end) {
    const from = point(start, false), to = point(end, true);
    if (!from || !to) return null;
    const found = new Range();
    found.setStart(...from); found.setEnd(...to);
    return found.collapsed ? null : found;
  }
  const roles = ["sentence", "name", "words", "period", "unit", "row", "column", "caption", "spot"];
  function light(places) {
    if (!CSS.highlights) return;
    for (const role of roles) CSS.highlights.delete(role);
    const found = {};
    for (const place of places) {
      const [, role, start, end] = place.match(/^(\w+):(\d+)-(\d+)$/), one = range(+start, +end);
      if (one) (found[role] ||= []).push(one);
    }
    for (const [role, ranges] of Object.entries(found)) {
      const lit = new Highlight(...ranges);
      lit.priority = roles.indexOf(role);
      CSS.highlights.set(role, lit);
    }
  }
  function go(spot) {
    const [start, end] = spot.split("-").map(Number), found = range(start, Math.max(end, start + 1));
    if (!found) return;
    light([`spot:${start}-${Math.max(end, start + 1)}`]);
    const line = found.startContainer.parentElement;
    line.closest("details")?.setAttribute("open", "");
    line.scrollIntoView({ block: "center" });
  }

  // One figure. What the server says of it is parsed where nothing of it can run.
  const parsed = (text) => [...new DOMParser().parseFromString(text, "text/html").body.children];
  async function select(number, { scroll = true, follow = true } = {}) {
    number = String(number);
    for (const one of $$("mark.on", paper)) one.classList.remove("on");
    for (const row of rows) row.removeAttribute("aria-current");
    const marks = $$(`mark[data-f~="${number}"]`, paper);
    if (!marks.length) return;
    current = number;
    for (const one of marks) one.classList.add("on");
    const row = rowOf(number);
    row?.setAttribute("aria-current", "true");
    const query = new URLSearchParams(location.search);
    query.set("f", number);
    history.replaceState(null, "", `?${query}#f${number}`);
    fold(false);
    const turn = ++asked, card = await cardOf(number);
    if (turn !== asked || card === null) return;
    chosen.replaceChildren(...card);
    ready(chosen);
    light(($(".card-figure", chosen)?.dataset.places || "").split(" ").filter(Boolean));
    if (scroll || small.matches) marks[0].scrollIntoView({ block: small.matches ? "start" : "center" }); // above the card
    if (follow) row?.scrollIntoView({ block: "nearest" });
  }
  async function cardOf(number) {
    const kept = document.getElementById(`card${number}`);
    if (kept) return kept.content.cloneNode(true).childNodes;
    const answer = await fetch(`${address}/figure/${number}`).catch(() => null);
    return answer?.ok ? parsed(await answer.text()) : null;
  }
  function letGo() {
    asked++; current = undefined;
    chosen.replaceChildren();
    light([]);
    for (const one of $$("mark.on", paper)) one.classList.remove("on");
    $(".figures [aria-current]")?.removeAttribute("aria-current");
    const query = new URLSearchParams(location.search);
    query.delete("f");
    history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
  }
  function ready(within) { for (const one of $$("[data-copy], [data-step], [data-let-go], .go, [data-keys], [data-fold]", within)) one.hidden = false; }
  // The list: all rows are known, a window of those that fit is in the page.
  let filling;
  const fill = () => whole || !list ? undefined : (filling ||= load().finally(() => { filling = undefined; }));
  async function load() {
    const kept = document.getElementById("rows");
    const answer = kept ? null : await fetch(`${address}/figures`).catch(() => null);
    if (!kept && !answer?.ok) return;
    const held = kept ? [...kept.content.children] : parsed(await answer.text());
    rows = held.flatMap((one) => $$("a", one));
    whole = true;
    sift();
  }
  function show(from) {
    first = Math.max(0, Math.min(from, fitting.length - WINDOW));
    list.replaceChildren(...fitting.slice(first, first + WINDOW).map((row) => row.parentElement));
    for (const one of $$(".more", sheet)) one.remove();
    const more = (name, count, to) => {
      if (count <= 0) return null;
      const link = Object.assign(document.createElement("a"), { className: `more ${name}`, href: "#", textContent: `${name === "before" ? "↑" : "↓"} ${count}` });
      link.addEventListener("click", (event) => { event.preventDefault(); show(to); list.children[name === "before" ? WINDOW / 2 : WINDOW / 2 - 1]?.scrollIntoView({ block: "center" }); });
      return link;
    };
    const before = more("before", first, first - WINDOW / 2), after = more("after", fitting.length - first - WINDOW, first + WINDOW / 2);
    if (before) list.before(before);
    if (after) list.after(after);
  }
  function rowOf(number) {
    const at = fitting.findIndex((row) => row.dataset.f === number);
    if (at < 0) return null;
    if (whole && !list.contains(fitting[at])) show(at - WINDOW / 2);
    return fitting[at];
  }
  async function step(by, fits = () => true) {
    await fill();
    const at = fitting.findIndex((row) => row.dataset.f === current);
    let next = at < 0 ? (by > 0 ? 0 : fitting.length - 1) : at + by;
    while (fitting[next] && !fits(fitting[next])) next += by;
    if (fitting[next]) select(fitting[next].dataset.f);
  }

  // Reviews: sent without leaving the page, then the figure is shown as it is now.
  const states = ["confirmed", "corrected", "struck"];
  async function send(form, button) {
    const body = new URLSearchParams(new FormData(form));
    if (button?.name) body.set(button.name, button.value);
    const answer = await fetch(form.getAttribute("action"), { method: "POST", body, redirect: "manual" }).catch(() => null);
    if (answer?.type === "opaqueredirect") return true;
    const page = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
    const said = page && [".problem", "main .note", "main h1"].map((what) => $(what, page)).find(Boolean);
    $(".said", form)?.remove();
    const note = Object.assign(document.createElement("p"), { className: "note bad said", textContent: said?.textContent || "×" });
    note.setAttribute("role", "alert");
    form.append(note);
    note.scrollIntoView({ block: "nearest" });
    return false;
  }
  async function review(form, button) {
    const number = form.figure?.value;
    if (!(await send(form, button))) return;
    if (!number) { location.search = "?tab=reviews"; return; }
    const card = await cardOf(number);
    if (card === null || current !== number) return;
    chosen.replaceChildren(...card);
    ready(chosen);
    const now = $(".review", chosen)?.dataset, state = now?.state || "", reviews = $('[data-tab="reviews"] .count');
    if (now && reviews) reviews.textContent = now.reviews;
    const row = rows.find((one) => one.dataset.f === number), fresh = $("template.row", chosen)?.content.querySelector("a");
    if (row && fresh) { row.replaceChildren(...fresh.childNodes); row.dataset.told = fresh.dataset.told; }
    for (const one of [row, ...$$(`mark[data-f~="${number}"]`, paper)]) {
      if (one) states.includes(state) ? one.dataset.review = state : delete one.dataset.review;
    }
    outdated = true;
  }
  let outdated = false;
  const press = (key) => () => $(`.review [data-key=${key}]`, chosen)?.click();
  // A figure that was not read: the text that is selected, with its place.
  function placeOf(node, offset) {
    const line = (node.nodeType === 1 ? node : node.parentElement)?.closest("[data-s]");
    if (!line || !paper.contains(line)) return null;
    const end = new Range();
    end.setStart(line, 0); end.setEnd(node, offset);
    const held = end.cloneContents();
    for (const one of $$("ins, .page", held)) one.remove();
    return +line.dataset.s + points(held.textContent) + $$("[data-n]", held).reduce((sum, one) => sum + +one.dataset.n, 0);
  }
  function add() {
    const selected = getSelection(), held = document.getElementById("add");
    if (!held || selected.isCollapsed || !selected.rangeCount) return;
    const range = selected.getRangeAt(0), start = placeOf(range.startContainer, range.startOffset), end = placeOf(range.endContainer, range.endOffset);
    if (start === null || end === null || end <= start) return;
    letGo();
    chosen.replaceChildren(held.content.cloneNode(true));
    const form = $("form", chosen), text = selected.toString(), value = text.match(/[\d,，.]*\d/);
    $("blockquote", form).textContent = text;
    form.start.value = start; form.end.value = end;
    if (value) {
      form.value.value = value[0].replace(/[,，]/g, "");
      form.unit.value = text.slice(value.index + value[0].length).trim().slice(0, 20);
    }
    light([`spot:${start}-${end}`]);
    form.indicator.focus();
  }
  document.addEventListener("selectionchange", () => {
    const button = $("[data-add]"), selected = getSelection();
    if (button) button.hidden = selected.isCollapsed || !paper.contains(selected.anchorNode);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(".panel .review")) return;
    event.preventDefault();
    review(event.target, event.submitter);
  });

  // The room.
  const mark = (one, on) => on ? one.setAttribute("aria-current", "true") : one.removeAttribute("aria-current");
  function view(name) {
    room.dataset.view = name;
    note("view", name === VIEWS[0] ? null : name);
    for (const one of $$(".tool[data-view]")) mark(one, one.dataset.view === name);
  }
  function rejected() {
    const on = room.toggleAttribute("data-rejected");
    note("rejected", on ? "1" : null);
    mark($(".tool[data-rejected]"), on);
  }
  // On a telephone the figures lie over the text; folded, only their tabs do.
  const panel = $(".panel"), small = matchMedia("(max-width: 56rem)");
  function fold(on) {
    panel.classList.toggle("folded", on);
    $("[data-fold]").setAttribute("aria-expanded", String(!on));
  }
  function tab(name) {
    fold(false);
    if (small.matches && current) letGo(); // its card takes the place of the lists there
    if (name === "reviews" && outdated) { location.search = "?tab=reviews"; return; }
    for (const one of $$("[data-sheet]")) one.hidden = one.dataset.sheet !== name;
    for (const one of $$("[data-tab]")) mark(one, one.dataset.tab === name);
    note("tab", name === "figures" ? null : name);
  }
  function note(name, value) {
    const query = new URLSearchParams(location.search);
    value === null ? query.delete(name) : query.set(name, value);
    history.replaceState(null, "", `${query.size ? `?${query}` : location.pathname}${location.hash}`);
  }
  function sift() {
    const words = form.find.value.trim().split(/\s+/).filter(Boolean), only = form.only.checked;
    fitting = rows.filter((row) => (!only || row.classList.contains("doubt")) && words.every((word) => `${row.textContent} ${row.dataset.told}`.includes(word)));
    show(0);
    if (current) rowOf(current)?.setAttribute("aria-current", "true");
    empty.hidden = fitting.length > 0;
    note("find", form.find.value.trim() || null);
    note("only", only ? "doubt" : null);
  }
  let warned = -1;
  function warning() {
    const places = $$("[data-sheet=warnings] .go");
    if (!places.length) return;
    tab("warnings");
    warned = (warned + 1) % places.length;
    go(places[warned].dataset.go);
  }
  async function copy() {
    const button = $("[data-copy]", chosen), text = $(".card-figure", chosen)?.dataset.citation;
    if (!text) return;
    const link = address ? new URL(`${address}?f=${current}`, location.origin) : "";
    await navigator.clipboard?.writeText(address ? text.replace(/\/r\/\S+$/, link) : text).catch(() => {});
    button.classList.add("done");
  }

  document.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const hit = (what) => event.target.closest(what);
    const lit = hit("mark[data-f]"), row = hit("a[data-f]"), tool = hit(".tool[data-view]"), spot = hit("[data-go]");
    if (lit) { event.preventDefault(); select(lit.dataset.f.split(" ")[0], { scroll: false }); }
    else if (row) { event.preventDefault(); select(row.dataset.f, { follow: !row.closest(".figures") }); }
    else if (tool) { event.preventDefault(); view(tool.dataset.view); }
    else if (hit(".tool[data-rejected]")) { event.preventDefault(); rejected(); }
    else if (hit("[data-tab]")) { event.preventDefault(); tab(hit("[data-tab]").dataset.tab); }
    else if (spot) go(spot.dataset.go);
    else if (hit("[data-copy]")) copy();
    else if (hit("[data-step]")) step(+hit("[data-step]").dataset.step);
    else if (hit("[data-let-go]")) letGo();
    else if (hit("[data-add]")) add();
    else if (hit("[data-fold]")) fold(!panel.classList.contains("folded"));
    else if (hit("[data-keys]")) dialog.showModal();
    else if (hit(".n")) { tab("rejected"); const li = $$(".rejected li")[+hit(".n").dataset.r]; li?.scrollIntoView({ block: "center" }); if (li) go(li.dataset.go); }
  });
  const keys = {
    j: () => step(1), k: () => step(-1), n: () => step(1, (row) => row.classList.contains("doubt")),
    o: () => view(VIEWS[(VIEWS.indexOf(room.dataset.view) + 1) % VIEWS.length]),
    y: press("y"), x: press("x"), u: press("u"), a: add,
    e: () => { const held = $(".correct", chosen); if (held) { held.open = true; $("input[name=value]", held).select(); } },
    r: rejected, w: warning, c: copy, "/": () => { tab("figures"); form?.find.focus(); }, "?": () => dialog.showModal(), Escape: letGo,
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
    if (event.target.closest("input, textarea, select")) { if (event.key === "Escape") event.target.blur(); return; }
    const act = keys[event.key];
    if (act) { event.preventDefault(); act(); }
  });
  form?.addEventListener("input", async () => { await fill(); sift(); });
  form?.addEventListener("submit", (event) => event.preventDefault());
  ready(document);
  if (current) select(current, { scroll: true });
  else if (small.matches && !new URLSearchParams(location.search).has("tab")) fold(true);
  // What is opened in a card lies below its fold, mostly.
  chosen.addEventListener("toggle", (event) => { if (event.target.open) event.target.scrollIntoView({ block: "nearest" }); }, true);
  if (!whole) (window.requestIdleCallback || setTimeout)(fill);

  // Where in the contents is the reader?
  const entries = new Map($$(".contents a").map((one) => [one.hash.slice(1), one]));
  if (entries.size) {
    const heads = [...entries.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    let waiting = false;
    addEventListener("scroll", () => {
      if (waiting) return;
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        const here = heads.filter((head) => head.getBoundingClientRect().top < 160).pop();
        for (const [id, entry] of entries) mark(entry, here?.id === id);
      });
    }, { passive: true });
  }
})();
