// Words that could not be saved for want of a network: kept on this device under a key that cannot be
// read out, sent as a draft when the network is back, shown beside the others when both were changed.
// Nothing here asks for an approval, and nothing publishes.
(() => {
  "use strict";
  const root = document.getElementById("pocket");
  if (!root || !("serviceWorker" in navigator) || !("indexedDB" in window) || !crypto?.subtle) return;
  const words = root.dataset, LONGEST = 7 * 24 * 3600 * 1000;

  // --- The store. Sealed with a key this browser made and gives to nobody, not even to us.
  const asked = (request) => new Promise((done, fail) => {
    request.onsuccess = () => done(request.result);
    request.onerror = () => fail(request.error);
  });
  let opened;
  const base = () => (opened ??= (() => {
    const request = indexedDB.open("commonground-pocket", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("drafts", { keyPath: "id" });
      request.result.createObjectStore("keys");
    };
    return asked(request).then((db) => {
      db.onversionchange = () => { db.close(); opened = undefined; };
      return db;
    });
  })());
  const store = async (name, mode) => (await base()).transaction(name, mode).objectStore(name);
  const key = async () => {
    const found = await asked((await store("keys", "readonly")).get("key"));
    if (found) return found;
    const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    // Of two tabs that make one at once, the first counts.
    await asked((await store("keys", "readwrite")).add(made, "key")).catch(() => {});
    return asked((await store("keys", "readonly")).get("key"));
  };
  const keep = async (draft) => {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const plain = new TextEncoder().encode(JSON.stringify(draft));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await key(), plain);
    await asked((await store("drafts", "readwrite")).put({ id: draft.id, at: draft.at, iv, sealed }));
  };
  const forget = async (id) => asked((await store("drafts", "readwrite")).delete(id));
  const all = async () => {
    const rows = await asked((await store("drafts", "readonly")).getAll()), open = await key(), found = [];
    for (const row of rows) {
      try {
        if (Date.now() - row.at > LONGEST) throw new Error("old");
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, open, row.sealed);
        found.push(JSON.parse(new TextDecoder().decode(plain)));
      } catch { await forget(row.id); }
    }
    return found.sort((one, other) => other.at - one.at);
  };
  const fresh = () => crypto.randomUUID();

  // --- The page of a draft: what cannot be saved is kept, and saved when that works again.
  const form = document.getElementById("compose");
  if (form) {
    navigator.serviceWorker.register(words.worker, { scope: words.scope }).catch(() => {});
    const id = words.post;
    const hold = async () => {
      const fields = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken");
      await keep({ id, at: Date.now(), owner: words.owner, address: location.pathname, fields });
      root.hidden = false;
    };
    let away = false;
    document.body.addEventListener("htmx:sendError", (event) => {
      if (event.target === form) { away = true; hold(); }
    });
    form.addEventListener("submit", (event) => {
      if (navigator.onLine) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      away = true;
      hold();
    }, true);
    const again = () => { if (away && navigator.onLine) form.dispatchEvent(new Event("change", { bubbles: true })); };
    addEventListener("online", again);
    setInterval(again, 5000);
    document.body.addEventListener("htmx:afterRequest", (event) => {
      if (event.target !== form || !event.detail.successful) return;
      away = false;
      root.hidden = true;
      forget(id);
    });
    return;
  }

  // --- The page of what is kept. It works without a network; the worker shows it then.
  const list = document.getElementById("kept"), blank = document.getElementById("one"), state = document.getElementById("state");
  const value = (draft, name) => draft.fields.find(([field]) => field === name)?.[1] ?? "";
  const put = (draft, name, said) => {
    const field = draft.fields.find(([each]) => each === name);
    if (field) field[1] = said; else draft.fields.push([name, said]);
  };
  const compare = (draft, token) => {
    // As the form of the draft itself would be sent: the desk answers with both texts on one page.
    const real = document.createElement("form");
    Object.assign(real, { method: "post", action: draft.address });
    for (const [name, said] of [...draft.fields, ["csrfmiddlewaretoken", token], ["then", "save"]]) {
      real.append(Object.assign(document.createElement("input"), { type: "hidden", name, value: said }));
    }
    document.body.append(real);
    real.submit();
  };
  const row = (draft) => {
    const item = blank.content.firstElementChild.cloneNode(true);
    item.dataset.id = draft.id;
    for (const name of ["title", "text"]) {
      const field = item.querySelector(`[data-field=${name}]`), label = item.querySelector(`[data-label=${name}]`);
      field.id = `${name}-${draft.id}`;
      label.htmlFor = field.id;
      field.value = value(draft, name);
      field.addEventListener("input", () => { put(draft, name, field.value); draft.at = Date.now(); keep(draft); });
    }
    item.querySelector("[data-drop]").addEventListener("click", async () => { await forget(draft.id); item.remove(); });
    list.append(item);
    return item;
  };
  const tell = (item, said, kind = "warn") => {
    const line = item.querySelector("[data-told]");
    line.textContent = said;
    line.className = kind;
  };
  const send = async (draft, me) => {
    const item = list.querySelector(`[data-id="${draft.id}"]`) ?? row(draft);
    if (draft.owner && draft.owner !== me.owner) return tell(item, words.others);
    const body = new URLSearchParams([...draft.fields, ["csrfmiddlewaretoken", me.token], ["then", "save"]]);
    const answer = await fetch(draft.address, { method: "POST", body, redirect: "follow" });
    if (answer.ok && answer.redirected && !new URL(answer.url).pathname.startsWith("/account/")) {
      await forget(draft.id);
      const link = Object.assign(document.createElement("a"), { href: answer.url, textContent: words.sent });
      item.replaceChildren(link);
    } else if (answer.status === 409 || answer.status === 422) {
      tell(item, answer.status === 409 ? words.both : words.wrong);
      const look = item.querySelector("[data-look]");
      look.hidden = draft.address === words.new;
      look.onclick = () => compare(draft, me.token);
    } else tell(item, words.refused);
  };
  let busy = false;
  const round = async () => {
    if (busy) return;
    busy = true;
    try {
      const answer = await fetch(words.token, { headers: { Accept: "application/json" }, redirect: "follow" });
      if (!answer.headers.get("Content-Type")?.includes("json")) { state.textContent = words.signIn; return; }
      const me = await answer.json();
      state.textContent = words.online;
      // What somebody is typing just now is left alone until they have stepped out of it.
      for (const draft of await all()) {
        const item = list.querySelector(`[data-id="${draft.id}"]`);
        if (!item?.contains(document.activeElement) && !item?.querySelector("[data-look]:not([hidden])") && value(draft, "text").trim()) await send(draft, me);
      }
    } catch { state.textContent = words.offline; } finally { busy = false; }
  };
  document.getElementById("begin").addEventListener("click", async () => {
    const draft = { id: fresh(), at: Date.now(), owner: "", address: words.new, fields: [] };
    put(draft, "key", draft.id);
    await keep(draft);
    row(draft).querySelector("[data-field=title]").focus();
  });
  addEventListener("online", round);
  all().then((found) => { found.forEach(row); round(); setInterval(round, 5000); });
})();
