#include "tools/grader/formats/html.hpp"

namespace lab::grader::formats::html {

// The XML writer would escape "<", ">" and "&", so none stands in it. Text and background differ by 4.5 to 1 at least,
// as WCAG 2.1 asks (1.4.3).
const char* const style = R"(
:root {
  color-scheme: light dark;
  --back: #fafaf8; --card: #ffffff; --text: #1d2024; --quiet: #59616b; --line: #d9dce0; --link: #0b57a4;
  --passed: #17663a; --passed-back: #e2f3e8; --failed: #a1161d; --failed-back: #fce8e8;
  --unjudged: #744700; --unjudged-back: #fdf0d0; --skipped: #4c535c; --skipped-back: #eceef0;
  --code-back: #f1f2f3; --passed-bar: #2c9159; --failed-bar: #cc4a4f; --unjudged-bar: #c48a1d; --empty-bar: #e3e5e8;
}
@media (prefers-color-scheme: dark) {
  :root {
    --back: #14161a; --card: #1b1e23; --text: #e7e9ec; --quiet: #a5adb8; --line: #363b43; --link: #86bdf5;
    --passed: #8edcaa; --passed-back: #16321f; --failed: #ffb3b0; --failed-back: #47191c;
    --unjudged: #f4cf82; --unjudged-back: #3e2f0c; --skipped: #c3c9d0; --skipped-back: #2c3138;
    --code-back: #23272e; --passed-bar: #4fb67d; --failed-bar: #e2696b; --unjudged-bar: #d9a440; --empty-bar: #343a42;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--back); color: var(--text); font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
a { color: var(--link); }
h1, h2, h3, h4 { line-height: 1.25; margin: 0; overflow-wrap: anywhere; }
h1 { font-size: 1.75rem; }
h2 { font-size: 1.25rem; margin: 2.5rem 0 0.75rem; }
h3 { font-size: 1.125rem; }
h4 { font-size: 1rem; margin: 1.25rem 0 0.5rem; }
p { margin: 0.5rem 0; overflow-wrap: anywhere; }
.over { margin: 0 0 0.25rem; color: var(--quiet); font-size: 0.875rem; }
.quiet { color: var(--quiet); font-size: 0.875rem; }
.result { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem 1rem; margin: 1rem 0 0.5rem; }
.result strong { font-size: 1.5rem; }
.badge { display: inline-block; padding: 0.05rem 0.6rem; border-radius: 1rem; font-size: 0.875rem; font-weight: 600; white-space: nowrap; }
.badge.passed { color: var(--passed); background: var(--passed-back); }
.badge.failed { color: var(--failed); background: var(--failed-back); }
.badge.unjudged { color: var(--unjudged); background: var(--unjudged-back); }
.badge.skipped { color: var(--skipped); background: var(--skipped-back); }
.notice { margin: 1rem 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-left: 0.3rem solid var(--unjudged-bar); border-radius: 0.4rem; background: var(--card); }
.notice p:first-child { margin-top: 0; }
.notice p:last-child { margin-bottom: 0; }
.card { margin: 1rem 0; padding: 1rem 1.25rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.75rem; }
.head h3 { flex: 1 1 14rem; }
.held .card { margin: 0.5rem 0; padding: 0.6rem 1.25rem; }
.held h3 { font-size: 1rem; }
.claim + ul.plain { margin-top: 1rem; padding-top: 0.75rem; border-top: 1px solid var(--line); }
.claim { margin-top: 1rem; padding-top: 1rem; border-top: 1px solid var(--line); }
.claim h4 { margin: 0; flex: 1 1 14rem; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.25rem 1rem; margin: 0.75rem 0; }
dt { color: var(--quiet); }
dd { margin: 0; min-width: 0; overflow-wrap: anywhere; white-space: pre-line; }
code, pre { font-family: ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; font-size: 0.8125rem; }
code { overflow-wrap: anywhere; }
pre { margin: 0.5rem 0; padding: 0.75rem; overflow-x: auto; line-height: 1.4; background: var(--code-back); border-radius: 0.4rem; tab-size: 4; }
pre:focus-visible, .scroll:focus-visible, a:focus-visible { outline: 2px solid var(--link); outline-offset: 2px; }
ul.plain { margin: 0.5rem 0; padding: 0; list-style: none; }
ul.plain li { margin: 0.35rem 0; padding-left: 1.5rem; text-indent: -1.5rem; overflow-wrap: anywhere; }
ul.plain .sign { display: inline-block; width: 1.5rem; text-indent: 0; font-weight: 700; }
.sign.passed { color: var(--passed); }
.sign.failed { color: var(--failed); }
.sign.unjudged { color: var(--unjudged); }
.scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); }
table { width: 100%; border-collapse: collapse; }
th, td { padding: 0.45rem 0.75rem; text-align: left; vertical-align: middle; border-bottom: 1px solid var(--line); }
tr:last-child th, tr:last-child td { border-bottom: 0; }
thead th { color: var(--quiet); font-size: 0.875rem; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 400; overflow-wrap: anywhere; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.center, th.center { text-align: center; }
.bar { display: block; width: 100%; min-width: 4rem; height: 0.5rem; }
.bar .empty { fill: var(--empty-bar); }
rect.passed { fill: var(--passed-bar); }
rect.failed { fill: var(--failed-bar); }
rect.unjudged { fill: var(--unjudged-bar); }
.result .bar { flex: 1 1 12rem; max-width: 24rem; height: 0.75rem; }
.grid th, .grid td { padding: 0.3rem 0.5rem; }
.grid td { white-space: nowrap; }
.grid tbody th { position: sticky; left: 0; max-width: 14rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; background: var(--card); border-right: 1px solid var(--line); }
.grid .passed { color: var(--passed); background: var(--passed-back); }
.grid .failed { color: var(--failed); background: var(--failed-back); }
.grid .unjudged { color: var(--unjudged); background: var(--unjudged-back); }
.grid .skipped { color: var(--skipped); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(8rem, 1fr)); gap: 0.75rem; margin: 1rem 0; }
.facts div { padding: 0.6rem 0.9rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--card); }
.facts dt { font-size: 0.875rem; }
.facts dd { font-size: 1.375rem; font-weight: 600; }
.histogram { display: block; width: 100%; max-width: 46rem; height: auto; }
.histogram text { fill: var(--text); font: 13px system-ui, "DejaVu Sans", sans-serif; }
.histogram line { stroke: var(--line); }
.histogram rect { fill: var(--link); }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid var(--line); color: var(--quiet); font-size: 0.875rem; }
@media (max-width: 40rem) {
  main { padding: 1rem 0.75rem 2rem; }
  .card { padding: 0.9rem; }
  th, td { padding: 0.4rem 0.5rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dl dd { margin-bottom: 0.5rem; }
  .facts dd { margin: 0; }
  .wide { display: none; }
}
@media print {
  :root {
    --back: #ffffff; --card: #ffffff; --text: #000000; --quiet: #444444; --line: #bbbbbb; --link: #000000;
    --passed: #17663a; --passed-back: #ffffff; --failed: #a1161d; --failed-back: #ffffff; --unjudged: #744700;
    --unjudged-back: #ffffff; --skipped: #4c535c; --skipped-back: #ffffff; --code-back: #ffffff;
    --passed-bar: #2c9159; --failed-bar: #cc4a4f; --unjudged-bar: #c48a1d; --empty-bar: #e3e5e8;
  }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  pre { overflow: visible; white-space: pre-wrap; border: 1px solid var(--line); font-size: 7pt; }
  .scroll { overflow: visible; }
  h2, h3, h4, .head, tr { break-inside: avoid; break-after: avoid; }
  .bar, .histogram { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
)";

}  // namespace lab::grader::formats::html
