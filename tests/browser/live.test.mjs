// The live page in a real browser. LAB_PROGRAM is the lab's program, and LAB_LIVE_PAGE one that serves the page alone, for
// what ./lab serve has no option for; each test has a server of its own, on a port that the system chooses.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";

import { hardToRead, launch, open, overflow, picture, root } from "./browser.mjs";

const lab = process.env.LAB_PROGRAM ?? path.join(root, "build/release/tools/lab/lab");
const program = process.env.LAB_LIVE_PAGE ?? path.join(root, "build/release/tools/server/live/live_page");
const signs = ["counters", "data", "memory", "metrics", "logouts"];
let browser;

before(async () => { browser = await launch(); });
after(async () => { await browser?.close(); });

// Serves while `use` runs, then ends the server, which has to end in order.
async function serving(use, options = [], command = program) {
  const server = spawn(command, options, {
    stdio: ["ignore", "pipe", "inherit"], cwd: root, env: { ...process.env, RACELAB_ROOT: root } });
  const ended = new Promise((resolve) => server.on("exit", (status, signal) => resolve(signal ?? status)));
  try {
    const url = await new Promise((resolve, reject) => {
      let text = "";
      server.stdout.on("data", (part) => {
        text += part;
        const address = /http:\/\/[\d.:]+\//.exec(text);
        if (address) resolve(address[0]);
      });
      server.on("exit", () => reject(new Error("the server ended before it listened")));
    });
    await use(url);
  } finally {
    server.kill("SIGTERM");
    assert.equal(await ended, 0);
  }
}

const opened = (url, options = {}) => open(browser, url, { allowed: (request) => request.startsWith(url), ...options });

// Goes there by the Tab key alone, as somebody without a mouse does.
async function tabTo(page, selector) {
  for (let steps = 0; steps < 60; ++steps) {
    await page.keyboard.press("Tab");
    if (await page.evaluate((wanted) => document.activeElement?.matches(wanted), selector)) return;
  }
  assert.fail(`no Tab leads to ${selector}`);
}

const started = (page, sentence = /^The load runs/) =>
  page.waitForFunction((source) => new RegExp(source).test(document.getElementById("status").textContent), sentence.source);
const finished = (page) => page.waitForFunction(() => document.getElementById("status").textContent.endsWith("The load is over."),
  null, { timeout: 60_000 });
const figure = (page, sign, of) => page.locator(`#${sign} [data-figure=${of}]`).textContent();
const state = async (url) => (await fetch(`${url}live/state`)).json();

