// What a voting page does beyond plain forms: it does the work that shows a person is not a script,
// reads a statement aloud, and takes keys. The page needs none of it.
(() => {
  "use strict";
  const form = document.getElementById("answering");
  if (!form) return;

  // --- Work, in a thread of its own. Whoever is quicker than the work just sends it undone.
  const work = form.querySelector("[name=work]");
  if (work && window.Worker && window.crypto?.subtle) {
    const worker = new Worker(work.dataset.worker);
    worker.addEventListener("message", (event) => { work.value = event.data; });
    worker.postMessage({ salt: work.dataset.salt, goal: work.dataset.goal });
  }

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
