// The report beside the viewer: what is measured goes into it, and it is signed as it stands on this screen.
import { drafts, sendWhenSaved } from "../Fiducial.Foundation/draft.js";

const form = document.getElementById("report");
const draft = drafts.get(form);
if (draft) {
  form.addEventListener("submit", (e) => e.preventDefault());
  const sign = document.getElementById("sign");
  if (sign) sendWhenSaved(sign, draft, () => (sign.elements.revision.value = draft.revision));
  document.querySelector("fiducial-viewer")?.addEventListener("measurement", (e) => {
    const findings = form.querySelector("[name=findings]");
    const text = typeof e.detail === "string" ? e.detail : (e.detail?.text ?? "");
    if (text) {
      findings.value += (findings.value ? "\n" : "") + text;
      findings.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}
