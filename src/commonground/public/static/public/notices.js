// Asks this browser for notices, and stops them. What it says stands on the page already, in the
// reader's language; the script only shows what is true of this browser.
(() => {
  "use strict";
  const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  // On an iPhone or iPad notices exist only for a site on the home screen. An iPad says it is a Mac.
  const apple = /iPhone|iPad|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);

  const bytesOf = (key) => {
    const plain = atob(key.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
  };
  const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const active = (registration) => new Promise((done, failed) => {
    const worker = registration.installing || registration.waiting || registration.active;
    const look = () => {
      if (worker.state === "activated") done(registration);
      if (worker.state === "redundant") failed(new Error("the worker could not start"));
    };
    worker.addEventListener("statechange", look);
    look();
  });

  const send = async (address, fields) => {
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(fields), credentials: "omit" });
    if (answer.ok) return "";
    const told = await answer.json().catch(() => ({}));
    throw Object.assign(new Error("refused"), { why: told.why });
  };

  const start = (place) => {
    const { list, key, worker, scope, join, leave } = place.dataset;
    const said = place.querySelector("[data-said]");
    const buttons = { join: place.querySelector("[data-act=join]"), leave: place.querySelector("[data-act=leave]") };

    const subscription = async () => (await navigator.serviceWorker.getRegistration(scope))?.pushManager.getSubscription();

    const state = async () => {
      if (!able) return apple ? "iphone" : "cannot";
      if (Notification.permission === "denied") return "denied";
      return (await subscription()) ? "on" : "off";
    };

    const show = async () => {
      const now = await state().catch(() => "cannot");
      for (const words of place.querySelectorAll("[data-state]")) words.hidden = words.dataset.state !== now;
      buttons.join.hidden = now !== "off";
      buttons.leave.hidden = now !== "on";
      return now;
    };

    const acts = {
      async join() {
        const registration = await active(await navigator.serviceWorker.register(worker, { scope }));
        const made = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytesOf(key) });
        try {
          const keys = { p256dh: textOf(made.getKey("p256dh")), auth: textOf(made.getKey("auth")) };
          await send(join, { list, endpoint: made.endpoint, ...keys });
        } catch (error) {
          await made.unsubscribe();  // what the desk does not know of must not look as if it worked
          throw error;
        }
        return said.dataset.joined;
      },
      async leave() {
        const made = await subscription();
        if (!made) return said.dataset.left;
        // The browser first: from here on nothing is shown, whether the desk hears of it or not.
        await made.unsubscribe();
        await send(leave, { list, endpoint: made.endpoint });
        return said.dataset.left;
      },
    };

    for (const [name, button] of Object.entries(buttons)) {
      button.addEventListener("click", async () => {
        said.textContent = said.dataset.wait;
        button.disabled = true;
        const words = await acts[name]().catch((error) => error.why || said.dataset.failed);
        button.disabled = false;
        const now = await show();
        said.textContent = now === "denied" ? "" : words;
        (now === "on" ? buttons.leave : buttons.join).focus();
      });
    }
    show();
  };

  for (const place of document.querySelectorAll(".notices-switch")) start(place);
})();
