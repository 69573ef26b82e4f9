// A list of steps from the top down, with a rail for each thread. `marks` says of a step's number what it is.
class Rails {
  constructor(label, marks, onpick) {
    this.marks = marks;
    this.onpick = onpick;
    this.list = el("ol", { class: "rails", "aria-label": label });
    this.items = [];
    this.head = el("div", { class: "rail-head", "aria-hidden": "true" },
      timeline.threads.map((thread) => el("span", { class: `key lane-${laneOf(thread.id) % 6}` }, badge(thread.id), thread.name)));
    this.node = el("div", { class: "run" }, this.head, this.list);
  }

  show(steps, { same = 0, followed = follow(steps) } = {}) {
    const first = new Map();
    const last = new Map();
    steps.forEach((step, index) => {
      if (!first.has(step.thread)) first.set(step.thread, index);
      last.set(step.thread, index);
    });
    this.items = [];
    const rows = [];
    steps.forEach((step, index) => {
      const before = steps[index - 1];
      if (before && before.thread !== step.thread) rows.push(this.switchRow(step, before, index, first, last));
      if (same > 1 && index === same) rows.push(el("li", { class: "part" }, "Up to here both orders are the same."));
      const item = this.row(step, index, followed.notes[index], first, last);
      this.items.push(item);
      rows.push(item);
    });
    this.list.replaceChildren(...rows);
  }

  gutter(index, active, first, last) {
    return el("span", { class: "gutter", "aria-hidden": "true" }, threadIds.map((thread, lane) => {
      const alive = first.has(thread) && index >= first.get(thread) && index <= last.get(thread);
      const begins = index === first.get(thread) && active === thread;
      const ends = index === last.get(thread) && active === thread;
      return el("span", { class: `rail lane-${lane % 6}${alive ? " alive" : ""}${begins ? " begins" : ""}${ends ? " ends" : ""}` },
        active === thread ? el("span", { class: "dot" }) : null);
    }));
  }

  switchRow(step, before, index, first, last) {
    const interrupts = step.preempts;
    const told = `${nameOf(step.thread)} takes over` + (interrupts ? ` from ${nameOf(before.thread)}, which could have gone on` : "");
    return el("li", { class: `switch${interrupts ? " interrupts" : ""}` },
      this.gutter(index - 0.5, null, first, last), el("span", { class: "told" }, capital(told)));
  }

  row(step, index, notes, first, last) {
    const marks = this.marks(index, step, notes ?? []);
    const place = where(step);
    const card = el("div", { class: `card lane-${laneOf(step.thread) % 6}` },
      el("div", { class: "card-head" },
        el("span", { class: "number" }, el("span", { class: "hidden" }, "Step "), String(index + 1)),
        badge(step.thread),
        place ? el("span", { class: "place" }, place) : null,
        marks.map((mark) => el("span", { class: `tag ${mark.kind}` }, mark.text))),
      step.text ? el("code", { class: "line" }, step.text) : null,
      el("ul", { class: "deeds" }, deedsOf(step, notes).map((line) => el("li", {}, line))),
      step.times > 1 ? el("p", { class: "again" }, step.block > 1 ? `… this and the next ${step.block - 1}, ${step.times} times` : `… ${step.times} times`) : null);
    const kinds = marks.map((mark) => `has-${mark.kind}`).join(" ");
    const item = el("li", { class: `step ${kinds}` }, this.gutter(index, step.thread, first, last), card);
    if (this.onpick) card.addEventListener("click", () => this.onpick(index));
    return item;
  }

  // The steps up to this number have happened; the last of them is looked at.
  stand(step) {
    this.items.forEach((item, index) => {
      item.classList.toggle("to-come", index > step);
      item.classList.toggle("now", index === step);
      if (index === step) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    });
  }
}
