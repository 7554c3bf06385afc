// What the desk does beyond plain pages: news without reloading, keys, and times that stay true.
// Everything here is extra. Each page works without it.
(() => {
  "use strict";
  const status = document.getElementById("status");

  // --- News. One tab listens for all of them: a browser opens six lines to a site, no more.
  // Each desk has its own: a drill's news is no news of the real one.
  const name = "commonground-live-" + (status?.dataset.desk ?? "");
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(name) : null;
  const wanted = () => (document.querySelector("[data-news]")?.dataset.news ?? "").split(" ");
  let changes = 0, spokenAt = 0, waiting = 0;

  const speak = () => {
    waiting = 0;
    spokenAt = Date.now();
    const words = changes === 1 ? status.dataset.one : status.dataset.many.replace("%n", changes);
    const show = document.createElement("a");
    show.href = location.href;
    show.textContent = status.dataset.show;
    status.replaceChildren(words + " ", show);
  };
  const tell = (news) => {
    for (const [kind, count] of Object.entries(news)) {
      // A panel that somebody is typing or standing in is left alone.
      document.body.dispatchEvent(new CustomEvent("news-" + kind, { detail: { count } }));
      if (wanted().includes(kind)) changes += count;
    }
    // A screen reader hears of it once in ten seconds at most.
    if (changes && !waiting) waiting = setTimeout(speak, Math.max(0, spokenAt + 10000 - Date.now()));
  };
  const listen = () => new Promise(() => {
    const line = new EventSource(status.dataset.live);
    line.addEventListener("changed", (event) => {
      const news = JSON.parse(event.data);
      channel?.postMessage(news);
      tell(news);
    });
    line.onerror = () => {
      if (line.readyState === EventSource.CLOSED) status.textContent = status.dataset.off;
    };
  });
  if (status?.dataset.live) {
    channel?.addEventListener("message", (event) => tell(event.data));
    if (navigator.locks && channel) navigator.locks.request(name, listen);
    else listen();
  }
  // Asked before the request and again before the answer is drawn: somebody may have stepped in meanwhile.
  for (const stage of ["htmx:beforeRequest", "htmx:beforeSwap"]) {
    document.body.addEventListener(stage, (event) => {
      const panel = event.target;
      const byItself = !event.detail.requestConfig?.triggeringEvent?.isTrusted;
      if (!byItself || !panel.classList.contains("panel")) return;
      // Who is signed out is told once, and not by each panel again each minute.
      const out = document.getElementById("signed-out");
      if (out || panel.contains(document.activeElement)) event.preventDefault();
    });
  }

  // --- Something real in the middle of a drill: first it is read and answered, then all else.
  const call = () => {
    const real = document.querySelector("dialog.real");
    if (!real || real.matches(":modal")) return;
    real.addEventListener("cancel", (event) => event.preventDefault());
    real.removeAttribute("open");
    real.showModal();
  };
  call();
  document.body.addEventListener("htmx:afterSwap", call);

  // --- Savings. One may overtake another on its way; the desk tells by this number which is later.
  // Nothing is saved behind a form that is on its way: it says all that the page knew.
  const turn = document.querySelector("form [name=turn]");
  const next = () => (turn.value = Number(turn.value) + 1);
  let sent = false;
  addEventListener("pageshow", () => { sent = false; });
  turn?.form.addEventListener("submit", () => { next(); sent = true; });
  turn?.form.addEventListener("htmx:configRequest", (event) => {
    if (sent) event.preventDefault();
    else event.detail.parameters.turn = next();
  });

  // --- Keys. Off until somebody opened the list with "?". No key decides anything.
  const list = document.getElementById("keys");
  const saved = (value) => {
    try {
      if (value !== undefined) localStorage.setItem("keys", value);
      return localStorage.getItem("keys");
    } catch { return null; }
  };
  const open = () => {
    list.returnValue = "";
    list.showModal();
    saved("on");
  };
  list?.addEventListener("close", () => { if (list.returnValue === "off") saved("off"); });
  let going = 0;
  const step = (by) => {
    const rows = [...document.querySelectorAll("main a.whole")];
    const next = rows[rows.indexOf(document.activeElement) + by] ?? rows[by > 0 ? 0 : rows.length - 1];
    next?.focus();
  };
  const acts = {
    j: () => step(1),
    k: () => step(-1),
    "/": () => document.querySelector("main [type=search]")?.focus(),
    g: () => { going = Date.now(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, textarea, select, [contenteditable], dialog[open]")) return;
    if (event.key === "?" && list) { open(); event.preventDefault(); return; }
    if (saved() !== "on") return;
    if (Date.now() - going < 1500 && /^[a-z]$/.test(event.key)) {
      document.querySelector(`.places [data-key="${event.key}"]`)?.click();
    } else if (acts[event.key]) {
      acts[event.key]();
      event.preventDefault();
    }
  });

  // --- Times. "5 min ago" must not stand there for an hour.
  const units = [["day", 86400], ["hour", 3600], ["minute", 60]];
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { style: "short" });
  setInterval(() => {
    for (const span of document.querySelectorAll("time > [data-ago]")) {
      const seconds = (new Date(span.parentElement.dateTime) - Date.now()) / 1000;
      const found = units.find(([, size]) => Math.abs(seconds) >= size);
      if (found) span.textContent = words.format(Math.trunc(seconds / found[1]), found[0]);
    }
  }, 30000);
})();