// As a user has it: ./lab serve.
async function served(use) {
  const folder = await mkdtemp(path.join(tmpdir(), "live-"));
  try {
    await serving(use, ["serve", "--port", "0", "--database", path.join(folder, "sessions.sqlite")], lab);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("load that is started by keyboard shows each of the five signs on buggy, and no loss on fixed", { timeout: 120_000 }, async () => {
  await served(async (url) => {
    const { page, wrong } = await opened(url);
    assert.match(await page.textContent("header"), /This server is for watching concurrency bugs happen/);
    assert.match(await page.textContent("header"), /buggy is buggy/);
    await tabTo(page, "#seconds");
    await page.keyboard.type("8");
    await tabTo(page, "#start");
    await page.keyboard.press("Enter");
    await started(page);

    // The page says so while it runs.
    await page.waitForFunction(() => /of [\d,]+ increments lost/.test(document.getElementById("buggy-says").textContent)
      && /nothing lost in [\d,]+ operations/.test(document.getElementById("fixed-says").textContent));
    assert.equal(await page.getAttribute("#start", "aria-disabled"), "true");
    await page.waitForFunction(() => /increments lost/.test(document.getElementById("announcement").textContent));
    await finished(page);

    const { programs } = await state(url);
    for (const sign of signs) {
      const [buggy, fixed] = ["buggy", "fixed"].map((of) => programs[of].sample.signs[sign]);
      assert.notEqual(buggy.counted, buggy.expected, `buggy shows ${sign}`);
      assert.equal(fixed.counted, fixed.expected, `fixed does not show ${sign}`);
      assert.match(await figure(page, sign, "buggy"), /[1-9]/);
      assert.match(await figure(page, sign, "fixed"), /^0 /);
      assert.match(await page.locator(`#${sign} canvas`).getAttribute("aria-label"), /buggy: .*[1-9].*fixed: 0 /);
      // The curve has been drawn: it has its colour.
      assert.ok(await page.locator(`#${sign} canvas`).evaluate((canvas) =>
        canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0)), sign);
    }
    // What each should be is of its own work, and ends where its table does.
    const expected = await page.evaluate(() => Chart.getChart(document.querySelector("#counters canvas")).data.datasets
      .slice(2).map(({ label, data }) => [label, data.at(-1).y]));
    assert.deepEqual(expected, ["buggy", "fixed"].map((of) => [`${of} should be`, programs[of].sample.signs.counters.expected]));
    assert.match(await page.textContent("#fixed-says"), /^fixed: nothing lost in /);
    assert.match(await page.textContent("#announcement"), /^The load is over\. buggy: /);
    await picture(page, "live-page.png");
    await page.locator("#signs-title").evaluate((title) => title.scrollIntoView());
    await picture(page, "live-page-signs.png");
    await page.locator("#more-title").evaluate((title) => title.scrollIntoView());
    await picture(page, "live-page-more.png");

    // The table says what the curve shows.
    await page.locator("#counters summary").focus();
    await page.keyboard.press("Enter");
    await page.waitForFunction(() => document.querySelectorAll("#counters tbody tr").length >= 7);
    // The two programs send their figures at times of their own, so that a row may have those of one, and dashes.
    const rows = await page.locator("#counters tbody tr").evaluateAll((all) =>
      all.map((row) => [...row.querySelectorAll("td")].map((cell) => cell.textContent)));
    const last = (column) => rows.findLast((row) => row[column] !== "–");
    assert.equal(last(2)[2], last(2)[3], "fixed is what it should be");
    assert.notEqual(last(0)[0], last(0)[1], "buggy is not");

    // A page that comes later has it all.
    const late = await opened(url);
    await finished(late.page);
    assert.equal(await figure(late.page, "counters", "buggy"), await figure(page, "counters", "buggy"));
    assert.deepEqual([...wrong, ...late.wrong], []);
  });
});

test("each thing is spoken once, and an open table keeps its rows", { timeout: 60_000 }, async () => {
  await serving(async (url) => {
    const { page, wrong } = await opened(url);
    assert.deepEqual(await page.locator("[aria-live], [role=status], [role=alert]").evaluateAll((all) => all.map((one) => one.id)), ["announcement"]);
    await page.locator("#counters summary").click();
    await page.fill("#seconds", "4");
    await page.press("#seconds", "Enter");
    await page.waitForFunction(() => /^The load runs/.test(document.getElementById("announcement").textContent));
    await page.waitForFunction(() => document.querySelectorAll("#counters tbody tr").length >= 1);
    await page.evaluate(() => { window.kept = document.querySelector("#counters tbody tr").firstChild; });
    await finished(page);
    assert.ok(await page.evaluate(() => window.kept === document.querySelector("#counters tbody tr").firstChild));
    assert.match(await page.textContent("#announcement"), /^The load is over\. buggy: /);
    // Of the next load, shorter, there are no rows of this one.
    await page.fill("#seconds", "1");
    await page.press("#seconds", "Enter");
    await started(page);
    await finished(page);
    const rows = await page.locator("#counters tbody tr").count();
    assert.ok(rows >= 1 && rows <= 3, `${rows} rows`);
    assert.deepEqual(wrong, []);
  });
});

test("stop, by keyboard, ends the load", { timeout: 60_000 }, async () => {
  await serving(async (url) => {
    const { page, wrong } = await opened(url);
    await page.fill("#seconds", "60");
    await page.press("#seconds", "Enter");
    await started(page);
    await tabTo(page, "#stop");
    await page.keyboard.press("Space");
    await finished(page);
    const { programs, running } = await state(url);
    assert.equal(running, false);
    assert.deepEqual([programs.buggy.state, programs.fixed.state], ["stopped", "stopped"]);
    assert.deepEqual(wrong, []);
  });
});

test("a page that has outlived its server says so, and can start a load on the next one", { timeout: 60_000 }, async () => {
  let port, page, wrong;
  await serving(async (url) => {
    port = new URL(url).port;
    ({ page, wrong } = await opened(url));
    await page.fill("#seconds", "60");
    await page.press("#seconds", "Enter");
    await started(page);
  });
  await started(page, /^The server does not answer: it has ended, or can't be reached\./);
  await serving(async (url) => {
    await started(page, /^The server was started anew\. The load ended with the one before\. Start the load, and watch\.$/);
    assert.equal(await page.getAttribute("#start", "aria-disabled"), "false");
    await page.fill("#seconds", "1");
    await page.click("#start");
    await started(page);
    await finished(page);
    assert.equal((await state(url)).programs.fixed.state, "time");
  }, ["--port", port]);
  assert.deepEqual(wrong.filter((one) => !/net::ERR_/.test(one)), []);
});

test("a load beyond the limits is refused by a sentence", { timeout: 60_000 }, async () => {
  await serving(async (url) => {
    const { page } = await opened(url);
    await page.fill("#threads", "99");
    await page.press("#threads", "Enter");
    await started(page, /^Not done: threads is to be a whole number from 2 to 8\.$/);
  });
});

test("a crash of buggy is told, and the load goes on for fixed", { timeout: 60_000 }, async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "lab-live-"));
  const crashing = path.join(folder, "crashing");
  await writeFile(crashing, "#!/bin/sh\nkill -SEGV $$\n");
  await chmod(crashing, 0o755);
  try {
    await serving(async (url) => {
      const { page, wrong } = await opened(url);
      await page.fill("#seconds", "3");
      await page.press("#seconds", "Enter");
      await started(page, /^buggy crashed: signal 11 \(Segmentation fault\)\. The load goes on for the other\.$/);
      await finished(page);
      assert.equal(await page.textContent("#status"), "buggy crashed: signal 11 (Segmentation fault). The load is over.");
      assert.match(await page.textContent("#buggy-says"), /crashed: signal 11/);
      assert.match(await page.textContent("#fixed-says"), /^fixed: nothing lost in /);
      assert.deepEqual(wrong, []);
    }, ["--load-buggy", crashing]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

for (const scheme of ["light", "dark"]) {
  test(`a phone shows the page in ${scheme} colours, readable and no wider than itself`, { timeout: 60_000 }, async () => {
    await serving(async (url) => {
      const { page, wrong } = await opened(url, { width: 375, height: 812, scheme });
      await page.fill("#seconds", "3");
      await page.press("#seconds", "Enter");
      await started(page);
      await finished(page);
      for (const details of await page.locator("summary").all()) await details.click();
      assert.equal(await overflow(page), 0);
      assert.deepEqual(await hardToRead(page), []);
      for (const details of await page.locator("summary").all()) await details.click();
      await page.evaluate(() => window.scrollTo(0, 0));
      await picture(page, `live-page-phone-${scheme}.png`);
      await page.locator("#data").evaluate((card) => card.scrollIntoView());
      await picture(page, `live-page-phone-${scheme}-card.png`);
      assert.deepEqual(wrong, []);
    });
  });
}

test("dark colours on a wide window are readable", { timeout: 60_000 }, async () => {
  await serving(async (url) => {
    const { page, wrong } = await opened(url, { scheme: "dark" });
    await page.fill("#seconds", "4");
    await page.press("#seconds", "Enter");
    await started(page);
    await finished(page);
    assert.deepEqual(await hardToRead(page), []);
    await page.locator("#signs-title").evaluate((title) => title.scrollIntoView());
    await picture(page, "live-page-dark.png");
    assert.deepEqual(wrong, []);
  });
});

test("each curve has its bug and its exercise, which open without a network", { timeout: 60_000 }, async () => {
  await serving(async (url) => {
    const { page, wrong } = await opened(url);
    const bugs = { counters: ["B2", "02"], data: ["B1", "01"], memory: ["B4", "04"], metrics: ["B5", "05"], logouts: ["B7", "07"],
      revived: ["B8", "08"], hits: ["B6", "06"], "delete-time": ["B4", "04"], "read-time": ["C12", "12"] };
    assert.deepEqual(await page.locator(".card").evaluateAll((cards) => cards.map((card) => card.id)), Object.keys(bugs));
    for (const [sign, [bug, exercise]] of Object.entries(bugs)) {
      assert.equal(await page.textContent(`#${sign} .badge`), bug);
      const links = await page.locator(`#${sign} .why a, #${sign} .exercise a`).evaluateAll((all) => all.map((link) => link.href));
      assert.equal(links[1], `${url}exercises/${exercise}`);
      const catalogue = await opened(links[0]);
      assert.ok(await catalogue.page.locator(`[id="${links[0].split("#")[1]}"]`).isVisible(), links[0]);
      await catalogue.page.close();
      const opening = await opened(links[1], { allowed: (request) => request.startsWith(url) });
      assert.match(await opening.page.textContent("h1"), new RegExp(`^${exercise} `));
      assert.deepEqual(opening.wrong, []);
      await opening.page.close();
    }
    assert.deepEqual(wrong, []);
  });
});

test("without JavaScript the page says what it is and what to do instead, and offers nothing that does not work", { timeout: 60_000 }, async () => {
  const plain = await launch({ javaScriptEnabled: false });
  try {
    await serving(async (url) => {
      const { page, wrong } = await open(plain, url, { width: 375, height: 812, allowed: (request) => request.startsWith(url) });
      const text = await page.innerText("body");
      assert.match(text, /This server is for watching concurrency bugs happen/);
      assert.match(text, /Without JavaScript there are no curves/);
      assert.match(text, /Lost user data\s+Preferences disappear\./);
      assert.doesNotMatch(text, /Start the load, and watch|The curves need Chart\.js/);
      for (const hidden of ["#load-form", "#progress", ".plot"]) assert.equal(await page.locator(hidden).first().isVisible(), false, hidden);
      const told = /curl -H '(.*?): (.*?)' -d '(.*?)' …(\S+),/.exec(text);
      const answer = await fetch(new URL(told[4], url), { method: "POST", headers: { [told[1]]: told[2] }, body: told[3] });
      assert.equal(answer.status, 202);
      assert.deepEqual(wrong, []);
      await page.click("noscript a");
      assert.equal(JSON.parse(await page.innerText("body")).running, true);
    });
  } finally {
    await plain.close();
  }
});

test("without Chart.js the page says so, and has its tables", { timeout: 60_000 }, async () => {
  const none = await readFile(path.join(root, "tools/server/live/page/no_chart.js"), "utf8");
  await serving(async (url) => {
    const { page, wrong } = await opened(url, {
      prepare: (page) => page.route("**/live/chart.js", (route) => route.fulfill({ contentType: "text/javascript", body: none })) });
    assert.match(await page.innerText("#no-charts"), /The curves need Chart\.js.*The tables have all the figures\./s);
    assert.equal(await page.locator(".plot").first().isVisible(), false);
    await page.locator("#counters summary").click();
    await page.fill("#seconds", "2");
    await page.press("#seconds", "Enter");
    await started(page);
    await finished(page);
    assert.ok(await page.locator("#counters tbody tr").count() >= 1);
    assert.match(await figure(page, "counters", "fixed"), /^0 lost/);
    assert.deepEqual(wrong, []);
  });
});
