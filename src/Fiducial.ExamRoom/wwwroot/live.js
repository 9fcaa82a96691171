// <fid-live data-source="…">: when the server says that something of this exam changed, the page's content is fetched again
// and put in place. What stands in a form that is being filled in is left alone, and so are pictures that are there already.
const pause = 40;

class FidLive extends HTMLElement {
  connectedCallback() {
    this.events = new EventSource(this.dataset.source);
    for (const kind of ["exam", "images", "concern"]) this.events.addEventListener(kind, () => this.soon());
    // What happened while the connection was away was not said.
    this.events.addEventListener("error", () => (this.away = true));
    this.events.addEventListener("open", () => this.away && this.soon());
  }
  disconnectedCallback() {
    this.events.close();
  }
  // One fetch at a time: an answer that was overtaken never replaces a newer one.
  async soon() {
    this.wanted = true;
    if (this.busy) return;
    this.busy = true;
    while (this.wanted && this.isConnected) {
      await new Promise((done) => setTimeout(done, pause));
      this.wanted = false;
      // Without a connection the page stays as it is; its return is an event of its own.
      await this.refresh().catch(() => (this.away = true));
    }
    this.busy = false;
  }
  async refresh() {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok || answer.redirected) return;
    this.away = false;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const main = document.querySelector("main");
    const focused = document.activeElement?.name;
    for (const field of main.querySelectorAll("input[name],select[name],textarea[name]")) {
      const twin = fresh.querySelector(`${field.tagName}[name="${CSS.escape(field.name)}"]`);
      if (twin) keep(field, twin);
    }
    for (const picture of main.querySelectorAll("img[data-image]")) {
      fresh.querySelector(`img[data-image="${CSS.escape(picture.dataset.image)}"]`)?.replaceWith(picture);
    }
    fresh.querySelector("fid-live")?.remove();
    for (const child of [...main.children]) if (child !== this) child.remove();
    main.append(...[...fresh.children].filter((c) => c.tagName !== "SCRIPT"));
    if (focused) main.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus();
  }
}

// What a person has changed outweighs what the server would put there.
function keep(field, twin) {
  if (field.type === "hidden") return;
  if (field.type === "checkbox") twin.toggleAttribute("checked", field.checked);
  else if (field.tagName === "SELECT") for (const option of twin.options) option.toggleAttribute("selected", option.value === field.value);
  else if (field.tagName === "TEXTAREA") twin.textContent = field.value;
  else if (field.value !== field.defaultValue) twin.setAttribute("value", field.value);
}

customElements.define("fid-live", FidLive);
