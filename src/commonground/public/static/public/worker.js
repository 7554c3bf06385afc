// Shows a notice that came, and opens its page. It keeps nothing and answers for no page.
"use strict";

const written = (data) => {
  try {
    const said = data.json();
    if (typeof said.title === "string") return said;
  } catch {}
  return {};
};

// A browser takes the permission away from a site that is sent something and shows nothing.
const show = (said) => self.registration.showNotification(said.title || self.location.host, {
  body: said.body || "", lang: said.lang || "", dir: "auto", data: { url: said.url || "/newsroom/" },
  // A correction has the tag of what it puts right: it takes its place, and is heard again.
  ...(said.tag ? { tag: said.tag, renotify: true } : {}),
  requireInteraction: said.urgent === true,
});

self.addEventListener("push", (event) => event.waitUntil(show(written(event.data))));

// Only pages of this site are opened, whatever a notice says.
const ours = (url) => {
  const there = new URL(url, self.location.origin);
  return there.origin === self.location.origin ? there.href : self.location.origin + "/newsroom/";
};

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(ours(event.notification.data.url)));
});

const textOf = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

// Some browsers change the address they are reached at; the desk must hear of the new one.
const renew = async (event) => {
  const made = event.newSubscription || (event.oldSubscription && await self.registration.pushManager.subscribe(event.oldSubscription.options));
  if (!made) return;
  const list = new URL(self.registration.scope).pathname.split("/").filter(Boolean).pop();
  const fields = { list, endpoint: made.endpoint, p256dh: textOf(made.getKey("p256dh")), auth: textOf(made.getKey("auth")) };
  if (event.oldSubscription) fields.former = event.oldSubscription.endpoint;
  await fetch("/notices/join/", { method: "POST", body: new URLSearchParams(fields), credentials: "omit" });
};

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
