// What is so after a step: the source around it, locks and values, what each thread believes.

// Blank lines are kept between others only.
function later(place, line) {
  for (let at = line + 1; at <= place.line + 4; ++at) if (place.lines[at] !== undefined) return true;
  return false;
}

function sourcePanel() {
  const body = el("div", { class: "source", tabindex: "0", role: "region", "aria-label": "Source lines around the step" });
  const title = el("h3", {}, "Source");
  return {
    node: el("section", { class: "panel source-panel" }, title, body),
    show(steps, index) {
      const step = steps[index];
      const place = step ? placeOf(step) : null;
      if (!place) {
        title.textContent = "Source";
        body.replaceChildren(el("p", { class: "quiet" }, step ? "This step has no line of its own." : "Nothing has happened yet."));
        return;
      }
      title.replaceChildren(place.name, place.func ? el("span", { class: "quiet" }, ` in ${place.func}`) : "");
      // Where the others stand in this file, by their last steps.
      const others = new Map();
      for (let at = index - 1; at >= 0; --at) {
        const other = steps[at];
        if (other.thread === step.thread || others.has(other.thread)) continue;
        const its = placeOf(other);
        others.set(other.thread, its && its.file === place.file && !other.deeds.some((deed) => deed.operation === "end") ? its.line : null);
      }
      const lines = [];
      const texts = [];
      for (let line = place.line - 4; line <= place.line + 4; ++line) {
        if (place.lines[line] !== undefined) texts.push(place.lines[line]);
      }
      const indent = Math.min(...texts.map((text) => text.length - text.trimStart().length), 80);
      for (let line = place.line - 4; line <= place.line + 4; ++line) {
        if (line < 1) continue;
        const here = line === place.line;
        const text = place.lines[line];
        if (text === undefined && !here && (lines.length === 0 || !later(place, line))) continue;
        const also = [...others].filter(([, at]) => at === line).map(([thread]) => badge(thread));
        lines.push(el("div", { class: `source-line${here ? ` here lane-${laneOf(step.thread) % 6}` : ""}` },
          el("span", { class: "line-number" }, String(line)),
          el("code", {}, (text ?? "").slice(indent) || " "),
          el("span", { class: "stands" }, here ? badge(step.thread) : null, also)));
      }
      body.replaceChildren(...lines);
    },
  };
}

function statePanel() {
  const locks = el("dl", { class: "locks" });
  const values = el("tbody");
  const table = el("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Values" },
    el("table", {}, el("thead", {}, el("tr", {}, ["Object", "Value", "Last"].map((name) => el("th", { scope: "col" }, name)))), values));
  return {
    node: el("section", { class: "panel" }, el("h3", {}, "Locks and values"), locks, table),
    show(state, waiting = new Map()) {
      locks.replaceChildren(...timeline.threads.flatMap((thread) => {
        const held = state.holds.get(thread.id) ?? [];
        const told = [];
        if (state.ended.has(thread.id)) told.push(el("span", { class: "quiet" }, "has ended"));
        else {
          held.forEach((one) => told.push(el("span", { class: "lock" }, one.lock + (one.shared ? " (shared)" : ""))));
          if (held.length === 0) told.push(el("span", { class: "quiet" }, "holds nothing"));
          const waits = state.waits.get(thread.id) ?? waiting.get(thread.id);
          if (waits) told.push(el("span", { class: "waits" }, waits));
        }
        return [el("dt", {}, badge(thread.id), thread.name), el("dd", {}, told)];
      }));
      const rows = [...state.values].sort((a, b) => b[1].step - a[1].step).slice(0, 8).map(([object, one]) =>
        el("tr", {}, el("th", { scope: "row" }, object), el("td", { class: "value" }, one.value),
          el("td", {}, one.step < 0 ? "outside of what is shown " : `${one.wrote ? "written" : "read"} in step ${one.step + 1} `, badge(one.thread))));
      values.replaceChildren(...rows);
      table.hidden = rows.length === 0;
    },
  };
}

function beliefPanel() {
  const body = el("div");
  const node = el("section", { class: "panel belief" }, el("h3", {}, "Believed and true"), body);
  const rowsOf = (state, steps) => state.beliefs().slice(0, 5).map((row) => two(
    [row.object ? `${capital(nameOf(row.thread))} looked at ${row.object} in step ${row.look + 1}` + (row.believed ? ` and saw ${row.believed}.` : ".")
      : `${capital(nameOf(row.thread))} goes by what it read in step ${row.look + 1}${lineOf(steps[row.look])}.`],
    [row.object ? `${capital(nameOf(row.by))} has written it since, in step ${row.change + 1}` + (row.now ? `: it is ${row.now}.` : ".")
      : `${capital(nameOf(row.by))} has written over some of that since, in step ${row.change + 1}${lineOf(steps[row.change])}.`]));
  const two = (believed, truth) => el("dl", { class: "two" },
    el("dt", {}, "Believed"), el("dd", {}, believed.map((one) => el("p", {}, one))),
    el("dt", {}, "True"), el("dd", {}, truth.map((one) => el("p", {}, one))));
  return {
    node,
    // Where the mistake says nothing of beliefs, what is out of date by then is the nearest to a reason.
    mistake(mistake, state, steps) {
      node.classList.add("wrong");
      const told = mistake.believed.length || mistake.was_true.length ? [two(mistake.believed, mistake.was_true)] : rowsOf(state, steps);
      body.replaceChildren(el("p", { class: "what" }, mistake.what), ...told);
    },
    show(state, steps) {
      node.classList.remove("wrong");
      const rows = rowsOf(state, steps);
      body.replaceChildren(...(rows.length > 0 ? rows
        : [el("p", { class: "quiet" }, "Nobody is mistaken: what each thread has looked at is still so.")]));
    },
  };
}
