// <form data-draft="ADDRESS" data-author="PERSON">: what is typed is kept in this browser at once and saved on the server at each
// pause; a page that is opened again, here or in another browser, has it. The server answers a save with the new revision, or with the
// reason why it was not saved. A form with data-revision came filled in from its draft; others fetch theirs.
const pause = 400;
const retry = 3000;

class Draft {
  constructor(form) {
    this.form = form;
    this.key = `draft ${form.dataset.author} ${form.dataset.draft}`;
    this.status = form.querySelector("[data-saved]") ?? this.#newStatus();
    this.sending = Promise.resolve(true);
    form.addEventListener("input", () => this.typed());
    addEventListener("pagehide", () => this.timer && this.#put(true));
  }

  async open() {
    if (this.form.dataset.revision === undefined) {
      this.form.dataset.revision = 0;
      const answer = await fetch(this.form.dataset.draft, { headers: { Accept: "application/json" } }).catch(() => undefined);
      const kept = answer?.ok ? await answer.json() : undefined;
      // What was typed while this was fetched counts more.
      if (kept?.revision > 0 && !this.timer) {
        this.fill(kept.sections);
        this.status.textContent = "Saved: this is your draft";
      }
      if (kept) this.form.dataset.revision = kept.revision;
    }
    this.#unsent();
  }

  // What the server never got: it goes on where the draft is the same as then, and is shown beside it where it is not.
  #unsent() {
    const kept = JSON.parse(localStorage.getItem(this.key) ?? "null");
    if (!kept || this.timer) return;
    const here = JSON.stringify(this.sections());
    // The page may have gone while a save was under way, which then counts as this browser's own.
    const own = [kept.sending, kept.sections].some((s) => s && JSON.stringify(s) === here);
    if (kept.revision === this.revision || own) {
      this.fill(kept.sections);
      this.save();
      return;
    }
    const text = Object.values(kept.sections).filter((t) => t.trim()).join("\n\n");
    const aside = document.createElement("details");
    const title = document.createElement("summary");
    const words = document.createElement("p");
    title.textContent = "Typed here and not saved, because the draft was changed elsewhere";
    words.textContent = text;
    words.className = "report-text";
    aside.append(title, words);
    aside.open = true;
    this.status.after(aside);
    localStorage.removeItem(this.key);
  }

  get revision() {
    return Number(this.form.dataset.revision);
  }

  // Fields that share a name are told apart by a number.
  #fields() {
    const count = {};
    return [...this.form.elements]
      .filter((f) => f.name && !["hidden", "checkbox", "radio", "password", "submit"].includes(f.type) && f.tagName !== "BUTTON")
      .map((f) => [(count[f.name] = (count[f.name] ?? 0) + 1) > 1 ? `${f.name} ${count[f.name]}` : f.name, f]);
  }

  sections() {
    return Object.fromEntries(this.#fields().map(([name, field]) => [name, field.value]));
  }

  fill(sections) {
    for (const [name, field] of this.#fields()) if (sections[name] !== undefined) field.value = sections[name];
  }

  typed() {
    const { sending } = JSON.parse(localStorage.getItem(this.key) ?? "{}");
    localStorage.setItem(this.key, JSON.stringify({ revision: this.revision, sections: this.sections(), sending }));
    this.status.textContent = "…";
    this.#later(pause);
  }

  #later(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), time);
  }

  // Saves now, after what is being saved; true when the server has what stands here.
  save() {
    clearTimeout(this.timer);
    this.timer = undefined;
    return (this.sending = this.sending.then(() => this.#put(false)));
  }

  async #put(keepalive) {
    const sections = this.sections();
    localStorage.setItem(this.key, JSON.stringify({ revision: this.revision, sections, sending: sections }));
    let answer;
    try {
      answer = await fetch(this.form.dataset.draft, {
        method: "PUT",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ revision: this.revision, sections }),
        keepalive,
      });
    } catch {
      return this.#trouble("Not sent yet: kept in this browser, trying again");
    }
    const saved = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : undefined;
    if (saved?.refusal) {
      this.status.textContent = saved.refusal;
      return false;
    }
    if (!answer.ok || !saved) {
      return this.#trouble("Not saved: kept in this browser. Sign in again in another tab, and it goes on");
    }
    this.form.dataset.revision = saved.revision;
    const kept = { revision: saved.revision, sections: this.sections() };
    if (JSON.stringify(kept.sections) === JSON.stringify(sections)) localStorage.removeItem(this.key);
    else localStorage.setItem(this.key, JSON.stringify(kept));
    if (!this.timer) this.status.textContent = `Saved ${new Date().toLocaleTimeString()}`;
    return true;
  }

  #trouble(words) {
    this.status.textContent = words;
    if (!this.timer) this.#later(retry);
    return false;
  }

  #newStatus() {
    const status = document.createElement("p");
    status.className = "soft small";
    status.dataset.saved = "";
    status.setAttribute("role", "status");
    this.form.append(status);
    return status;
  }
}

// A form is sent only when the server has all of its draft: otherwise the page, and what is typed in it, stays.
export function sendWhenSaved(form, draft, before = () => {}) {
  let saved = false;
  form.addEventListener("submit", async (event) => {
    if (saved) return;
    event.preventDefault();
    if (!(await draft.save())) return;
    saved = true;
    before();
    form.requestSubmit(event.submitter ?? undefined);
  });
  // The browser's back button may bring the page back as it was.
  addEventListener("pageshow", () => (saved = false));
}

export const drafts = new Map();
for (const form of document.querySelectorAll("form[data-draft]")) {
  const draft = new Draft(form);
  drafts.set(form, draft);
  draft.open();
  if (form.method === "post") sendWhenSaved(form, draft);
}
