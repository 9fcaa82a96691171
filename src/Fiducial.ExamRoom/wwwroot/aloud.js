// <fid-aloud>: reads its text aloud in the language in which it is written, where the browser has a voice.
class FidAloud extends HTMLElement {
  connectedCallback() {
    if (!("speechSynthesis" in window) || this.querySelector("button")) return;
    const language = this.closest("[lang]").lang;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "second";
    const rest = () => {
      button.textContent = language === "fr" ? "Lire à voix haute" : "Read aloud";
      button.setAttribute("aria-pressed", "false");
    };
    rest();
    button.addEventListener("click", () => {
      const wasSpeaking = button.getAttribute("aria-pressed") === "true";
      speechSynthesis.cancel();
      if (wasSpeaking) return rest();
      const words = new SpeechSynthesisUtterance(this.querySelector("p").textContent);
      words.lang = language;
      words.onend = words.onerror = rest;
      button.textContent = language === "fr" ? "Arrêter" : "Stop";
      button.setAttribute("aria-pressed", "true");
      speechSynthesis.speak(words);
    });
    this.append(button);
  }
  disconnectedCallback() {
    speechSynthesis?.cancel();
  }
}
customElements.define("fid-aloud", FidAloud);
