// The report form saves itself at each pause in typing. What could not be sent stays in this browser and is sent again, also after
// the page was closed.
const form = document.getElementById("report");
const sign = document.getElementById("sign");
if (form) {
  const status = form.querySelector("[data-saved]");
  const key = `draft ${form.dataset.draft}`;
  const fields = [...form.querySelectorAll("textarea")];
  const sections = () => Object.fromEntries(fields.map((field) => [field.name, field.value]));
  let timer, sending = Promise.resolve(true);
  // True when the server has what stands in the form.
  const send = async () => {
    const text = sections();
    localStorage.setItem(key, JSON.stringify({ revision: form.dataset.revision, sections: text }));
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ revision: Number(form.dataset.revision), sections: text }),
      });
      const saved = await answer.json();
      if (saved.refusal) {
        status.textContent = saved.refusal;
        return false;
      }
      form.dataset.revision = saved.revision;
      localStorage.removeItem(key);
      status.textContent = `Saved ${new Date().toLocaleTimeString()}`;
      return true;
    } catch {
      status.textContent = "Not sent yet: kept in this browser, trying again";
      timer = setTimeout(save, 3000);
      return false;
    }
  };
  const save = () => {
    clearTimeout(timer);
    return (sending = sending.then(send));
  };
  const unsent = JSON.parse(localStorage.getItem(key) ?? "null");
  if (unsent?.sections) {
    if (unsent.revision === form.dataset.revision) {
      for (const field of fields) field.value = unsent.sections[field.name] ?? field.value;
      status.textContent = "Text that had not been sent was put back";
      save();
    } else {
      // The draft moved on elsewhere: nothing is overwritten, and nothing is lost.
      const kept = document.createElement("details");
      const summary = document.createElement("summary");
      const text = document.createElement("p");
      summary.textContent = "Text of this browser that was never sent";
      text.className = "report-text";
      text.textContent = Object.values(unsent.sections).filter(Boolean).join("\n\n");
      kept.append(summary, text);
      form.append(kept);
    }
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    clearTimeout(timer);
    status.textContent = "…";
    timer = setTimeout(save, 400);
  });
  let saved = false;
  sign?.addEventListener("submit", async (event) => {
    if (saved) return;
    event.preventDefault();
    // What is signed is what is saved: without the one there is not the other.
    if (!(await save())) return status.scrollIntoView({ block: "center" });
    saved = true;
    sign.requestSubmit();
  });
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
