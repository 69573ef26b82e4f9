// Shows the run's events: figures, curves and tables, and the sentence for those who listen.
"use strict";

const programs = ["buggy", "fixed"];
const byId = (id) => document.getElementById(id);
const number = (value) => value.toLocaleString("en-GB", { maximumFractionDigits: 2 });

// ---- what a card shows of a sample: its point on the curves, and its figure, a number and what it is of

const difference = (reading) => Math.abs(reading.expected - reading.counted);

// Curves of what was counted, each below the dotted one of what it should have been: of one program's own work, as no two
// do the same amount.
const counts = (sign) => ({
  value: (sample) => sample.signs[sign].counted,
  expected: (sample) => sample.signs[sign].expected,
  figure: (sample) => [`${number(difference(sample.signs[sign]))} lost`, `of ${number(sample.signs[sign].expected)}`],
});
// Curves of what was lost: the dotted one is at zero.
const losses = (sign, what, lost) => ({
  value: (sample) => difference(sample.signs[sign]),
  expected: () => 0,
  figure: (sample) => [`${number(difference(sample.signs[sign]))} ${what}`, `${lost} of ${number(sample.signs[sign].expected)}`],
});
const times = (sign) => ({
  value: (sample) => sample.latency[sign].p95_us / 1000,
  figure: (sample) => {
    const time = sample.latency[sign].p95_us;
    return [time >= 1000 ? `${number(time / 1000)} ms` : time > 0 ? `${time} µs` : "under 1 µs", "or less in 95 of 100"];
  },
});

const cards = {
  counters: counts("counters"),
  data: counts("data"),
  memory: {
    value: (sample) => sample.signs.memory.counted,
    expected: () => 0,
    figure: (sample) => [`${number(sample.signs.memory.counted)} rows`, "stuck in the queue"],
  },
  metrics: losses("metrics", "false", "comparisons,"),
  logouts: losses("logouts", "users", "logged out,"),
  revived: {
    value: (sample) => sample.signs.revived.counted,
    expected: (sample) => sample.signs.revived.expected,
    figure: (sample) => [`${number(sample.signs.revived.counted)} there`, `${number(sample.signs.revived.expected)} reported`],
  },
  hits: losses("hits", "hits", "not counted,"),
  "delete-time": times("memory"),
  "read-time": times("reads"),
};

// ---- the run

let samples = { buggy: [], fixed: [] };
let load = null; // what runs, while it runs
let length = 1;  // the seconds of the present or the last load
let over = [];   // the programs that have ended
let drawing = false;
let server = null;  // the name of the log that events come from: another one, another server
let silent = null;  // while the server does not answer, what was said before

function begin(asked) {
  samples = { buggy: [], fixed: [] };
  load = asked;
  length = asked.seconds;
  over = [];
  byId("seconds").value = asked.seconds;
  byId("operations").value = asked.operations_per_second;
  byId("threads").value = asked.threads;
  for (const program of programs) {
    byId(`${program}-says`).textContent = `${program}: no figures yet.`;
  }
  say(`The load runs: ${asked.seconds} seconds, ${number(asked.operations_per_second)} operations a second, ` +
    `${asked.threads} threads.`);
  show();
}

// What is written on the page is spoken too, or what is said in its place: by one region, so that nothing is said twice.
function say(sentence, spoken = sentence) {
  byId("status").textContent = sentence;
  announce(spoken);
}

// A screen reader is told about every five seconds, and at the end.
const announced = { at: 0 };
function announce(sentence, soon = true) {
  const now = Date.now();
  if (!soon && now - announced.at < 5000) return;
  announced.at = now;
  byId("announcement").textContent = sentence;
}

function show() {
  byId("start").setAttribute("aria-disabled", String(load !== null));
  byId("stop").setAttribute("aria-disabled", String(load === null));
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
}

