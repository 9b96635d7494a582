// The room Panel without a jump: cells open, and what is said of them is taken down, while the grid stays where it is.
// Without this script every link and form does the same by loading the page.
"use strict";
(() => {
  const room = document.querySelector(".panel-room");
  if (!room) return;
  let waiting = null;

  const current = () => room.querySelector(".square[aria-current]");

  async function show(url, options) {
    if (waiting) waiting.abort();
    waiting = new AbortController();
    try {
      const answer = await fetch(url, { ...options, signal: waiting.signal, credentials: "same-origin" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(".panel-room");
      if (!fresh) { location.assign(url); return; }
      take(fresh);
      history.replaceState(null, "", answer.url);
    } catch (error) {
      if (error.name !== "AbortError") location.assign(typeof url === "string" ? url : location.href);
    }
  }

  // The grid keeps its place: only cells that have changed are put in, and everything beside it.
  function take(fresh) {
    const old = room.querySelector(".grid-scroll"), grid = fresh.querySelector(".grid-scroll");
    if (old && grid) {
      const { scrollLeft, scrollTop } = old;
      old.replaceChildren(...grid.childNodes);
      old.scrollTo(scrollLeft, scrollTop);
    }
    for (const name of [".pane", ".panel-tools"]) {
      const here = room.querySelector(name), there = fresh.querySelector(name);
      if (here && there) here.replaceChildren(...there.childNodes);
    }
    const problem = fresh.querySelector(":scope > .note[role=alert]");
    room.querySelectorAll(":scope > .note[role=alert]").forEach((one) => one.remove());
    if (problem) room.querySelector(".panel-split").before(problem);
    const open = current(), wrong = room.querySelector(".pane [aria-invalid]");
    if (open) { open.scrollIntoView({ block: "nearest", inline: "nearest" }); open.focus({ preventScroll: true }); }
    if (wrong) wrong.focus();
  }

  // An address that opens a cell shows it: within the grid alone, the page stays where its address leads.
  function reveal() {
    const open = current(), grid = room.querySelector(".grid-scroll");
    if (!open || !grid) return;
    const cell = open.getBoundingClientRect(), seen = grid.getBoundingClientRect();
    grid.scrollLeft += cell.left + cell.width / 2 - seen.left - seen.width / 2;
    grid.scrollTop += cell.top + cell.height / 2 - seen.top - seen.height / 2;
  }

  room.addEventListener("click", (event) => {
    const link = event.target.closest("a.square, .pane .close, .pane a[data-key]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    show(link.href);
  });

  room.addEventListener("submit", (event) => {
    const form = event.target.closest(".say");
    if (!form) return;
    event.preventDefault();
    show(form.getAttribute("action"), { method: "POST", body: new URLSearchParams(new FormData(form)) });
  });

  function move(across, down) {
    const open = current() || room.querySelector(".square");
    if (!open) return;
    if (!current()) { show(open.href); return; }
    let cell = open.closest("td");
    const column = cell.cellIndex;
    for (;;) {
      const row = down ? cell.parentElement[down > 0 ? "nextElementSibling" : "previousElementSibling"] : cell.parentElement;
      cell = down ? row && row.cells[column] : cell[across > 0 ? "nextElementSibling" : "previousElementSibling"];
      if (!cell) return;
      const found = cell.querySelector(".square");
      if (found) { show(found.href); return; }
    }
  }

  reveal();

  const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1], h: [-1, 0], l: [1, 0], k: [0, -1], j: [0, 1] };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    if (moves[event.key] && (current() || event.key.length === 1)) { event.preventDefault(); move(...moves[event.key]); return; }
    if (event.key === "Escape") { room.querySelector(".pane .close")?.click(); return; }
    const field = room.querySelector(`[data-focus="${CSS.escape(event.key)}"]`);
    const button = room.querySelector(`.pane [data-key="${CSS.escape(event.key)}"]`);
    if (field) { event.preventDefault(); field.focus(); } else if (button) { event.preventDefault(); button.click(); }
  });
})();
