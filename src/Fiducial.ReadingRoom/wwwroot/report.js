// The report form saves itself at each pause in typing; what could not be sent stays in the browser and is sent again.
const form = document.getElementById("report");
if (form) {
  const status = form.querySelector("[data-saved]");
  const key = `draft ${form.dataset.draft}`;
  let timer, sending = Promise.resolve();
  const sections = () => Object.fromEntries([...form.querySelectorAll("textarea")].map((t) => [t.name, t.value]));
  const send = async () => {
    const text = sections();
    localStorage.setItem(key, JSON.stringify(text));
    try {
      const answer = await fetch(form.dataset.draft, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ revision: Number(form.dataset.revision), sections: text }),
      });
      const saved = await answer.json();
      if (saved.refusal) {
        status.textContent = saved.refusal;
        return;
      }
      form.dataset.revision = saved.revision;
      localStorage.removeItem(key);
      status.textContent = `Saved ${new Date().toLocaleTimeString()}`;
    } catch {
      status.textContent = "Not sent yet: kept in this browser, trying again";
      timer = setTimeout(save, 3000);
    }
  };
  const save = () => (sending = sending.then(send));
  form.addEventListener("submit", (e) => e.preventDefault());
  form.addEventListener("input", () => {
    clearTimeout(timer);
    status.textContent = "…";
    timer = setTimeout(save, 400);
  });
  const sign = document.getElementById("sign");
  let saved = false;
  sign?.addEventListener("submit", async (e) => {
    if (saved) return;
    e.preventDefault();
    clearTimeout(timer);
    await save();
    saved = true;
    sign.requestSubmit();
  });
  document.querySelector("fiducial-viewer")?.addEventListener("measurement", (e) => {
    const findings = form.querySelector("[name=findings]");
    const text = typeof e.detail === "string" ? e.detail : (e.detail?.text ?? "");
    if (text) {
      findings.value += (findings.value ? "\n" : "") + text;
      findings.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
