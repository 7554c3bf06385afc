// Whoever signs out leaves nothing written on this device: what was kept for want of a network goes too.
(() => {
  "use strict";
  const forget = async () => {
    const bases = (await indexedDB.databases?.()) ?? [{ name: "commonground-pocket" }];
    for (const { name } of bases) if (name.startsWith("commonground-")) indexedDB.deleteDatabase(name);
    for (const name of await caches.keys()) if (name.startsWith("commonground-")) await caches.delete(name);
  };
  const leave = document.querySelector("form[data-leaves]");
  let gone = false;
  leave?.addEventListener("submit", (event) => {
    if (gone || !("indexedDB" in window) || !("caches" in window)) return;
    event.preventDefault();
    // Signing out must not depend on it: at most a second is given to it.
    Promise.race([forget().catch(() => {}), new Promise((done) => setTimeout(done, 1000))])
      .then(() => { gone = true; leave.submit(); });
  });
})();
