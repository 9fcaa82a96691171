// A link with data-key opens on that key, unless someone types or another key is held. Shortcuts of one letter can be switched off
// (WCAG 2.1.4): the switch is kept in this browser.
const off = "fiducial keys off";
const typing = (target) => target instanceof Element && target.closest("input, select, textarea, [contenteditable]");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented || typing(event.composedPath()[0]) || localStorage.getItem(off)) return;
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key.toLowerCase())}"]`);
  if (!link) return;
  event.preventDefault();
  link.click();
});
const place = document.querySelector("footer form");
if (place) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "quiet";
  const show = () => {
    button.textContent = localStorage.getItem(off) ? "Switch single-letter keys on" : "Switch single-letter keys off";
  };
  button.addEventListener("click", () => {
    if (localStorage.getItem(off)) localStorage.removeItem(off);
    else localStorage.setItem(off, "1");
    show();
  });
  show();
  place.prepend(button);
}
