// <fid-live data-source="…">: when the server says that something of this exam changed, the page is fetched again and the parts
// marked data-live that differ are put in place. What was typed or ticked stays, and so does the focus.
class FidLive extends HTMLElement {
  connectedCallback() {
    this.events = new EventSource(this.dataset.source);
    for (const kind of ["exam", "images", "concern"]) this.events.addEventListener(kind, () => this.soon());
    // After a lost connection: what happened meanwhile is fetched.
    this.events.addEventListener("open", () => {
      if (this.wasOpen) this.soon();
      this.wasOpen = true;
    });
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
      await new Promise((done) => setTimeout(done, 40));
      this.wanted = false;
      if (await this.refresh()) continue;
      // The clinic did not answer: what it said is still to be fetched.
      await new Promise((done) => setTimeout(done, 1000));
      this.wanted = true;
    }
    this.busy = false;
  }
  // False when there was no answer.
  async refresh() {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } }).catch(() => undefined);
    if (!answer || answer.status >= 500) return false;
    if (!answer.ok) return true;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const main = document.querySelector("main");
    const focus = document.activeElement;
    const present = new Set([...fresh.querySelectorAll("main [data-live]")].map((part) => part.id));
    const kept = [...main.querySelectorAll("[data-live]")];
    let after = this;
    for (const part of fresh.querySelectorAll("main [data-live]")) {
      const old = kept.find((one) => one.id === part.id);
      if (old && sameBut(old, part)) {
        after = old;
        continue;
      }
      keepTyped(old ?? main, part);
      const adopted = document.adoptNode(part);
      if (old) old.replaceWith(adopted);
      else after.after(adopted);
      after = adopted;
    }
    for (const old of kept) if (old.isConnected && !present.has(old.id)) old.remove();
    if (focus && !focus.isConnected) this.refocus(focus);
    return true;
  }
  refocus(lost) {
    const twin = (lost.id && document.getElementById(lost.id)) || (lost.name && document.querySelector(`main [name="${CSS.escape(lost.name)}"]`));
    twin?.focus({ preventScroll: true });
  }
}

const volatile = 'input[name="__RequestVerificationToken"]';

// Equal apart from tokens and from what the person did: ticks, text, an opened list.
function sameBut(old, part) {
  const plain = (element) => {
    const copy = element.cloneNode(true);
    for (const one of copy.querySelectorAll(volatile)) one.remove();
    for (const one of copy.querySelectorAll("details")) one.removeAttribute("open");
    for (const one of copy.querySelectorAll("input, option")) for (const name of ["checked", "selected"]) one.removeAttribute(name);
    for (const one of copy.querySelectorAll("time")) one.removeAttribute("title");
    return copy.outerHTML;
  };
  return plain(old) === plain(part);
}

function keepTyped(old, part) {
  for (const input of old.querySelectorAll("input[name], select[name], textarea[name]")) {
    const twin = part.querySelector(`[name="${CSS.escape(input.name)}"]`);
    if (!twin || input.name === "__RequestVerificationToken") continue;
    if (input.type === "checkbox") twin.toggleAttribute("checked", input.checked);
    else if (input.tagName === "SELECT") for (const option of twin.options) option.toggleAttribute("selected", option.value === input.value);
    // A number that nobody changed follows what has come in.
    else if (input.value !== input.defaultValue) twin.setAttribute("value", input.value);
  }
  for (const open of old.querySelectorAll("details[open][id]")) part.querySelector(`#${CSS.escape(open.id)}`)?.setAttribute("open", "");
}
customElements.define("fid-live", FidLive);
