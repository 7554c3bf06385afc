// What a voting page does beyond plain forms: it does the work that shows a person is not a script,
// reads a statement aloud, and takes keys. The page needs none of it.
(() => {
  "use strict";
  const form = document.getElementById("answering");
  if (!form) return;

  // --- Work: which number, put behind the salt, has this digest? A few hundred tries at a time, so
  // that the page never stands still. Whoever is quicker than the work just sends it undone.
  const work = form.querySelector("[name=work]");
  const toHex = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");
  const search = async ({ salt, goal }) => {
    const encoder = new TextEncoder();
    for (let from = 0; from < 30000; from += 300) {
      const tries = Array.from({ length: 300 }, (_, i) => crypto.subtle.digest("SHA-256", encoder.encode(salt + (from + i))));
      const found = (await Promise.all(tries)).findIndex((digest) => toHex(digest) === goal);
      if (found >= 0) return String(from + found);
    }
    return "";
  };
  if (work && window.crypto?.subtle) search(work.dataset).then((found) => { work.value = found; });

  const extras = form.querySelector(".extras"), words = extras.dataset;
  const button = (text, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button quiet", textContent: text });
    made.addEventListener("click", () => act(made));
    extras.append(made);
    return made;
  };

  // --- Hear it read, by the reader's own machine; nothing is sent anywhere.
  const statement = document.getElementById("statement");
  if ("speechSynthesis" in window) {
    button(words.hear, () => {
      speechSynthesis.cancel();
      const answers = [...form.querySelectorAll(".votes button")].map((b) => b.textContent);
      const read = new SpeechSynthesisUtterance(statement.textContent);
      read.lang = statement.lang;
      speechSynthesis.speak(read);
      const ways = new SpeechSynthesisUtterance(answers.join(", "));
      ways.lang = document.documentElement.lang;
      speechSynthesis.speak(ways);
    });
  }

  // --- Keys 1, 2, 3, off until somebody turns them on.
  const kept = (value) => {
    try {
      if (value !== undefined) localStorage.setItem("vote-keys", value);
      return localStorage.getItem("vote-keys") === "on";
    } catch { return false; }
  };
  if (matchMedia("(hover: hover)").matches) button(kept() ? words.keysOff : words.keysOn, (it) => {
    kept(kept() ? "off" : "on");
    it.textContent = kept() ? words.keysOff : words.keysOn;
  });
  document.addEventListener("keydown", (event) => {
    if (!kept() || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (event.target.closest("input, textarea, select")) return;
    form.querySelectorAll(".votes button")["123".indexOf(event.key)]?.click();
  });
})();
