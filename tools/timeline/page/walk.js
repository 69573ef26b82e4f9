// The first view: a run to walk through, beside the order that would have been right.

// Steps of a run that can be walked through: a strip, a slider, keys.
function walk(steps, mistake, right) {
  const tags = (index, step) => {
    const tags = [];
    if (mistake && index === mistake.step) tags.push({ kind: "mistake", text: "✕ the mistake" });
    if (mistake && index === mistake.look) tags.push({ kind: "look", text: "◉ last looked here" });
    if (mistake && index === mistake.change)
      tags.push({ kind: "change", text: mistake.kind === "freed" ? "✎ given back here" : mistake.kind === "race" ? "✎ the other access" : "✎ changed here" });
    if (step.failing && index !== mistake?.step) tags.push({ kind: "fails", text: "✕ the run fails" });
    return tags;
  };
  let at = 0;
  const rails = new Rails(failed ? "The order that fails" : "The order", tags, (index) => go(index));
  rails.show(steps);
  const source = sourcePanel();
  const state = statePanel();
  const belief = beliefPanel();

  const slider = el("input", { type: "range", min: "1", max: String(steps.length), value: "1", step: "1", id: "slider",
    "aria-label": "Step", oninput: () => go(Number(slider.value) - 1) });
  const sentence = el("p", { class: "sentence", "aria-live": "polite", id: "sentence" });
  const strip = el("div", { class: "strip", "aria-hidden": "true" });
  strip.style.setProperty("--steps", String(steps.length));
  const ticks = steps.map((step, index) => {
    const tick = el("span", { class: `tick lane-${laneOf(step.thread) % 6}${index === mistake?.step ? " mistake" : ""}`, onclick: () => go(index) });
    tick.style.gridColumn = String(index + 2);
    tick.style.gridRow = String(laneOf(step.thread) + 1);
    return tick;
  });
  strip.append(...timeline.threads.map((thread) => {
    const name = el("span", { class: `strip-name lane-${laneOf(thread.id) % 6}` }, thread.id === 0 ? "M" : String(thread.id));
    name.style.gridRow = String(laneOf(thread.id) + 1);
    return name;
  }), ...ticks);
  const button = (id, text, key, act) => el("button", { type: "button", id, onclick: act, "aria-keyshortcuts": key }, text);
  const back = button("back", "◀ Back", "ArrowLeft", () => go(at - 1));
  const forward = button("forward", "Forward ▶", "ArrowRight", () => go(at + 1));
  const bar = el("div", { class: "bar" },
    strip, slider,
    el("div", { class: "buttons" },
      button("first", "First", "Home", () => go(0)), back, forward,
      button("last", "Last", "End", () => go(steps.length - 1)),
      mistake ? el("button", { type: "button", id: "to-mistake", class: "strong", onclick: () => go(mistake.step), "aria-keyshortcuts": "m" }, "✕ To the mistake") : null),
    sentence);

  function go(index, first = false) {
    at = Math.min(Math.max(index, 0), steps.length - 1);
    const step = steps[at];
    slider.value = String(at + 1);
    slider.setAttribute("aria-valuetext", `step ${at + 1} of ${steps.length}, ${nameOf(step.thread)}`);
    // Not `disabled`: who has got there by the button keeps the focus.
    back.setAttribute("aria-disabled", String(at === 0));
    forward.setAttribute("aria-disabled", String(at === steps.length - 1));
    ticks.forEach((tick, number) => {
      tick.classList.toggle("done", number < at);
      tick.classList.toggle("now", number === at);
    });
    rails.stand(at);
    const followed = follow(steps, at + 1);
    source.show(steps, at);
    state.show(followed);
    if (mistake && at === mistake.step) belief.mistake(mistake, followed, steps);
    else belief.show(followed, steps);
    const told = deedsOf(step, null).join("; ");
    sentence.textContent = `Step ${at + 1} of ${steps.length}: ${nameOf(step.thread)}` + (where(step) ? ` at ${where(step)}` : "") +
      (told ? ` ${told}` : "") + (mistake && at === mistake.step ? `. The mistake: ${mistake.what}` : ".");
    sentence.classList.toggle("whole", Boolean(mistake) && at === mistake.step);
    if (!first) keepInView(rails.items[at], bar);
  }

  const columns = [el("section", { class: "column" },
    el("h2", {}, data.verdict === "data_race" ? "In this order two accesses race" : failed ? "This order fails"
      : !judged ? (timeline.steps ? "This order could not be judged" : "This order ends well; others could not be judged")
      : timeline.right?.races ? "This order ends well, and two accesses race" : "This order is right"),
    el("p", { class: "quiet" }, timeline.steps && data.verdict !== "passed" ? timeline.length ?? "" : timeline.right?.how ?? ""), rails.node)];
  if (right) {
    const told = !right.steps ? (failed ? "No order is right" : "No order is known to be right") : right.races ? "This order ends well, and two accesses race" : "This order would have been right";
    const beside = el("section", { class: "column right" }, el("h2", {}, told),
      el("p", { class: "quiet" }, right.how + (right.races ? " C++ promises nothing of it all the same." : "")));
    if (right.steps) {
      const other = new Rails(told, () => []);
      other.show(right.steps, { same: right.same });
      other.items.slice(0, right.same > 1 ? right.same : 0).forEach((item) => item.classList.add("same"));
      beside.append(other.node);
    }
    columns.push(beside);
  }
  const node = el("div", { class: "walk" }, bar,
    el("div", { class: `columns with-${columns.length}` }, el("aside", { class: "aside" }, belief.node, source.node, state.node), columns));
  const key = (event) => {
    const keys = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: steps.length - 1 };
    let to = keys[event.key];
    if (event.key === "m" && mistake) to = mistake.step;
    if (to === undefined) return false;
    go(to);
    return true;
  };
  go(0, true);
  return { node, key };
}

// Where the list is beside what explains it, as on a wide screen, the step is brought below the bar.
function keepInView(item, bar) {
  if (!item || narrow.matches) return;
  const box = item.getBoundingClientRect();
  const top = bar.getBoundingClientRect().bottom + 12;
  if (box.top >= top && box.bottom <= window.innerHeight - 12) return;
  window.scrollBy({ top: box.top - top - 60, behavior: window.matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
}
