// Keeps the shell of the app, so that it opens while the server cannot be reached: the page, its program, styles, texts and
// icons, all of one version. Never what people say or who they are: the API and the sockets are none of its business.
const VERSION = "%version%";
const START = "%start%";
const SHELL = %shell%;

addEventListener("install", (event) => event.waitUntil(keep()));
addEventListener("activate", (event) => event.waitUntil(letGo()));
addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== location.origin) return;
  if (mode === "navigate" && /^\/(r\/.*|theatre)?$/.test(pathname)) event.respondWith(page(event.request));
  else if (SHELL.includes(pathname)) event.respondWith(kept(event.request));
});

async function keep() {
  const cache = await caches.open(VERSION);
  await cache.addAll(SHELL);
  const page = await fetch("/", { cache: "no-store" });
  // The server may be another one by now. Then its own worker keeps its page; half of each would be worse than none.
  if (!(await page.clone().text()).includes(START)) throw new Error("the page is of another version");
  await cache.put("/", page);
  await skipWaiting();
}

async function letGo() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name)));
  await clients.claim();
}

// The server's own page wherever it can be had, so that a new version comes with the next load.
async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.status < 500) return answer;
  } catch {
    // The kept one, then.
  }
  return (await caches.match("/")) ?? Response.error();
}

// Their names change with what they hold.
async function kept(request) {
  return (await caches.match(request.url)) ?? fetch(request);
}
