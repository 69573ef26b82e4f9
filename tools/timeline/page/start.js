// Puts the page together, and gives keys to the view that is shown.

const steps = timeline.steps ?? timeline.right?.steps;
const views = [];
if (steps && steps.length > 0) {
  const right = timeline.steps && data.verdict !== "passed" ? timeline.right : null;
  views.push({ id: "timeline", name: failed ? "Step through it" : "Step through an order", ...walk(steps, timeline.steps ? timeline.mistake : null, right) });
}
if (play) views.push({ id: "play", name: "Play", ...game() });

let shown = 0;
const tabs = views.map((view, number) => el("button", { type: "button", role: "tab", id: `tab-${view.id}`, "aria-controls": `view-${view.id}`, onclick: () => show(number) }, view.name));
const panels = views.map((view) => el("div", { role: "tabpanel", id: `view-${view.id}`, "aria-labelledby": `tab-${view.id}` }, view.node));
function show(number) {
  shown = number;
  tabs.forEach((tab, at) => {
    tab.setAttribute("aria-selected", String(at === number));
    tab.tabIndex = at === number ? 0 : -1;
    panels[at].hidden = at !== number;
  });
}
// Whether the key is wanted by a region that can be scrolled, and has no other way to be without a mouse.
function scrolls(target, key) {
  const region = target instanceof HTMLElement ? target.closest('[role="region"][tabindex]') : null;
  if (!region) return false;
  return ["ArrowLeft", "ArrowRight"].includes(key) ? region.scrollWidth > region.clientWidth
    : ["Home", "End"].includes(key) && region.scrollHeight > region.clientHeight;
}
document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey || views.length === 0) return;
  const target = event.target;
  if (target instanceof HTMLElement && target.getAttribute("role") === "tab" && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
    show((shown + (event.key === "ArrowRight" ? 1 : views.length - 1)) % views.length);
    tabs[shown].focus();
    event.preventDefault();
    return;
  }
  if (target instanceof HTMLInputElement && ["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;  // the slider's own
  if (scrolls(target, event.key)) return;
  if (views[shown].key(event)) event.preventDefault();
});

const program = [String(data.program).split("/").pop(), ...(data.arguments ?? [])].join(" ");
const header = el("header", {},
  el("p", { class: "over" }, "Session Race Lab: ", timeline.subject ?? program),
  el("h1", {}, el("span", { class: `mark ${!judged ? "unknown" : failed ? "bad" : "good"}`, "aria-hidden": "true" }, !judged ? "?" : failed ? "✕" : "✓"), ` ${capital(timeline.title)}`),
  judged ? null : el("p", { class: "notice" }, "The explorer could not judge this program: it has neither passed nor failed, and nothing here says that it did."),
  play?.complete ? null : el("p", { class: "quiet" }, timeline.extent),
  timeline.replay ? el("p", { class: "replay" }, "Run it again: ", el("code", {}, timeline.replay)) : null,
  (data.beside ?? []).map((one) => el("p", { class: "beside" }, el("a", { href: encodeURIComponent(one.file) }, one.text))));
const footer = el("footer", {},
  el("p", {}, "Keys: ← and → step, Home and End, m to the mistake; in play a thread's number picks it, Backspace takes back, r starts again."),
  (data.limits ?? []).map((limit) => el("p", {}, limit)));
document.title = `${capital(timeline.title)} – Session Race Lab`.slice(0, 120);
document.getElementById("main").append(...[header,
  views.length > 1 ? el("div", { role: "tablist", class: "tabs", "aria-label": "Views" }, tabs) : null,
  ...panels,
  views.length === 0 ? el("p", { class: "notice" }, "No step of this run is shown: nothing in it is shared, or it has no source lines.") : null,
  footer].filter(Boolean));
if (views.length > 0) show(location.hash === "#play" && play ? views.length - 1 : 0);
