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

init({ module_or_path: "/frontend_bg.wasm" });
