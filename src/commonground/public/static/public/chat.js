// Follows an hour in which people ask us: when something was said, what stands on the page is drawn
// anew, around whoever is typing. Without this the page is read by reloading it.
(() => {
  "use strict";
  const said = document.getElementById("said");
  const status = document.getElementById("follows");
  if (!said || !window.EventSource) return;
  let busy = false, again = false;
  // Hundreds of pages are told in the same instant: each comes in a moment of its own.
  const aMoment = () => new Promise((go) => setTimeout(go, Math.random() * 3000));
  const draw = async () => {
    if (busy) { again = true; return; }
    busy = true;
    await aMoment();
    again = false;
    try {
      const answer = await fetch(location.href, { credentials: "omit" });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.getElementById("said");
      if (!fresh || fresh.innerHTML === said.innerHTML) return;
      const before = said.querySelectorAll("article").length;
      said.replaceChildren(...fresh.childNodes);
      if (said.querySelectorAll("article").length > before) status.textContent = status.dataset.more;
    } catch { /* the next news tries again */ } finally {
      busy = false;
      if (again) draw();
    }
  };
  const line = new EventSource(said.dataset.line);
  line.addEventListener("changed", draw);
  line.addEventListener("open", () => { status.textContent = status.dataset.on; });
  line.onerror = () => { if (line.readyState === EventSource.CLOSED) status.textContent = status.dataset.off; };
})();
