// A session ends after a rest. Before, the page warns; then it is covered, and whoever signs in again finds it as it was, with all that was
// typed. What counts is what the server says: this script shows it, and tells the server of signs of life.
import { offerPasskeys } from "./passkey.js";

const place = document.querySelector("[data-session]");
const who = place.dataset.session;
const idle = Number(place.dataset.idle) * 1000;
const warnBefore = Math.min(60_000, idle / 3);
const tellEvery = Math.min(20_000, idle / 10);
const askEvery = 30_000;
const shared = "fiducial-sign-of-life";

let told = Date.now();
let seen = told;
let asked = told;
let warning;
let cover;

async function whose(method = "GET") {
  asked = Date.now();
  try {
    return (await (await fetch("/session", { method })).json()).who;
  } catch {
    return undefined; // The server is away: that ends no session.
  }
}

async function tell() {
  told = seen = Date.now();
  localStorage.setItem(shared, told);
  const now = await whose("POST");
  if (now !== undefined && now !== who) hide();
}

function live() {
  if (!cover) seen = Date.now();
}
for (const sign of ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"]) addEventListener(sign, live, { passive: true, capture: true });

// Another window of the same browser has the same session.
addEventListener("storage", (event) => {
  if (event.key === shared) told = Math.max(told, Number(event.newValue));
});

async function look() {
  const now = await whose();
  if (now === undefined) return;
  if (cover && now === who) show();
  else if (!cover && now !== who) hide();
}
addEventListener("focus", look);
document.addEventListener("visibilitychange", () => document.hidden || look());

async function tick() {
  const now = Date.now();
  if (cover) {
    if (now - asked > askEvery / 10 && !document.hidden) await look();
    return;
  }
  if (seen > told && now - told > tellEvery) await tell();
  const left = told + idle - now;
  if (left <= 0) {
    // The page closes its eyes by itself, also when the server cannot be asked.
    hide();
    await look();
  } else if (left < warnBefore) warn(left);
  else {
    warning?.remove();
    warning = undefined;
    if (now - asked > askEvery) await look();
  }
}

function warn(left) {
  if (!warning) {
    warning = element("div", "warning ends-soon");
    warning.setAttribute("role", "alertdialog");
    warning.setAttribute("aria-label", "The session ends soon");
    const stay = element("button", "", "Stay");
    stay.type = "button";
    stay.addEventListener("click", tell);
    warning.append(element("p", "", "Nothing has moved here for a while. What you have typed is kept, and this page is covered soon."), element("p", "small"), stay);
    document.body.append(warning);
  }
  warning.querySelector(".small").textContent = `In ${Math.ceil(left / 1000)} seconds.`;
}

function hide() {
  if (cover) return;
  warning?.remove();
  warning = undefined;
  cover = element("dialog", "cover");
  cover.title_ = document.title;
  document.title = "Signed out – Fiducial";
  cover.setAttribute("aria-labelledby", "covered");
  const inside = element("div", "");
  const title = element("h1", "", "This page is covered");
  title.id = "covered";
  inside.append(title, element("p", "soft", "The session has ended. Sign in again, and it is as you left it, with what you have typed."), element("div", ""));
  cover.append(inside);
  document.documentElement.classList.add("covered");
  document.body.append(cover);
  cover.addEventListener("cancel", (event) => event.preventDefault());
  cover.addEventListener("close", () => cover?.showModal());
  cover.showModal();
  door();
}

function show() {
  const past = cover;
  cover = undefined;
  document.title = past.title_;
  past.close();
  past.remove();
  document.documentElement.classList.remove("covered");
  told = seen = Date.now();
}

async function door() {
  try {
    await offer(await fetch("/sign-in?return=/session"));
  } catch {
    setTimeout(() => cover && door(), 3000);
  }
}

// The forms of the sign-in pages themselves, in place of a page of their own.
async function offer(answer) {
  if (!cover) return;
  if (!new URL(answer.url).pathname.startsWith("/sign-in")) {
    const now = await whose();
    if (now === who) show();
    else if (now) location.assign("/"); // Someone else, who does not see what is below.
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const form = document.importNode(page.querySelector("main form[action^='/sign-in']"), true);
  const refusal = page.querySelector("main [role=alert]");
  cover.querySelector("div > div").replaceChildren(...(refusal ? [document.importNode(refusal, true)] : []), form);
  const [name, role] = who.split(" ");
  if (form.elements.person) form.elements.person.value = name;
  if (form.elements.role && [...form.elements.role.options].some((o) => o.value === role)) form.elements.role.value = role;
  offerPasskeys(form);
  (form.elements.password ?? form.elements.code)?.focus();
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const sent = new URLSearchParams(new FormData(form));
    await offer(await fetch(form.action, { method: "POST", body: sent }));
  });
}

function element(name, look, words = "") {
  const one = document.createElement(name);
  one.className = look;
  one.textContent = words;
  return one;
}

setInterval(tick, Math.min(1000, idle / 20));
