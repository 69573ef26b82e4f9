// The page: everything that is shown comes from the report in #data, and goes in as text, never as markup.
(() => {
  if (typeof document === "undefined") return;
  const data = JSON.parse(document.getElementById("data").textContent);
  const timeline = data.timeline;
  const play = timeline.play;
  const failed = data.verdict !== "passed";
  const narrow = window.matchMedia("(max-width: 56rem)");

  // --- small things ------------------------------------------------------------------------------------

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
  const count = (number, noun) => `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
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

  // --- a run as rails ----------------------------------------------------------------------------------

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

    show(steps, { same = 0, texts = true } = {}) {
      const followed = texts ? follow(steps) : null;
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
        if (same > 1 && index === same) rows.push(el("li", { class: "part", role: "note" }, "Up to here both orders are the same."));
        const item = this.row(step, index, followed?.notes[index], first, last);
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
      return el("li", { class: `switch${interrupts ? " interrupts" : ""}`, role: "note" },
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

  // --- what is so after a step -------------------------------------------------------------------------

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
            el("td", {}, `${one.wrote ? "written" : "read"} in step ${one.step + 1} `, badge(one.thread))));
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

  // --- the timeline ------------------------------------------------------------------------------------

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
      back.disabled = at === 0;
      forward.disabled = at === steps.length - 1;
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
      if (!first) keepInView(rails.items[at], bar);
    }

    const columns = [el("section", { class: "column" },
      el("h2", {}, failed ? "This order fails" : "This order is right"),
      el("p", { class: "quiet" }, failed ? timeline.length ?? "" : timeline.right?.how ?? ""), rails.node)];
    if (right) {
      const beside = el("section", { class: "column right" }, el("h2", {}, right.steps ? "This order would have been right" : "No order is right"),
        el("p", { class: "quiet" }, right.how + (right.races ? " It ends well, and something races in it all the same." : "")));
      if (right.steps) {
        const other = new Rails("The order that would have been right", () => []);
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

  // --- play --------------------------------------------------------------------------------------------

  function game() {
    const from = countFrom(play);
    const total = { tries: 0, broken: 0, right: 0 };
    let path = [];  // edges, from the start on
    let hinted = false;

    const tags = (index, step, notes) => {
      const tags = [];
      if (notes.some((note) => note.loss)) tags.push({ kind: "mistake", text: "✕ over what it has not seen" });
      if (step.failing) tags.push({ kind: "fails", text: "✕ the run fails" });
      return tags;
    };
    const rails = new Rails("The order that you picked", tags);
    const source = sourcePanel();
    const state = statePanel();
    const belief = beliefPanel();
    const choices = el("div", { class: "choices", role: "group", "aria-label": "Who goes on?" });
    const sentence = el("p", { class: "sentence", "aria-live": "polite", id: "play-sentence" });
    const score = el("p", { class: "score", id: "score" });
    const verdict = el("div", { class: "verdict", id: "verdict", hidden: true });
    const undo = el("button", { type: "button", id: "undo", "aria-keyshortcuts": "Backspace", onclick: () => back() }, "↶ Take back");
    const hint = el("button", { type: "button", id: "hint", onclick: () => { hinted = true; render(); } }, "Hint");
    const again = el("button", { type: "button", id: "again", "aria-keyshortcuts": "r", onclick: () => restart() }, "Start again");

    const edges = () => [play.start, ...path];
    const end = () => path[path.length - 1] ?? play.start;
    const stepsSoFar = () => {
      const steps = [];
      edges().forEach((edge, index) => {
        const node = index === 0 ? null : play.nodes[edges()[index - 1].node];
        (edge.steps ?? []).forEach((number, place) => {
          const step = { ...play.steps[number] };
          const before = steps[steps.length - 1];
          step.takes_over = Boolean(before) && before.thread !== step.thread;
          step.preempts = step.takes_over && place === 0 && Boolean(node) && node.could_go_on && before.thread === node.running && edge.act !== "choose";
          steps.push(step);
        });
      });
      return steps;
    };

    function restart() {
      path = [];
      hinted = false;
      render();
      choices.querySelector("button")?.focus({ preventScroll: true });
    }
    function back() {
      if (path.length === 0) return;
      path.pop();
      hinted = false;
      render();
    }
    function pick(number) {
      const at = end();
      if (at.node === undefined) return;
      const choice = play.nodes[at.node].choices[number];
      if (!choice) return;
      if (!choice.steps) {
        sentence.textContent = `That order is beyond what was recorded: ${play.limit}. Nothing is known of it; pick another.`;
        return;
      }
      path.push(choice);
      hinted = false;
      if (choice.leaf !== undefined) {
        ++total.tries;
        ++total[play.leaves[choice.leaf].verdict === "passed" ? "right" : "broken"];
      }
      render();
    }

    function describe(choice, node) {
      const does = {
        run: "goes on",
        time_out: "goes on because its time is up",
        spurious: "wakes up although nobody notified it",
        choose: "is the one who is notified",
      }[choice.act];
      const goesOn = choice.thread === node.running && choice.act === "run" && node.could_go_on;
      return { does, interrupts: node.could_go_on && choice.thread !== node.running && choice.act !== "choose", goesOn };
    }

    // The key of each choice, in the order of threads: a thread's number, and a letter where it has more than one.
    function keysOf(node) {
      const keys = new Map();
      const letters = [..."abcdefghijklmnopq"];
      const sorted = [...node.choices.keys()].sort((a, b) => node.choices[a].thread - node.choices[b].thread || a - b);
      for (const number of sorted) {
        const own = String(node.choices[number].thread);
        const key = own.length === 1 && !keys.has(own) ? own : letters.shift();
        if (key) keys.set(key, number);
      }
      return keys;
    }

    function choiceButton(choice, number, at, node, key) {
      const { does, interrupts, goesOn } = describe(choice, node);
      const known = Boolean(choice.steps);
      const own = known ? choice.steps.map((one) => play.steps[one]).find((step) => step.thread === choice.thread) : undefined;
      const next = own ?? nextStepOf(play, at.node, choice.thread);
      const fate = known ? from(choice) : null;
      let fateTold = null;
      if (hinted && fate) {
        fateTold = fate.failing === 0 && !fate.open ? "✓ no order from here fails"
          : fate.failing === fate.orders && !fate.open ? "✕ every order from here fails"
            : `✕ ${orders(fate.failing)} of ${orders(fate.orders)} orders from here fail`;
      }
      return el("button", { type: "button", class: `choice lane-${laneOf(choice.thread) % 6}${known ? "" : " unknown"}`, "data-thread": choice.thread,
        "data-number": number, "aria-keyshortcuts": key, onclick: () => pick(number) },
      el("span", { class: "choice-head" }, el("kbd", {}, key), badge(choice.thread),
        el("span", {}, `${nameOf(choice.thread)} ${does}`),
        interrupts ? el("span", { class: "tag look" }, `interrupts ${nameOf(node.running)}`) : goesOn ? el("span", { class: "tag plain" }, "was running") : null),
      next && next.text ? el("code", { class: "line" }, next.text) : null,
      el("span", { class: "quiet" }, next ? [where(next), next.deeds.some((deed) => deed.operation === "end") ? "ends" : ""].filter(Boolean).join(" ")
        : known ? "" : "beyond what was recorded"),
      fateTold ? el("span", { class: "fate" }, fateTold) : null);
    }

    function showEnd(leaf, steps, followed) {
      const good = leaf.verdict === "passed";
      verdict.hidden = false;
      verdict.className = `verdict ${good ? "good" : "bad"}`;
      const lines = [];
      if (good) {
        lines.push(el("strong", {}, "✓ It held: this order is right."));
        if (leaf.races.length) lines.push(el("p", {}, `It ended well, and something races in it all the same: ${leaf.races[0]}.`));
        if (play.failing === 0) {
          lines.push(el("p", {}, play.complete ? `So do all others: the explorer ran every one of the ${orders(play.orders)} orders, and none fails.`
            : `Of the ${orders(play.orders)} orders that were recorded none fails.`));
        } else {
          lines.push(el("p", {}, `${orders(play.orders - play.failing)} of ${orders(play.orders)} recorded orders are right. Can you break it?`));
        }
      } else {
        lines.push(el("strong", {}, `✕ You broke it: ${leaf.title}.`), el("p", {}, `${leaf.what}.`));
        leaf.waits.forEach((one) => lines.push(el("p", {}, capital(one) + ".")));
      }
      verdict.replaceChildren(...lines);
      if (good) return belief.show(followed, steps);
      const loss = followed.losses[followed.losses.length - 1];
      if (loss) {
        const what = loss.object ?? count(loss.words, "shared word");
        belief.mistake({
          what: `In step ${loss.step + 1} ${nameOf(loss.thread)} writes over what ${nameOf(loss.loser)} wrote in step ${loss.change + 1}, and has not seen it.`,
          believed: [`${capital(nameOf(loss.thread))} went by what it saw of ${what} in step ${loss.look + 1}${lineOf(steps[loss.look])}${loss.seen ? `: ${loss.seen}` : ""}.`],
          was_true: [`${capital(nameOf(loss.loser))} had written ${loss.object ? "it" : "them"} anew in step ${loss.change + 1}${lineOf(steps[loss.change])}${loss.found ? `: ${loss.found}` : ""}.`],
        });
      } else {
        const others = leaf.waits.concat(leaf.races).map((one) => capital(one) + ".");
        belief.mistake({ what: capital(leaf.what) + ".", believed: leaf.waits.length > 0 ? ["Each thread believed that it would get what it waits for."]
          : others.length > 0 ? ["Each thread believed that nobody else was there meanwhile."] : [], was_true: others }, followed, steps);
      }
    }

    function render() {
      const at = end();
      const steps = stepsSoFar();
      const followed = follow(steps);
      rails.show(steps);
      rails.stand(steps.length - 1);
      source.show(steps, steps.length - 1);
      undo.disabled = path.length === 0;
      hint.disabled = at.node === undefined;
      score.textContent = `${total.tries === 1 ? "1 try" : `${total.tries} tries`} so far: ${total.broken} broken, ${total.right} held.`;
      verdict.hidden = true;
      if (at.node !== undefined) {
        const node = play.nodes[at.node];
        const waiting = new Map();
        for (const thread of threadIds) {
          if (followed.ended.has(thread) || node.choices.some((choice) => choice.thread === thread)) continue;
          const next = nextStepOf(play, at.node, thread);
          if (next) waiting.set(thread, "can't go on yet");
        }
        state.show(followed, waiting);
        belief.show(followed, steps);
        choices.replaceChildren(...[...keysOf(node)].map(([key, number]) => choiceButton(node.choices[number], number, at, node, key)),
          ...[...waiting.keys()].map((thread) => {
            const next = nextStepOf(play, at.node, thread);
            return el("div", { class: `choice waits lane-${laneOf(thread) % 6}` },
              el("span", { class: "choice-head" }, badge(thread), el("span", {}, `${nameOf(thread)} has to wait`)),
              next.text ? el("code", { class: "line" }, next.text) : null);
          }));
        const last = steps[steps.length - 1];
        sentence.textContent = `Choice ${path.length + 1}. ` + (path.length > 0 && last ? `${capital(nameOf(last.thread))}: ${deedsOf(last).join("; ")}. ` : "") +
          `Who goes on: ${[...keysOf(node).values()].map((number) => nameOf(node.choices[number].thread)).join(" or ")}?`;
      } else {
        const leaf = play.leaves[at.leaf];
        state.show(followed);
        choices.replaceChildren();
        showEnd(leaf, steps, followed);
        sentence.textContent = (leaf.verdict === "passed" ? "The end: it held." : "The end: you broke it.") + " Press r to start again.";
      }
      // To the newest step; at the end of one that broke, to where the mistake was made.
      const loss = at.leaf !== undefined && play.leaves[at.leaf].verdict !== "passed" ? followed.losses[followed.losses.length - 1] : undefined;
      rails.list.scrollTop = loss ? rails.items[loss.step].offsetTop - rails.list.offsetTop - 120 : rails.list.scrollHeight;
    }

    const known = play.complete
      ? `The explorer ran all of them: ${count(play.runs, "run")}, which stand for ${orders(play.orders)} orders. ` +
        (play.failing > 0 ? `${orders(play.failing)} of those fail.` : "None of those fails.")
      : `The explorer recorded ${orders(play.orders)} orders in ${count(play.runs, "run")}` +
        (play.bound >= 0 ? `, among them all with up to ${count(play.bound, "deviation")}` : "") + `, and ${play.failing > 0 ? orders(play.failing) : "none"} of those fail${play.failing > 0 ? "" : "s"}. ` +
        `There are others: ${play.limit}. Where you leave what was recorded, the page says so.`;
    const node = el("div", { class: "game" },
      el("div", { class: "intro" },
        el("h2", {}, play.failing > 0 ? "You are the scheduler: break it" : "You are the scheduler: try to break it"),
        el("p", {}, "At each choice you say which thread goes on, with the mouse or by its number. " + known),
        el("p", { class: "quiet" }, "Choices at which the same has happened are recorded once, in whatever order it came about.")),
      el("div", { class: "columns play-columns" },
        el("aside", { class: "aside" },
          el("section", { class: "panel turn" }, el("div", { class: "buttons" }, undo, hint, again), sentence, choices, verdict, score),
          belief.node, source.node, state.node),
        el("section", { class: "column" }, el("h2", {}, "Your order"), rails.node)));
    const key = (event) => {
      const at = end();
      const picked = at.node === undefined ? undefined : keysOf(play.nodes[at.node]).get(event.key);
      if (picked !== undefined) pick(picked);
      else if (event.key === "Backspace") back();
      else if (event.key === "r") restart();
      else return false;
      return true;
    };
    render();
    return { node, key };
  }

  // --- the whole ---------------------------------------------------------------------------------------

  const steps = timeline.steps ?? timeline.right?.steps;
  const views = [];
  if (steps && steps.length > 0) {
    const right = timeline.steps ? timeline.right : null;
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
    if (views[shown].key(event)) event.preventDefault();
  });

  const program = [String(data.program).split("/").pop(), ...(data.arguments ?? [])].join(" ");
  const header = el("header", {},
    el("p", { class: "over" }, "Session Race Lab: ", timeline.subject ?? program),
    el("h1", {}, el("span", { class: `mark ${failed ? "bad" : "good"}`, "aria-hidden": "true" }, failed ? "✕" : "✓"), ` ${capital(timeline.title)}`),
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
})();
