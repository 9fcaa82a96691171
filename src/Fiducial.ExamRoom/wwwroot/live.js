// <fid-live data-source="…">: when the server says that something of this exam changed, the page's content is fetched again
// and put in place. What stands in a form that is being filled in is left alone.
class FidLive extends HTMLElement {
  connectedCallback() {
    this.events = new EventSource(this.dataset.source);
    for (const kind of ["exam", "images", "concern"]) this.events.addEventListener(kind, () => this.soon());
  }
  disconnectedCallback() {
    this.events.close();
  }
  soon() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.refresh();
    }, 60);
  }
  async refresh() {
    const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const main = document.querySelector("main");
    for (const input of main.querySelectorAll("input[name],select[name]")) {
      const twin = fresh.querySelector(`[name="${CSS.escape(input.name)}"]`);
      if (!twin || input.name === "__RequestVerificationToken" || input.name === "manifest") continue;
      if (input.type === "checkbox") twin.toggleAttribute("checked", input.checked);
      else twin.setAttribute("value", input.value);
    }
    fresh.querySelector("fid-live")?.remove();
    const live = this;
    for (const child of [...main.children]) if (child !== live) child.remove();
    main.append(...[...fresh.children].filter((c) => c.tagName !== "SCRIPT"));
  }
}
customElements.define("fid-live", FidLive);