function draw() {
  const latest = programs.map((program) => samples[program].at(-1));
  if (load) {
    const passed = Math.max(0, ...latest.map((sample) => sample?.seconds ?? 0));
    byId("progress").value = Math.min(1, passed / load.seconds);
  }
  for (const [name, card] of Object.entries(cards)) {
    const article = byId(name);
    programs.forEach((program, index) => {
      const [figure, of] = latest[index] ? card.figure(latest[index]) : ["–", ""];
      const small = document.createElement("small");
      small.textContent = of;
      article.querySelector(`[data-figure=${program}]`).replaceChildren(figure, " ", small);
    });
    drawCurves(name, card);
    if (article.querySelector("details").open) drawTable(article, card);
  }
}

// ---- curves

const charts = {};

function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim(); }

function dataset(label, key, style) {
  return { label, data: [], borderColor: colour(key), backgroundColor: colour(key), borderWidth: 2, pointRadius: 0,
    tension: 0, ...style };
}

// A marker at some of the points, so that the curves differ in more than colour.
const marker = (context) => (context.dataIndex % 8 === 4 ? 4 : 0);

function makeCharts() {
  const unit = { "delete-time": "ms", "read-time": "ms" };
  for (const [name, card] of Object.entries(cards)) {
    const datasets = [
      dataset("buggy", "buggy", { pointStyle: "triangle", pointRadius: marker }),
      dataset("fixed", "fixed", { borderDash: [7, 4], pointStyle: "circle", pointRadius: marker }),
    ];
    if (card.expected) {
      datasets.push(dataset("buggy should be", "buggy", { borderDash: [2, 4] }),
        dataset("fixed should be", "fixed", { borderDash: [2, 9] }));
    }
    charts[name]?.destroy();
    charts[name] = new Chart(byId(name).querySelector("canvas"), {
      type: "line",
      data: { datasets },
      options: {
        animation: false,
        parsing: false,
        maintainAspectRatio: false,
        events: [],
        plugins: { legend: { display: false }, tooltip: { enabled: false } },
        scales: {
          x: { type: "linear", min: 0, title: { display: true, text: "seconds", color: colour("soft") },
            ticks: { color: colour("soft"), maxTicksLimit: 6, includeBounds: false }, grid: { color: colour("line") } },
          y: { beginAtZero: true, suggestedMax: 1, title: { display: name in unit, text: unit[name], color: colour("soft") },
            ticks: { color: colour("soft"), maxTicksLimit: 5 }, grid: { color: colour("line") } },
        },
      },
    });
  }
}

function drawCurves(name, card) {
  const chart = charts[name];
  if (!chart) return;
  const curve = (of, read) => of.map((sample) => ({ x: sample.seconds, y: read(sample) }));
  programs.forEach((program, index) => { chart.data.datasets[index].data = curve(samples[program], card.value); });
  if (card.expected) programs.forEach((program, index) => {
    chart.data.datasets[2 + index].data = curve(samples[program], card.expected);
  });
  chart.options.scales.x.max = Math.max(length, ...programs.map((program) => samples[program].at(-1)?.seconds ?? 0));
  chart.update("none");
  const figures = programs.map((program) => {
    const sample = samples[program].at(-1);
    return `${program}: ${sample ? card.figure(sample).join(" ") : "no figures"}`;
  });
  byId(name).querySelector("canvas").setAttribute("aria-label",
    `${byId(`${name}-title`).textContent}. ${figures.join("; ")}. The table below has the same.`);
}

// ---- tables

// Puts the texts into the row, and changes nothing that is there already: somebody may be reading it.
function fill(row, texts, header) {
  texts.forEach((text, index) => {
    let cell = row.cells[index];
    if (!cell) {
      cell = document.createElement(header(index) ? "th" : "td");
      if (header(index)) cell.scope = header(index);
      row.append(cell);
    }
    if (cell.textContent !== String(text)) cell.textContent = text;
  });
}

