// The second view: the reader is the scheduler.

function game() {
  const from = countFrom(play);
  // No order of a program that can race is right, also not one in which nothing happens to race.
  const races = data.verdict === "data_race" || play.leaves.some((leaf) => leaf.races.length > 0);
  const total = { tries: 0, broken: 0, raced: 0, right: 0 };
  let path = [];  // edges, from the start on
  let way = [];   // their numbers
  const ended = new Set();  // the ways to an end since the last start: an end that is gone back to is no further try
  let hinted = false;

  let mistake = {};
  const tags = (index, step, notes) => {
    const tags = [];
    if (index === mistake.step) tags.push({ kind: "mistake", text: "✕ the mistake" });
    if (notes.some((note) => note.loss)) tags.push({ kind: "change", text: "✎ over what it has not seen" });
    if (step.failing && index !== mistake.step) tags.push({ kind: "fails", text: "✕ the run fails" });
    return tags;
  };
  const rails = new Rails("The order that you picked", tags);
  const source = sourcePanel();
  const state = statePanel();
  const belief = beliefPanel();
  const choices = el("div", { class: "choices", role: "group", "aria-label": "Who goes on?" });
  const sentence = el("p", { class: "sentence", "aria-live": "polite", id: "play-sentence" });
  const score = el("p", { class: "score", id: "score" });
  const verdict = el("div", { class: "verdict", id: "verdict", hidden: true, tabindex: "-1" });
  const undo = el("button", { type: "button", id: "undo", "aria-keyshortcuts": "Backspace", onclick: () => back() }, "↶ Take back");
  const hint = el("button", { type: "button", id: "hint", onclick: () => giveHint() }, "Hint");
  const again = el("button", { type: "button", id: "again", "aria-keyshortcuts": "r", onclick: () => restart() }, "Start again");

  const edges = () => [play.start, ...path];
  const end = () => path[path.length - 1] ?? play.start;
  // All steps, also those that are aside. That a thread takes over is said of its first step that is shown.
  const stepsSoFar = () => {
    const steps = [];
    let last = null;  // the last that is shown
    let preempts = false;
    edges().forEach((edge, index) => {
      const node = index === 0 ? null : play.nodes[edges()[index - 1].node];
      (edge.steps ?? []).forEach((number, place) => {
        const step = { ...play.steps[number] };
        const before = steps[steps.length - 1];
        if (before && before.thread !== step.thread)
          preempts = place === 0 && Boolean(node) && node.could_go_on && before.thread === node.running && edge.act !== "choose";
        if (!step.aside) {
          step.takes_over = last !== null && last.thread !== step.thread;
          step.preempts = step.takes_over && preempts;
          last = step;
        }
        steps.push(step);
      });
    });
    return steps;
  };

  function giveHint() {
    if (end().node === undefined) return;
    hinted = true;
    render();
  }
  function restart() {
    path = [];
    way = [];
    ended.clear();
    hinted = false;
    render();
    choices.querySelector("button")?.focus({ preventScroll: true });
  }
  function back() {
    if (path.length === 0) return;
    path.pop();
    way.pop();
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
    way.push(number);
    hinted = false;
    if (choice.leaf !== undefined && !ended.has(way.join())) {
      ended.add(way.join());
      ++total.tries;
      ++total[endOf(play.leaves[choice.leaf])];
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

  // The choices in the order of threads, each with its key: a thread's number, and a letter where it has more than one. When
  // the letters are used up there is the mouse, and Tab.
  function keysOf(node) {
    const taken = new Set();
    const letters = [..."abcdefghijklmnopq"];
    const sorted = [...node.choices.keys()].sort((a, b) => node.choices[a].thread - node.choices[b].thread || a - b);
    return sorted.map((number) => {
      const own = String(node.choices[number].thread);
      const key = own.length === 1 && !taken.has(own) ? own : letters.shift();
      taken.add(own);
      return { number, key };
    });
  }

  function choiceButton(choice, number, at, node, key) {
    const { does, interrupts, goesOn } = describe(choice, node);
    const known = Boolean(choice.steps);
    const own = known ? choice.steps.map((one) => play.steps[one]).find((step) => step.thread === choice.thread && !step.aside) : undefined;
    const next = own ?? nextStepOf(play, at.node, choice.thread);
    const fate = known ? from(choice) : null;
    const ends = next?.deeds.some((deed) => deed.operation === "end");
    const place = next ? where(next) || (ends ? "goes on to the end" : deedsOf(next).join("; ")) : known ? "goes on to the end" : "beyond what was recorded";
    const fateTold = hinted && fate ? hintOf(fate, orders) : null;
    return el("button", { type: "button", class: `choice lane-${laneOf(choice.thread) % 6}${known ? "" : " unknown"}`, "data-thread": choice.thread,
      "data-number": number, "aria-keyshortcuts": key, onclick: () => pick(number) },
    el("span", { class: "choice-head" }, key ? el("kbd", {}, key) : null, badge(choice.thread),
      el("span", {}, `${nameOf(choice.thread)} ${does}`),
      interrupts ? el("span", { class: "tag look" }, `interrupts ${nameOf(node.running)}`) : goesOn ? el("span", { class: "tag plain" }, "was running") : null),
    next && next.text ? el("code", { class: "line" }, next.text) : null,
    el("span", { class: "quiet" }, place),
    fateTold ? el("span", { class: "fate" }, fateTold) : null);
  }

  function showEnd(leaf, steps, followed) {
    const end = endOf(leaf);
    verdict.hidden = false;
    verdict.className = `verdict ${end === "right" ? (races ? "warn" : "good") : "bad"}`;
    const lines = [];
    if (end === "raced") {
      lines.push(el("strong", {}, "✕ It ended well, and two accesses race: this order is not right."),
        ...leaf.races.map((one) => el("p", {}, capital(one) + ".")),
        el("p", {}, "C++ promises nothing of a program in which that can happen, however this order of it ended."));
    } else if (end === "right" && races) {
      lines.push(el("strong", {}, "This order ended well, and nothing raced in it."),
        el("p", {}, "In other orders two accesses race. C++ promises nothing of a program in which that can happen: no order of it is right."));
    } else if (end === "right") {
      lines.push(el("strong", {}, "✓ It held: this order is right."));
      if (play.failing === 0) {
        lines.push(el("p", {}, play.complete ? `So do all others: the explorer ran every one of the ${orders(play.orders)} orders, and none fails.`
          : `Of the ${orders(play.orders)} orders that were recorded none fails.`));
      } else {
        lines.push(el("p", {}, `${orders(play.orders - play.failing)} of ${orders(play.orders)} recorded orders are right. Can you break it?`));
      }
    } else {
      lines.push(el("strong", {}, `✕ You broke it: ${leaf.title}.`), el("p", {}, `${leaf.what}.`));
      leaf.waits.concat(leaf.races).forEach((one) => lines.push(el("p", {}, capital(one) + ".")));
    }
    verdict.replaceChildren(...lines);
    if (end === "right") return belief.show(followed, steps);
    const { loss } = mistake;
    if (loss) {
      const what = loss.object ?? count(loss.words, "shared word");
      belief.mistake({
        what: `In step ${loss.step + 1} ${nameOf(loss.thread)} writes over what ${nameOf(loss.loser)} wrote in step ${loss.change + 1}, and has not seen it.`,
        believed: [`${capital(nameOf(loss.thread))} went by what it saw of ${what} in step ${loss.look + 1}${lineOf(steps[loss.look])}${loss.seen ? `: ${loss.seen}` : ""}.`],
        was_true: [`${capital(nameOf(loss.loser))} had written ${loss.object ? "it" : "them"} anew in step ${loss.change + 1}${lineOf(steps[loss.change])}${loss.found ? `: ${loss.found}` : ""}.`],
      });
    } else {
      const others = leaf.waits.concat(leaf.races).map((one) => capital(one) + ".");
      belief.mistake({ what: capital(leaf.what || leaf.races[0]) + ".", believed: leaf.waits.length > 0 ? ["Each thread believed that it would get what it waits for."]
        : others.length > 0 ? ["Each thread believed that nobody else was there meanwhile."] : [], was_true: others }, followed, steps);
    }
  }

  function render() {
    const at = end();
    const all = stepsSoFar();
    const steps = all.filter((step) => !step.aside);
    const followed = follow(all);
    mistake = at.leaf === undefined ? {} : mistakeOf(play.leaves[at.leaf], steps, followed.losses);
    rails.show(steps, { followed });
    rails.stand(steps.length - 1);
    source.show(steps, steps.length - 1);
    undo.setAttribute("aria-disabled", String(path.length === 0));
    hint.setAttribute("aria-disabled", String(at.node === undefined));
    const focused = choices.contains(document.activeElement);  // on a button that is to go
    score.textContent = `${total.tries === 1 ? "1 try" : `${total.tries} tries`} so far: ${total.broken} broken, ` +
      (races ? `${total.raced} raced, ` : "") + `${total.right} held.`;
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
      choices.replaceChildren(...keysOf(node).map(({ number, key }) => choiceButton(node.choices[number], number, at, node, key)),
        ...[...waiting.keys()].map((thread) => {
          const next = nextStepOf(play, at.node, thread);
          return el("div", { class: `choice waits lane-${laneOf(thread) % 6}` },
            el("span", { class: "choice-head" }, badge(thread), el("span", {}, `${nameOf(thread)} has to wait`)),
            next.text ? el("code", { class: "line" }, next.text) : null);
        }));
      const last = all[all.length - 1];
      const did = !last || path.length === 0 ? "" : last.aside || end().steps.length === 0 ? `${capital(nameOf(end().thread))} went on, outside of what is shown. `
        : `${capital(nameOf(last.thread))}: ${deedsOf(last).join("; ")}. `;
      sentence.textContent = `Choice ${path.length + 1}. ${did}` +
        `Who goes on: ${keysOf(node).map(({ number }) => nameOf(node.choices[number].thread)).join(" or ")}?`;
    } else {
      const leaf = play.leaves[at.leaf];
      state.show(followed);
      choices.replaceChildren();
      showEnd(leaf, steps, followed);
      const told = { broken: "you broke it", raced: "it ended well, and two accesses race", right: races ? "it ended well" : "it held" };
      sentence.textContent = `The end: ${told[endOf(leaf)]}. Press r to start again.`;
    }
    if (focused) (choices.querySelector("button") ?? verdict).focus();
    // To the newest step; at the end of one that broke, to where the mistake was made.
    rails.list.scrollTop = mistake.step !== undefined ? rails.items[mistake.step].offsetTop - rails.list.offsetTop - 120 : rails.list.scrollHeight;
  }

  const failing = play.failing === 0 ? "none of those fails" : `${orders(play.failing)} of those ${play.failing === 1 ? "fails" : "fail"}`;
  const racing = play.racing > 0 ? `; in ${orders(play.racing)} of those that end well two accesses race` : "";
  const known = play.complete
    ? `The explorer ran all of them: ${count(play.runs, "run")}, which stand for ${count(play.orders, "order", orders)}. ${capital(failing)}${racing}.`
    : `The explorer recorded ${count(play.orders, "order", orders)} in ${count(play.runs, "run")}` +
      (play.bound >= 0 ? `, among them all with up to ${count(play.bound, "deviation")}` : "") + `, and ${failing}${racing}. ` +
      `There are others: ${play.limit}. Where you leave what was recorded, the page says so.`;
  const node = el("div", { class: "game" },
    el("div", { class: "intro" },
      el("h2", {}, play.failing > 0 ? "You are the scheduler: break it" : races ? "You are the scheduler: find the race" : "You are the scheduler: try to break it"),
      el("p", {}, "At each choice you say which thread goes on, with the mouse or by its number. " + known),
      el("p", { class: "quiet" }, "Choices at which the same has happened are recorded once, in whatever order it came about.")),
    el("div", { class: "columns play-columns" },
      el("aside", { class: "aside" },
        el("section", { class: "panel turn" }, el("div", { class: "buttons" }, undo, hint, again), sentence, choices, verdict, score),
        belief.node, source.node, state.node),
      el("section", { class: "column" }, el("h2", {}, "Your order"), rails.node)));
  const key = (event) => {
    const at = end();
    const picked = at.node === undefined ? undefined : keysOf(play.nodes[at.node]).find(({ key }) => key === event.key)?.number;
    if (picked !== undefined) pick(picked);
    else if (event.key === "Backspace") back();
    else if (event.key === "r") restart();
    else return false;
    return true;
  };
  render();
  return { node, key };
}
