"use strict";
// What is so after each step of an order. Steps are those of a report's "timeline": each has its thread, its deeds and
// the locks that the thread holds after it. Memory is numbered cells, which are touched as a whole or not at all.
//
// A step that is aside is not shown, and has no number. What it reads, writes and holds counts, so that nothing false is
// said of the others; but no loss and no belief is told of that has a part outside of what is shown.

// Goes through the first `count` steps. Numbers of steps are those of the ones that are shown; -1: aside.
function follow(steps, count = steps.length) {
  const cells = new Map();   // number -> {written: {thread, at, step, value}, read: Map(thread -> {at, step, value}), object}
  const values = new Map();  // object -> {value, thread, step, wrote}
  const holds = new Map();   // thread -> locks, after its last step
  const waits = new Map();   // thread -> what it says of its wait to the end
  const ended = new Set();
  const losses = [];
  const notes = [];          // a list for each shown step: {deed, writtenBy} and {deed, loss}

  const cellOf = (number) => {
    if (!cells.has(number)) cells.set(number, { written: null, read: new Map(), object: null });
    return cells.get(number);
  };

  for (let at = 0; at < count; ++at) {
    const step = steps[at];
    const index = step.aside ? -1 : notes.length;
    const noted = [];
    step.deeds.forEach((deed, number) => {
      if (deed.operation === "end") ended.add(step.thread);
      if (deed.waiting) waits.set(step.thread, deed.told);
      const now = { thread: step.thread, at, step: index, value: deed.value ?? null };
      const updates = Boolean(deed.reads && deed.writes);  // it looks and writes in one instant
      let writtenBy = -1;
      let loss = null;
      for (const memory of deed.reads ?? []) {
        const cell = cellOf(memory);
        if (cell.written && cell.written.at !== at && !updates) writtenBy = Math.max(writtenBy, cell.written.step);
        cell.read.set(step.thread, now);
        if (!deed.words) cell.object = deed.object ?? cell.object;
      }
      for (const memory of deed.writes ?? []) {
        const cell = cellOf(memory);
        const look = cell.read.get(step.thread);
        const before = cell.written;
        if (!updates && before && before.thread !== step.thread && look && look.at < before.at) {
          const shown = index >= 0 && look.step >= 0 && before.step >= 0;
          if (shown && (!loss || loss.change < before.step)) {
            loss = { step: index, deed: number, thread: step.thread, loser: before.thread, look: look.step,
              change: before.step, words: deed.words ?? 0, object: deed.words ? null : deed.object ?? null,
              seen: look.value, found: before.value };
          }
        }
        cell.written = now;
        cell.read.set(step.thread, now);
        if (!deed.words) cell.object = deed.object ?? cell.object;
      }
      if (deed.object && deed.value !== undefined && (deed.reads || deed.writes)) {
        const known = values.get(deed.object);
        const wrote = Boolean(deed.writes);
        if (step.aside && !known) return;
        if (wrote || !known || known.value !== deed.value)
          values.set(deed.object, { value: deed.value, thread: step.thread, step: index, wrote });
      }
      if (writtenBy >= 0) noted.push({ deed: number, writtenBy });
      if (loss) {
        losses.push(loss);
        noted.push({ deed: number, loss });
      }
    });
    holds.set(step.thread, step.holds);
    if (!step.aside) notes.push(noted);
  }
  return { cells, values, holds, waits, ended, losses, notes, beliefs: () => beliefsOf(cells, ended) };
}

// What threads last read and what is no longer so: a row for each group of cells with the same history.
function beliefsOf(cells, ended) {
  const rows = new Map();
  for (const cell of cells.values()) {
    if (!cell.written) continue;
    for (const [thread, look] of cell.read) {
      if (thread === cell.written.thread || look.at >= cell.written.at || ended.has(thread)) continue;
      if (look.step < 0 || cell.written.step < 0) continue;
      const name = cell.object;
      const key = JSON.stringify([thread, look.step, cell.written.step, name]);
      if (!rows.has(key)) {
        rows.set(key, { thread, look: look.step, believed: name ? look.value : null, by: cell.written.thread,
          change: cell.written.step, now: name ? cell.written.value : null, object: name });
      }
    }
  }
  return [...rows.values()].sort((a, b) => b.change - a.change || a.look - b.look);
}

