// <div data-passkey="PURPOSE" data-question="ADDRESS"> in a form: its button asks the server for a question, the browser for a passkey, puts
// the answer into the field "passkey", and sends the form. Where the browser has no passkeys the button stays away.
const numbers = /^(\d+\.){3}\d+$|^\[/;

async function answer(place, form) {
  const token = form.elements.__RequestVerificationToken.value;
  const wish = new URLSearchParams({ for: place.dataset.passkey, __RequestVerificationToken: token });
  const asked = await fetch(place.dataset.question, { method: "POST", body: wish });
  if (!asked.ok) throw new Error("The question did not come: load the page again.");
  const { question, options } = await asked.json();
  const credential =
    place.dataset.passkey === "new"
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) });
  return JSON.stringify({ question, credential: credential.toJSON() });
}

export function offerPasskeys(root) {
  for (const place of root.querySelectorAll("[data-passkey]")) {
    const form = place.closest("form");
    const button = place.querySelector("button");
    const status = place.querySelector("[role=status]");
    if (!globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON) continue;
    // WebAuthn knows names, no addresses: where a passkey would be added it is said, elsewhere there is none.
    button.hidden = numbers.test(location.hostname) && place.dataset.passkey !== "new";
    if (numbers.test(location.hostname)) {
      if (place.dataset.passkey === "new") status.textContent = "Passkeys need the name of this server in the address, such as http://localhost, in place of its number.";
      button.disabled = true;
      continue;
    }
    button.addEventListener("click", async () => {
      // What the form needs beside the passkey, but no code: the passkey is in its place.
      if (place.dataset.passkey === "new" && !form.reportValidity()) return;
      status.textContent = "";
      try {
        place.querySelector("[name=passkey]").value = await answer(place, form);
      } catch (trouble) {
        status.textContent = trouble.name === "NotAllowedError" ? "No passkey was given." : trouble.message;
        return;
      }
      for (const code of form.querySelectorAll("[name=code], [name=person], [name=password]")) if (place.dataset.passkey !== "new") code.required = false;
      form.requestSubmit();
    });
  }
}

offerPasskeys(document);
