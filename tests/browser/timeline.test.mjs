// The timeline page in a real browser. LAB_PROGRAM is the lab's program; its demo writes the pages.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { hardToRead, launch, open, overflow, picture, root } from "./browser.mjs";

// Its standard input is at its end: the explorer would wait for what a program might read.
function run(program, words, options) {
  const running = promisify(execFile)(program, words, options);
  running.child.stdin.end();
  return running;
}
const { follow, hintOf, mistakeOf } = createRequire(import.meta.url)(path.join(root, "tools/timeline/page/engine.js"));
const lab = process.env.LAB_PROGRAM ?? path.join(root, "build/release/tools/lab/lab");
let folder;
let browser;

const url = (name) => `file://${path.join(folder, name)}`;

before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "lab-timeline-"));
  await run(lab, ["demo", "--rounds", "1", "--timeline", folder], { cwd: root, env: { ...process.env, RACELAB_ROOT: root }, maxBuffer: 1 << 24 });
  browser = await launch();
});

after(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

// The report in a page.
const reportOf = (page) => page.evaluate(() => JSON.parse(document.getElementById("data").textContent));
const shown = (page) => page.locator("#view-timeline .step.now").first();

test("keys step to the mistake, and the page says what was believed and what was true", async () => {
  const { page, wrong } = await open(browser, url("buggy.html"));
  const { timeline } = await reportOf(page);
  const steps = page.locator("#view-timeline .column:not(.right) .step");
  assert.equal(await steps.count(), timeline.steps.length);
  assert.match(await page.textContent("#sentence"), /^Step 1 of 29: main at two_updates\.cpp:15 creates thread 1/);

  for (let at = 0; at < timeline.mistake.step; ++at) await page.keyboard.press("ArrowRight");
  assert.match(await shown(page).innerText(), /21\s+2\s+thread 2|21/);
  assert.match(await shown(page).innerText(), /session_manager\.cpp:422/);
  assert.match(await shown(page).innerText(), /✕ the mistake/);
  const belief = await page.innerText("#view-timeline .belief");
  assert.match(belief, /Thread 2 writes over what thread 1 wrote in step 12, and has not seen it\./);
  assert.match(belief, /Believed\s+Thread 2 went by its copy of 7 shared words: it last looked in step 6 \(session_manager\.cpp:105\)\./);
  assert.match(belief, /True\s+Thread 1 had written them anew in step 12 \(session_manager\.cpp:422\)\./);
  assert.match(await page.textContent("#sentence"), /The mistake: Thread 2 writes over/);
  assert.equal(await page.locator("#sentence").getAttribute("aria-live"), "polite");
  // Where it looked and what it missed are marked too; the source line stands beside it; lock A is held.
  assert.equal(await steps.nth(5).locator(".tag.look").innerText(), "◉ last looked here");
  assert.equal(await steps.nth(11).locator(".tag.change").innerText(), "✎ changed here");
  assert.match(await page.innerText("#view-timeline .source-line.here"), /stored = std::move\(changed\);/);
  assert.match(await page.innerText("#view-timeline .locks"), /thread 2\s+lock A/);
  await page.evaluate(() => window.scrollTo(0, 0));
  await picture(page, "timeline.png");
  assert.deepEqual(wrong, []);
  await page.close();
});

test("slider, buttons and the keys Home, End and m go to the same steps", async () => {
  const { page, wrong } = await open(browser, url("buggy.html"));
  const slider = page.locator("#slider");
  await page.keyboard.press("End");
  assert.equal(await slider.inputValue(), "29");
  assert.match(await page.textContent("#sentence"), /here the run fails/);
  await page.keyboard.press("Home");
  assert.equal(await slider.inputValue(), "1");
  assert.equal(await page.locator("#back").getAttribute("aria-disabled"), "true");
  await page.keyboard.press("m");
  assert.equal(await slider.inputValue(), "21");
  await slider.focus();
  await page.keyboard.press("ArrowLeft");  // once, although the page listens too
  assert.equal(await slider.inputValue(), "20");
  assert.match(await page.textContent("#sentence"), /^Step 20 of 29/);
  await page.click("#forward");
  assert.equal(await page.locator("#view-timeline .column:not(.right) [aria-current=step] .number").textContent(), "Step 21");
  // Before the mistake is made, what is already out of date is said.
  await page.click("#first");
  for (let at = 0; at < 13; ++at) await page.click("#forward");
  assert.match(await page.innerText("#view-timeline .belief"), /Thread 2 goes by what it read in step 6 .*\s+True\s+Thread 1 has written over some of that since, in step 12/);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("without a mouse the focus stays where it was, and what is wide can be scrolled", async () => {
  const { page, wrong } = await open(browser, url("buggy.html"), { width: 375, height: 812 });
  const focus = () => page.evaluate(() => document.activeElement.id || document.activeElement.className);
  await page.locator("#forward").focus();
  await page.keyboard.press("m");
  const source = page.locator("#view-timeline .source");
  assert.ok(await source.evaluate((region) => region.scrollWidth > region.clientWidth), "there is something to scroll");
  const before = await page.locator("#slider").inputValue();
  await source.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction(() => document.querySelector("#view-timeline .source").scrollLeft > 0);
  assert.equal(await page.locator("#slider").inputValue(), before);
  // All of the sentence can be read, at the mistake too.
  assert.ok(await page.locator("#sentence").evaluate((one) => one.scrollHeight <= one.clientHeight), "the sentence is cut off");
  await page.keyboard.press("Home");
  await page.locator("#forward").focus();
  await page.keyboard.press("End");
  await page.keyboard.press("Enter");
  assert.deepEqual([await focus(), await page.getAttribute("#forward", "aria-disabled")], ["forward", "true"]);
  // A list of steps is one, also for who does not see it.
  assert.equal(await page.locator("ol > :not(li), ol > li[role]").count(), 0);

  await page.click("#tab-play");
  const { timeline } = await reportOf(page);
  const way = wayTo(timeline.play, true);
  for (const number of way) {
    await page.locator(`#view-play .choices [data-number="${number}"]`).focus();
    await page.keyboard.press("Enter");
    assert.match(await focus(), /^choice |^verdict$/);
  }
  assert.equal(await focus(), "verdict");
  await page.locator("#undo").focus();
  for (let left = way.length; left > 0; --left) await page.keyboard.press("Enter");
  assert.deepEqual([await focus(), await page.getAttribute("#undo", "aria-disabled")], ["undo", "true"]);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("the order that would have been right stands beside it", async () => {
  const { page, wrong } = await open(browser, url("buggy.html"));
  const { timeline } = await reportOf(page);
  const right = page.locator("#view-timeline .right");
  assert.match(await right.innerText(), /This order would have been right/);
  assert.match(await right.innerText(), /The order without a deviation: nobody is interrupted\./);
  assert.equal(await right.locator(".step").count(), timeline.right.steps.length);
  assert.match(await right.innerText(), /Up to here both orders are the same\./);
  const [failing, beside] = await Promise.all([page.locator("#view-timeline .column").first().boundingBox(), right.boundingBox()]);
  assert.ok(beside.x > failing.x + failing.width - 1 && Math.abs(beside.y - failing.y) < 5, "it is beside, not below");
  assert.deepEqual(wrong, []);
  await page.close();
});

// The numbers of choices to an end with that verdict, the first that a search in depth comes to.
function wayTo(play, broken) {
  const go = (edge, way, seen) => {
    if (edge.leaf !== undefined) return (play.leaves[edge.leaf].verdict !== "passed") === broken ? way : null;
    if (edge.node === undefined || seen.has(edge.node)) return null;
    seen.add(edge.node);
    for (const [number, choice] of play.nodes[edge.node].choices.entries()) {
      const found = go(choice, [...way, number], seen);
      if (found) return found;
    }
    return null;
  };
  return go(play.start, [], new Set());
}

async function playWay(page, way) {
  for (const number of way) await page.click(`#view-play .choices [data-number="${number}"]`);
}

test("buggy can be broken in play, and an order that is right can be found", async () => {
  const { page, wrong } = await open(browser, url("buggy.html"));
  const { timeline } = await reportOf(page);
  const { play } = timeline;
  assert.equal(play.complete, true);
  assert.ok(play.failing > 0 && play.failing < play.orders);
  await page.click("#tab-play");
  assert.match(await page.innerText("#view-play .intro"), new RegExp(`${play.orders.toLocaleString("en")} orders. ${play.failing.toLocaleString("en")} of those fail`));
  const broken = wayTo(play, true);
  await playWay(page, broken.slice(0, 4));
  await picture(page, "play.png");
  await playWay(page, broken.slice(4));
  assert.match(await page.innerText("#verdict"), /✕ You broke it: assertion\./);
  assert.match(await page.innerText("#view-play .belief"), /writes over what thread \d wrote in step \d+, and has not seen it/);
  assert.ok(await page.locator("#view-play .tag.mistake").count() > 0);
  assert.match(await page.innerText("#score"), /1 try so far: 1 broken, 0 held/);
  await picture(page, "broken.png");

  await page.click("#undo");
  assert.equal(await page.locator("#verdict").isVisible(), false);
  await playWay(page, broken.slice(-1));
  assert.match(await page.innerText("#score"), /1 try so far: 1 broken/, "the same end once more is no further try");
  await page.click("#again");
  await playWay(page, wayTo(play, false));
  assert.match(await page.innerText("#verdict"), /✓ It held: this order is right\./);
  assert.match(await page.innerText("#score"), /2 tries so far: 1 broken, 1 held/);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("a hint says what becomes of each choice, as the recorded tree has it", async () => {
  const { page, wrong } = await open(browser, `${url("buggy.html")}#play`);
  await page.click("#hint");
  const fates = await page.locator("#view-play .fate").allInnerTexts();
  const { timeline } = await reportOf(page);
  const sum = fates.reduce((all, fate) => all + Number(/([\d,]+) of/.exec(fate)?.[1].replaceAll(",", "") ?? 0), 0);
  assert.equal(fates.length, 2);
  assert.equal(sum, timeline.play.failing);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("a hint on a tree that was cut off says what was recorded, and no more", () => {
  const fate = (orders, failing, racing, open) => hintOf({ orders, failing, racing, open });
  assert.equal(fate(12, 0, 0, true), "none of the 12 recorded orders from here fails");
  assert.equal(fate(12, 5, 0, true), "✕ 5 of 12 recorded orders from here fail");
  assert.equal(fate(12, 12, 0, true), "✕ 12 of 12 recorded orders from here fail");
  assert.equal(fate(12, 0, 3, true), "✕ none of the 12 recorded orders from here fails, and in 3 two accesses race");
  assert.equal(fate(1, 0, 0, true), "the one recorded order from here does not fail");
  assert.equal(fate(0, 0, 0, true), "no order from here was recorded");
  assert.equal(fate(12, 0, 0, false), "✓ no order from here fails");
  assert.equal(fate(12, 12, 0, false), "✕ every order from here fails");
  assert.equal(fate(12, 5, 2, false), "✕ 5 of 12 orders from here fail, and in 2 two accesses race");
});

test("a step that is aside has no number, and what it has read and written counts", () => {
  const deed = (operation) => ({ operation, told: "", object: "x", value: "1", [operation === "write" ? "writes" : "reads"]: [0] });
  const step = (thread, operation, aside) => ({ thread, deeds: [deed(operation)], holds: [{ lock: "lock A", shared: false }], ...(aside ? { aside } : {}) });
  const losses = (...steps) => follow(steps).losses.map(({ step, look, change }) => [step, look, change]);
  assert.deepEqual(losses(step(1, "read"), step(2, "write"), step(1, "write")), [[2, 0, 1]]);
  assert.deepEqual(losses(step(3, "read", true), step(1, "read"), step(2, "write"), step(1, "write")), [[2, 0, 1]]);
  // It has looked again, outside of what is shown.
  assert.deepEqual(losses(step(1, "read"), step(2, "write"), step(1, "read", true), step(1, "write")), []);
  assert.deepEqual(losses(step(1, "read"), step(2, "write", true), step(1, "write")), []);
  const followed = follow([step(1, "read"), step(2, "write", true)]);
  assert.equal(followed.notes.length, 1);
  assert.deepEqual(followed.beliefs(), []);
  assert.equal(followed.holds.get(2).length, 1);
  assert.equal(followed.values.get("x").step, -1);
});

test("where an order went wrong is the explorer's rule: a lost update only where the end can have come of it", () => {
  const deed = (reads, writes) => ({ operation: writes ? "write" : "read", told: "", ...(writes ? { writes: [0] } : { reads: [0] }) });
  const step = (thread, ...deeds) => ({ thread, deeds, holds: [] });
  const steps = [step(1, deed(true, false)), step(2, deed(true, false), deed(false, true)), step(1, deed(false, true)),
    { ...step(1, { operation: "lock", told: "waits", waiting: true }) }, { ...step(0), failing: true }];
  const { losses } = follow(steps);
  assert.deepEqual(losses.map((loss) => loss.step), [2]);
  const at = (verdict, by_lost_update, races = [], of = steps) => mistakeOf({ verdict, by_lost_update, races }, of, losses).step;
  assert.equal(at("assertion", true), 2);
  assert.equal(at("deadlock", false), 3);
  assert.equal(at("crash", false), 4);
  assert.equal(at("livelock", false, [], steps.slice(0, 3)), 2);
  assert.equal(at("passed", false), undefined);
  assert.equal(at("passed", true, ["data race"]), 2);
});

test("fixed can't be broken: fifty orders drawn by keys hold, and the page says that all do", async () => {
  const { page, wrong } = await open(browser, `${url("fixed.html")}#play`);
  const { timeline } = await reportOf(page);
  assert.equal(timeline.play.complete, true);
  assert.equal(timeline.play.failing, 0);
  assert.match(await page.innerText("#view-play .intro"), /None of those fails\./);
  let seed = 1;
  for (let round = 1; round <= 50; ++round) {
    while (await page.locator("#verdict").isHidden()) {
      const keys = await page.locator("#view-play button.choice kbd").allInnerTexts();
      seed = (seed * 1103515245 + 12345) % 2147483648;
      await page.keyboard.press(keys[(seed >> 16) % keys.length]);
    }
    assert.match(await page.innerText("#verdict"), /It held: this order is right\.\s+So do all others: the explorer ran every one of the 1,016 orders/);
    if (round === 1) await picture(page, "held.png");
    await page.keyboard.press("r");
  }
  assert.match(await page.innerText("#score"), /50 tries so far: 0 broken, 50 held/);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("the pages lead to each other", async () => {
  const { page, wrong } = await open(browser, url("buggy.html"));
  await page.click("text=The same on fixed");
  assert.match(page.url(), /fixed\.html$/);
  assert.match(await page.innerText("h1"), /Passed/);
  assert.deepEqual(wrong, []);
  await page.close();
});

for (const scheme of ["light", "dark"]) {
  test(`a phone's width holds all of it, and it is easy to read, ${scheme}`, async () => {
    for (const name of ["buggy.html", "fixed.html"]) {
      const { page, wrong } = await open(browser, url(name), { width: 375, height: 812, scheme });
      for (const tab of ["#tab-timeline", "#tab-play"]) {
        await page.click(tab);
        if (tab === "#tab-timeline") await page.keyboard.press("m");
        assert.ok(await overflow(page) <= 0, `${name} ${tab} is too wide`);
        assert.deepEqual(await hardToRead(page), []);
        if (name === "buggy.html") await picture(page, `phone-${scheme}${tab.replace("#tab", "")}.png`);
      }
      const [red, green, blue] = (await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).match(/\d+/g).map(Number);
      assert.equal(red + green + blue < 384, scheme === "dark");
      assert.deepEqual(wrong, []);
      await page.close();
    }
  });
}

test("in the dark on a wide screen it is easy to read, and nothing is too wide", async () => {
  const { page, wrong } = await open(browser, url("buggy.html"), { scheme: "dark" });
  await page.click("#to-mistake");
  assert.deepEqual(await hardToRead(page), []);
  assert.ok(await overflow(page) <= 0);
  await picture(page, "dark.png");
  assert.deepEqual(wrong, []);
  await page.close();
});

test("what the engine of the page finds in the failing order is what the explorer's account says", async () => {
  const { page } = await open(browser, url("buggy.html"));
  const { timeline } = await reportOf(page);
  const { losses } = follow(timeline.steps);
  const last = losses.at(-1);
  assert.deepEqual([last.step, last.look, last.change], [timeline.mistake.step, timeline.mistake.look, timeline.mistake.change]);
  assert.deepEqual(follow(timeline.right.steps).losses, []);
  await page.close();
});

// Builds the program, explores it and opens its page, to play in as well.
async function explored(name, source, options = {}) {
  const [file, program, html] = [`${name}.cpp`, name, `${name}.html`].map((one) => path.join(folder, one));
  await writeFile(file, source);
  const how = { cwd: folder, env: { ...process.env, RACELAB_ROOT: root } };
  await run(lab, ["cxx", "-std=c++20", "-o", program, file], how);
  const ran = await run(lab, ["explore", "--timeline", html, "--play", program], how).catch((error) => error);
  return { ...(await open(browser, url(`${name}.html`), options)), status: ran.code ?? 0 };
}

test("an order that races is not called right, nor are all others said to hold", async () => {
  const { page, wrong, status } = await explored("race", `#include <thread>
static int x = 0;
int main() {
  std::thread a([] { x = 1; });
  x = 2;
  a.join();
}
`);
  assert.equal(status, 1);
  const { verdict, timeline: { play } } = await reportOf(page);
  assert.equal(verdict, "data_race");
  assert.deepEqual([play.failing, play.racing], [0, play.orders]);
  assert.match(await page.innerText("h1"), /✕\s+Data race/);
  assert.match(await page.innerText("#view-timeline"), /In this order two accesses race/);
  assert.doesNotMatch(await page.innerText("#view-timeline"), /would have been right|is right|order that fails/);
  await page.click("#tab-play");
  assert.match(await page.innerText("#view-play .intro"), /find the race\s.*None of those fails; in \d+ of those that end well two accesses race\./s);
  await page.click("#hint");
  for (const fate of await page.locator("#view-play .fate").allInnerTexts()) assert.match(fate, /^✕ no order from here fails, and in \d+ two accesses race$/);
  await playWay(page, wayTo(play, false));
  assert.match(await page.innerText("#verdict"), /✕ It ended well, and two accesses race: this order is not right\.\s+Data race on x: write at race\.cpp:\d/);
  assert.doesNotMatch(await page.innerText("#view-play"), /✓|all others|order is right/);
  assert.match(await page.innerText("#score"), /1 try so far: 0 broken, 1 raced, 0 held\./);
  assert.match(await page.textContent("#play-sentence"), /^The end: it ended well, and two accesses race\./);
  assert.deepEqual(wrong, []);
  await page.close();
});

// A page of the lab's own with another's report in it. The data is no script, so that the policy has no hash of it.
async function withReport(name, change) {
  const text = await readFile(path.join(folder, "buggy.html"), "utf8");
  const [before, rest] = text.split('id="data">');
  const [data, ...after] = rest.split("</script>");
  const report = change(JSON.parse(data));
  await writeFile(path.join(folder, name), `${before}id="data">${JSON.stringify(report).replaceAll("<", "\\u003c")}</script>${after.join("</script>")}`);
}

test("a choice without a key of its own can still be picked", async () => {
  await withReport("many.html", (report) => {
    const { play } = report.timeline;
    const choice = { thread: 1, act: "run", steps: [], leaf: play.leaves.findIndex((leaf) => leaf.verdict === "passed") };
    play.start = { thread: 0, act: "run", steps: [], node: 0 };
    play.nodes = [{ running: 0, could_go_on: false, choices: Array.from({ length: 30 }, () => choice) }];
    return report;
  });
  const { page, wrong } = await open(browser, `${url("many.html")}#play`);
  assert.equal(await page.locator("#view-play button.choice").count(), 30);
  assert.equal(await page.locator("#view-play button.choice kbd").count(), 18);
  await page.click('#view-play [data-number="29"]');
  assert.match(await page.innerText("#verdict"), /It held/);
  assert.deepEqual(wrong, []);
  await page.close();
});

// claims/ has what the explored program of exercise 01 says with --explore-timeline and --explore-play, of buggy and of fixed.
for (const [name, broken] of [["buggy", true], ["fixed", false]]) {
  test(`the page of a claim plays in the learner's own file to an end, ${broken ? "red" : "green"}`, async () => {
    const recorded = JSON.parse(await readFile(path.join(root, `tests/browser/claims/${name}.json`), "utf8"));
    await withReport(`claim-${name}.html`, () => recorded);
    const { page, wrong } = await open(browser, `${url(`claim-${name}.html`)}#play`);
    const { play } = recorded.timeline;
    assert.match(await page.innerText("header"), /exercise 01: concurrent updates of distinct keys are all kept/);
    assert.match(await page.innerText("h1"), broken ? /✕\s+Lost update: 1 of 2 keys are gone/ : /✓\s+Passed/);
    assert.equal(play.failing > 0, broken);
    await page.click("#hint");
    for (const fate of await page.locator("#view-play .fate").allInnerTexts()) assert.match(fate, broken ? /^✕ \d|^none of|^no order/ : /^✓ no order from here fails$/);
    for (const number of wayTo(play, broken)) {
      for (const choice of await page.locator("#view-play button.choice").allInnerTexts())
        assert.match(choice, /session_manager\.cpp:\d|judge\.cpp:\d|goes on to the end|beyond what was recorded/);
      await page.click(`#view-play .choices [data-number="${number}"]`);
    }
    assert.match(await page.innerText("#verdict"), broken ? /✕ You broke it: assertion\./ : /✓ It held: this order is right\.\s+So do all others/);
    if (broken) assert.match(await page.innerText("#view-play .step.has-mistake"), /session_manager\.cpp/);
    const places = await page.locator("#view-play .step .place").allInnerTexts();
    assert.ok(places.filter((place) => place.startsWith("session_manager.cpp")).length > 5);
    // The others are where threads are joined, or the run fails.
    for (const place of places) assert.match(place, /^(session_manager|judge)\.cpp:\d+$/);
    assert.ok(await overflow(page) <= 0);
    await picture(page, `claim-${name}.png`);
    assert.deepEqual(wrong, []);
    await page.close();
  });
}

test("what could not be judged is shown neither as failing nor as passed", async () => {
  const { page, wrong, status } = await explored("cancelled", await readFile(path.join(root, "tests/timeline/programs/cancelled.cpp"), "utf8"));
  assert.equal(status, 3);
  assert.equal((await reportOf(page)).verdict, "could_not_judge");
  assert.match(await page.innerText("h1"), /^\?\s+Could not judge: .*pthread_cancel/);
  assert.match(await page.innerText("header"), /has neither passed nor failed/);
  assert.match(await page.innerText("#view-timeline"), /This order ends well; others could not be judged/);
  await page.click("#tab-play");
  assert.match(await page.innerText("#view-play .intro"), /There are others: one could not be run: .*pthread_cancel/);
  assert.doesNotMatch(await page.innerText("main"), /✕|✓|fails here|order is right|This order fails/);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("without JavaScript the page says what it is, and what to do", async () => {
  const plain = await launch({ javaScriptEnabled: false });
  try {
    const { page, wrong } = await open(plain, url("buggy.html"), { width: 375, height: 812 });
    const text = await page.innerText("body");
    assert.match(text, /^Session Race Lab: a timeline\s+assertion at .*two_updates\.cpp/);
    assert.match(text, /steps through that run by a script of its own, and scripts are off here\. Switch JavaScript on/);
    assert.match(text, /the same run as text: \.\/lab replay lab1-/);
    assert.ok(await overflow(page) <= 0);
    assert.deepEqual(wrong, []);
  } finally {
    await plain.close();
  }
});

test("hostile source lines and messages are text and nothing else", async () => {
  const source = path.join(folder, "hostile.cpp");
  await writeFile(source, `#include <cassert>
#include <thread>
static int x = 0;
int main() {
  std::thread a([] { x = 1; });  // </script><script>document.title = "taken"; window.taken = 1;</script>
  x = 2;
  a.join();
  assert(x == 3 && "</script><img src=x onerror='window.taken = 1'><!--<script>");
}
`);
  const program = path.join(folder, "hostile");
  const options = { cwd: folder, env: { ...process.env, RACELAB_ROOT: root } };
  await run(lab, ["cxx", "-std=c++20", "-o", program, source], options);
  const explored = await run(lab, ["explore", "--timeline", path.join(folder, "hostile.html"), "--play", program], options).catch((error) => error);
  assert.equal(explored.code, 1);
  const { page, wrong } = await open(browser, url("hostile.html"));
  assert.equal(await page.evaluate(() => window.taken), undefined);
  assert.equal(await page.locator("img").count(), 0);
  assert.match(await page.innerText("h1"), /<\/script><img src=x/);
  assert.match(await page.innerText("#view-timeline"), /<script>document\.title = "taken"/);
  assert.deepEqual(wrong, []);
  assert.doesNotMatch((await readFile(path.join(folder, "hostile.html"), "utf8")).split('id="data">')[1].split("</script>")[0], /</);
  // No order of it is right, and the page says why.
  assert.match(await page.innerText("#view-timeline .right"), /No order is right\s+None of the \d+ orders that were tried is right/);
  await page.close();
});
