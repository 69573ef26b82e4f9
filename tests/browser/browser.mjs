// What the tests in a browser share: Debian's Chromium, a page that notes what goes wrong in it, and pictures.
//
// LAB_BROWSER_PACKAGES: the folder in which npm ci has put the packages (default: this one)
// LAB_PICTURES: a folder for pictures; without it none are taken
import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const here = path.dirname(fileURLToPath(import.meta.url));
const require = createRequire(path.join(process.env.LAB_BROWSER_PACKAGES ?? here, "package.json"));
const { chromium } = require("playwright-core");

export const root = path.resolve(here, "../..");

// A browser with a profile of its own, which is gone with close().
export async function launch({ javaScriptEnabled = true } = {}) {
  const profile = await mkdtemp(path.join(tmpdir(), "lab-browser-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.LAB_CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    javaScriptEnabled,
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
      "--disable-component-update", "--disable-sync"],
  });
  return {
    context,
    async close() {
      await context.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

// A page; `prepare` is called with it before it loads; `wrong` gathers what a page must not do: errors, words on the console, requests that `allowed` does not accept.
export async function open(browser, url, { width = 1440, height = 900, scheme = "light", allowed = (request) => request.startsWith("file:"),
  prepare = () => {} } = {}) {
  const page = await browser.context.newPage();
  const wrong = [];
  page.on("console", (message) => wrong.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => wrong.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!allowed(request.url())) wrong.push(`request: ${request.url()}`);
  });
  await page.setViewportSize({ width, height });
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
  await prepare(page);
  await page.goto(url);
  return { page, wrong };
}

export async function picture(page, name) {
  if (process.env.LAB_PICTURES) await page.screenshot({ path: path.join(process.env.LAB_PICTURES, name) });
}

// How far the page is wider than its window.
export const overflow = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

// Texts that are hard to read: what WCAG asks of text, 4.5 to 1 (3 to 1 where it is large), on what lies behind it, with what
// the opacity of the parts around it lets through. Controls that are off are left out, as they are there.
export function hardToRead(page) {
  return page.evaluate(() => {
    const parse = (text) => (text.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = ([red, green, blue]) => {
      const part = (value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
      return 0.2126 * part(red) + 0.7152 * part(green) + 0.0722 * part(blue);
    };
    const ground = (node) => {
      const color = parse(getComputedStyle(node).backgroundColor);
      return color.length === 3 || color[3] === 1 ? color : null;
    };
    const behind = (node) => {
      for (let at = node; at; at = at.parentElement) if (ground(at)) return ground(at);
      return [255, 255, 255];
    };
    const mix = (color, under, opacity) => [0, 1, 2].map((part) => color[part] * opacity + under[part] * (1 - opacity));
    const seen = (node) => {
      let text = parse(getComputedStyle(node).color);
      let back = null;
      for (let at = node; at; at = at.parentElement) {
        back ??= ground(at);
        const opacity = Number(getComputedStyle(at).opacity);
        if (opacity === 1) continue;
        const under = behind(at.parentElement);
        text = mix(text, under, opacity);
        if (back) back = mix(back, under, opacity);
      }
      return [text, back ?? [255, 255, 255]];
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      if (!walker.currentNode.textContent.trim() || !node.checkVisibility()) continue;
      if (node.closest("script, style, noscript, :disabled, [aria-disabled=true]")) continue;
      const style = getComputedStyle(node);
      const [a, b] = seen(node).map(luminance).sort((x, y) => y - x);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
      const ratio = (a + 0.05) / (b + 0.05);
      if (ratio < (large ? 3 : 4.5)) found.push(`${ratio.toFixed(2)}: ${walker.currentNode.textContent.trim().slice(0, 60)}`);
    }
    return found;
  });
}
