// The report beside the viewer: it is signed as it stands on this screen. (The viewer puts a measurement into it by its key M.)
import { drafts, sendWhenSaved } from "../Fiducial.Foundation/draft.js";

const form = document.getElementById("report");
const draft = drafts.get(form);
if (draft) {
  form.addEventListener("submit", (e) => e.preventDefault());
  const sign = document.getElementById("sign");
  // What was seen a moment ago counts for the signature, too: the viewer tells it twice a second.
  const viewer = document.querySelector("fiducial-viewer");
  const all = { save: async () => ((await viewer?.coverageSaved?.()) ?? true) && draft.save() };
  if (sign) sendWhenSaved(sign, all, () => (sign.elements.revision.value = draft.revision));
}

// The badges above: which display was chosen, and what has been seen.
const chip = (place, tone, words) => {
  const one = document.createElement("span");
  one.className = `chip ${tone}`;
  one.textContent = words;
  place.replaceChildren(one);
};
const displays = document.querySelector("[data-displays]");
const showDisplay = () => {
  const chosen = displays.selectedOptions[0];
  const refusal = chosen?.dataset.refusal;
  chip(document.querySelector("[data-display]"), chosen && !refusal ? "ok" : "warn", !chosen ? "No display is registered" : refusal ? "Reading only" : "Qualified display");
};
displays?.addEventListener("change", showDisplay);
if (displays) showDisplay();
const coverage = document.querySelector("[data-coverage]");
document.querySelector("fiducial-viewer")?.addEventListener("coverage", (event) => {
  const all = Number(coverage.dataset.coverage);
  const now = event.detail.instances.filter((one) => one.share >= 0.99 && one.framesSeen >= one.frames).length;
  const seen = Math.min(all, Math.max(Number(coverage.dataset.seen), now));
  chip(coverage, seen === all ? "ok" : "warn", `Seen at 1:1: ${seen} of ${all}`);
});
