// Begins the program. The texts of the reader's language come beside it, not after it. Which one that is the program
// decides (frontend/src/settings.rs); where this takes another one, only the hurry is lost.
import init from "/frontend.js";

let chosen = "";
try {
  chosen = localStorage.getItem("parlance.language") ?? "";
} catch {
  // Storage is blocked: nothing was chosen.
}
const texts = [...document.querySelectorAll("meta[name=texts]")];
const speaks = (tag) => texts.find(({ lang }) => lang.split("-")[0] === tag.split("-")[0]);
const link = document.createElement("link");
link.rel = "preload";
link.as = "fetch";
link.crossOrigin = "anonymous";
link.href = [chosen, ...navigator.languages, "en"].map(speaks).find(Boolean).content;
document.head.append(link);

const begun = init({ module_or_path: "/frontend_bg.wasm" });

// The worker of the shell. It fetches all there is, so the program goes first. Who had an older one is offered the new one, and
// only that: nothing is reloaded by itself.
const workers = navigator.serviceWorker;
if (workers) {
  const old = workers.controller;
  workers.addEventListener("controllerchange", () => old && dispatchEvent(new Event("parlance-new")));
  addEventListener("load", async () => {
    await begun;
    const shell = await workers.register("/sw.js");
    const look = () => shell?.update().catch(() => {});
    setInterval(look, 600_000);
    addEventListener("online", look);
  });
}