function drawTable(article, card) {
  const columns = ["second", ...(card.expected ? ["buggy should be"] : []), "buggy",
    ...(card.expected ? ["fixed should be"] : []), "fixed"];
  fill(article.querySelector("[data-head]"), columns, () => "col");
  const seconds = new Map();
  for (const program of programs) {
    for (const sample of samples[program]) {
      const second = Math.ceil(sample.seconds);
      if (!seconds.has(second)) seconds.set(second, {});
      seconds.get(second)[program] = sample;
    }
  }
  const body = article.querySelector("tbody");
  while (body.rows.length > seconds.size) body.deleteRow(-1);
  [...seconds].sort(([one], [other]) => one - other).forEach(([second, of], at) => {
    const cells = [second];
    for (const program of programs) {
      if (card.expected) cells.push(of[program] ? number(card.expected(of[program])) : "–");
      cells.push(of[program] ? number(card.value(of[program])) : "–");
    }
    fill(body.rows[at] ?? body.insertRow(), cells, (index) => (index === 0 ? "row" : null));
  });
}

// ---- events from the server

// Each stream begins with this, so that a page that has outlived its server knows that the load ended with it.
function greet({ log, running }) {
  const anew = server !== null && server !== log;
  server = log;
  if (silent !== null) {
    say(silent);
    silent = null;
  }
  if (!anew || running) return show();  // of a load that runs all is sent again
  const had = load !== null;
  load = null;
  byId("progress").value = 0;
  say(`The server was started anew. ${had ? "The load ended with the one before. " : ""}Start the load, and watch.`);
  show();
}

function watch() {
  const events = new EventSource("/live/events");
  const on = (kind, handle) => events.addEventListener(kind, (event) => handle(JSON.parse(event.data)));
  on("state", greet);
  on("started", begin);
  on("sample", (sample) => {
    samples[sample.program]?.push(sample);
    byId(`${sample.program}-says`).textContent = sample.says;
    announce(sample.verdict, false);
    show();
  });
  on("ended", ({ program, how, text }) => {
    over.push(program);
    if (how === "crashed" || how === "failed") {
      byId(`${program}-says`).textContent += ` ${program} ${text}.`;
      say(`${program} ${text}.${over.length < programs.length ? " The load goes on for the other." : ""}`);
    }
  });
  on("finished", ({ verdict }) => {
    const troubled = byId("status").textContent.match(/^(buggy|fixed) .*?\./)?.[0];
    say(`${troubled ? `${troubled} ` : ""}The load is over.`, `The load is over. ${verdict}`);
    byId("progress").value = 1;
    draw();
    load = null;
    show();
  });
  events.onerror = () => {
    if (events.readyState === EventSource.CLOSED) {
      say("The server sends no events: as many pages as may are watching. Load this page again to try.");
    } else if (silent === null) {
      silent = byId("status").textContent;
      say("The server does not answer: it has ended, or can't be reached. This page asks again until it does.");
    }
  };
}

async function ask(path, body) {
  try {
    const answer = await fetch(path, {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) say(`Not done: ${(await answer.json()).error.message}.`);
  } catch {
    say("The server does not answer: it has ended.");
  }
}

byId("load-form").addEventListener("submit", (event) => {
  event.preventDefault();
  if (load) return;
  const value = (id) => Number(byId(id).value);
  ask("/live/start", { seconds: value("seconds"), operations_per_second: value("operations"), threads: value("threads") });
});
byId("stop").addEventListener("click", () => { if (load) ask("/live/stop", {}); });
for (const details of document.querySelectorAll(".card details")) details.addEventListener("toggle", draw);

// What nothing moves without this script is hidden until now.
for (const id of ["load-form", "progress"]) byId(id).hidden = false;
byId("status").textContent = "Nothing runs. Start the load, and watch.";
if (window.Chart) {
  for (const plot of document.querySelectorAll(".plot")) plot.hidden = false;
  makeCharts();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    makeCharts();
    draw();
  });
} else {
  byId("no-charts").hidden = false;
}
watch();
