// What everything on the page is made of: elements, and the words for threads, places and deeds. All that is shown comes
// from the report in #data, and goes in as text, never as markup.

const data = JSON.parse(document.getElementById("data").textContent);
const timeline = data.timeline;
const play = timeline.play;
// What could not be judged has neither passed nor failed.
const judged = !["could_not_judge", "nondeterministic"].includes(data.verdict);
const failed = judged && data.verdict !== "passed";
const narrow = window.matchMedia("(max-width: 56rem)");

function el(tag, traits, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(traits ?? {})) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) node.append(child);
  }
  return node;
}

const threadIds = timeline.threads.map((thread) => thread.id);
const laneOf = (thread) => Math.max(threadIds.indexOf(thread), 0);
const nameOf = (thread) => timeline.threads.find((one) => one.id === thread)?.name ?? `thread ${thread}`;
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
const placeOf = (step) => {
  if (step.place === null) return null;
  const [file, line, func] = timeline.places[step.place];
  return { file, line, func, name: timeline.files[file].name, lines: timeline.files[file].lines };
};
const where = (step) => {
  const place = placeOf(step);
  return place ? `${place.name}:${place.line}` : "";
};
const lineOf = (step) => (where(step) ? ` (${where(step)})` : "");
const count = (number, noun, told = (one) => one.toLocaleString("en")) => `${told(number)} ${noun}${number === 1 ? "" : "s"}`;
const orders = (number) => (number > 1e15 ? `about ${number.toExponential(1).replace("e+", " × 10^")}` :
  number.toLocaleString("en"));

function badge(thread) {
  return el("span", { class: `badge lane-${laneOf(thread) % 6}`, title: nameOf(thread) },
    el("span", { "aria-hidden": "true" }, thread === 0 ? "M" : String(thread)),
    el("span", { class: "hidden" }, nameOf(thread)));
}

// What a step does, in a sentence each; in a play the engine adds what only the order shows.
function deedsOf(step, notes) {
  const lines = step.deeds.map((deed, number) => {
    let told = deed.told;
    for (const note of notes ?? []) {
      if (note.deed !== number) continue;
      if (note.writtenBy !== undefined && deed.written_by === undefined) told += ` (written by step ${note.writtenBy + 1})`;
      if (note.loss && deed.overwrites === undefined) {
        told += `, over what ${nameOf(note.loss.loser)} wrote in step ${note.loss.change + 1}; ` +
          `it last looked in step ${note.loss.look + 1}`;
      }
    }
    if (deed.times > 1) told += deed.block > 1 ? ` … the last ${deed.block}, ${deed.times} times` : `, ${deed.times} times`;
    return told;
  });
  if (step.failing) lines.push("here the run fails");
  return lines;
}