// The next step that is shown of a thread from a choice on: the same on each way, as only the thread itself decides it. Null where no
// recorded way has one.
function nextStepOf(play, from, thread) {
  const seen = new Set();
  const open = [from];
  for (let at = 0; at < open.length && at < 5000; ++at) {
    for (const choice of play.nodes[open[at]].choices) {
      for (const number of choice.steps ?? []) {
        if (play.steps[number].thread === thread && !play.steps[number].aside) return play.steps[number];
      }
      if (choice.node !== undefined && !seen.has(choice.node)) {
        seen.add(choice.node);
        open.push(choice.node);
      }
    }
  }
  return null;
}

// What has become of an order. One that ends well and races is no right one: C++ promises nothing of it.
const endOf = (leaf) => (leaf.verdict !== "passed" ? "broken" : leaf.races.length > 0 ? "raced" : "right");

// How many orders there are from a choice on, how many of them fail, how many end well though something races in them, and
// whether there are ways that were not recorded.
function countFrom(play) {
  const known = new Array(play.nodes.length);
  const of = (choice) => {
    if (choice.node !== undefined) return known[choice.node] ?? { orders: 0, failing: 0, racing: 0, open: true };
    if (choice.leaf === undefined) return { orders: 0, failing: 0, racing: 0, open: true };
    const end = endOf(play.leaves[choice.leaf]);
    return { orders: 1, failing: end === "broken" ? 1 : 0, racing: end === "raced" ? 1 : 0, open: false };
  };
  const stack = play.start.node === undefined ? [] : [play.start.node];
  const begun = new Set();
  while (stack.length > 0) {
    const node = stack[stack.length - 1];
    if (!begun.has(node)) {
      begun.add(node);
      for (const choice of play.nodes[node].choices)
        if (choice.node !== undefined && !begun.has(choice.node)) stack.push(choice.node);
      continue;
    }
    stack.pop();
    if (known[node]) continue;
    const sum = { orders: 0, failing: 0, racing: 0, open: false };
    for (const choice of play.nodes[node].choices) {
      const one = of(choice);
      sum.orders += one.orders;
      sum.failing += one.failing;
      sum.racing += one.racing;
      sum.open = sum.open || one.open;
    }
    known[node] = sum;
  }
  return of;
}

// What a hint says of that. A cross stands where something is known to go wrong, a tick where nothing can.
function hintOf({ orders, failing, racing, open }, told = String) {
  if (orders === 0) return "no order from here was recorded";
  const race = racing === 0 ? "" : `, and in ${told(racing)} two accesses race`;
  if (open) {
    if (failing === 0 && orders === 1) return `${race ? "✕ " : ""}the one recorded order from here does not fail${race}`;
    return failing === 0 ? `${race ? "✕ " : ""}none of the ${told(orders)} recorded orders from here fails${race}`
      : `✕ ${told(failing)} of ${told(orders)} recorded orders from here fail${race}`;
  }
  if (failing === orders) return "✕ every order from here fails";
  return failing === 0 ? `${race ? "✕" : "✓"} no order from here fails${race}` : `✕ ${told(failing)} of ${told(orders)} orders from here fail${race}`;
}

// Where an order went wrong, by the rule that the explorer's account goes by (mistake.cpp): the step, and the loss if it is
// one. A lost update is the mistake only where the end can have come of it; a deadlock's is the last wait, and else it is
// the step that fails. No step: nothing is wrong, or the record does not say where.
function mistakeOf(leaf, steps, losses) {
  if (endOf(leaf) === "right") return {};
  if (leaf.verdict === "deadlock") {
    const wait = steps.findLastIndex((step) => step.deeds.some((deed) => deed.waiting));
    if (wait >= 0) return { step: wait };
  }
  const failing = steps.findIndex((step) => step.failing);
  if (leaf.by_lost_update) {
    const loss = losses.findLast((one) => failing < 0 || one.step <= failing);
    if (loss) return { step: loss.step, loss };
  }
  if (leaf.verdict === "passed") return {};
  return { step: failing < 0 ? steps.length - 1 : failing };
}

// In Node, for tests of its own.
if (typeof module !== "undefined") module.exports = { follow, beliefsOf, nextStepOf, endOf, countFrom, hintOf, mistakeOf };
