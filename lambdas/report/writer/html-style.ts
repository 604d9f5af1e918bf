/**
 * The page's only style sheet. Its hash stands in the page's content security policy, so nothing else styles it.
 * Colours keep a contrast of 4.5:1 at least, in both schemes; no meaning is told by colour alone.
 */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --sheet: #ffffff; --ink: #1d1b19; --muted: #605b54; --line: #e4dfd8; --faint: #f3f0eb;
  --accent: #b4400d;
  --good: #14603a; --good-wash: #e3f2e8; --bad: #a01d17; --bad-wash: #fbe6e4;
  --warn: #84480a; --warn-wash: #fcefd9; --calm: #44505f; --calm-wash: #e9edf2;
  --sans: Inter, "Inter Variable", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  --mono: "JetBrains Mono", ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #131211; --sheet: #1b1917; --ink: #ece8e2; --muted: #aaa399; --line: #35312c; --faint: #23201d;
    --accent: #f59a63;
    --good: #83d6a5; --good-wash: #15321f; --bad: #ffa198; --bad-wash: #421916;
    --warn: #f3bb6c; --warn-wash: #3a2708; --calm: #b9c5d4; --calm-wash: #262d36;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 var(--sans); font-feature-settings: "tnum"; overflow-wrap: anywhere; }
.page { max-width: 74rem; margin: 0 auto; padding: 0 2rem 4rem; }
a { color: inherit; text-decoration-color: var(--accent); text-underline-offset: .18em; }
code, .mono { font-family: var(--mono); font-size: .86em; font-feature-settings: normal; }
h1, h2, h3, p, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
ul, ol { list-style: none; }

.brand { display: flex; align-items: center; gap: .6rem; padding: 1.4rem 0; color: var(--muted); font-size: .84rem; letter-spacing: .01em; }
.brand svg { width: 1.35rem; height: 1.35rem; flex: none; }
.exercise { margin: 1rem 0 0; border-radius: .6rem; padding: .8rem 1.15rem; color: #fff; background: #5b21b6; font-size: 1.05rem; font-weight: 680; overflow-wrap: anywhere; }
.brand b { color: var(--ink); font-weight: 650; }
.brand .edition { margin-left: auto; }
.masthead { padding: 1.9rem 0 1.9rem; border-top: 3px solid var(--accent); }
.kicker { display: flex; flex-wrap: wrap; gap: .45rem; align-items: center; margin-bottom: 1.1rem; }
h1 { font-size: clamp(1.7rem, 4vw, 2.5rem); line-height: 1.12; letter-spacing: -.022em; font-weight: 680; max-width: 34ch; text-wrap: balance; }
.where { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin-top: 1.1rem; color: var(--muted); font-size: .9rem; }

.severity { border-radius: .3rem; padding: .16rem .55rem; font-weight: 700; font-size: .84rem; letter-spacing: .04em; color: #fff; background: #475569; }
.severity.sev1 { background: #a01d17; } .severity.sev2 { background: #b4400d; } .severity.sev3 { background: #84600a; }
.pill { display: inline-flex; align-items: center; gap: .4em; border-radius: 99px; padding: .1rem .62rem .1rem .5rem; font-size: .8rem; font-weight: 580; line-height: 1.5; white-space: nowrap; }
.pill svg { width: .72em; height: .72em; flex: none; }
.good { color: var(--good); background: var(--good-wash); } .bad { color: var(--bad); background: var(--bad-wash); }
.warn { color: var(--warn); background: var(--warn-wash); } .calm { color: var(--calm); background: var(--calm-wash); }

section { display: grid; grid-template-columns: 12.5rem minmax(0, 1fr); gap: 0 2.5rem; padding: 1.9rem 0; border-top: 1px solid var(--line); }
section > h2 { font-size: .95rem; font-weight: 650; line-height: 1.4; letter-spacing: -.005em; }
section > h2 small { display: block; margin-top: .3rem; color: var(--muted); font-size: .8rem; font-weight: 400; line-height: 1.45; letter-spacing: 0; }
.id { white-space: nowrap; }
.aside { margin-top: .75rem; color: var(--muted); font-size: .9rem; max-width: 72ch; }
.none { color: var(--muted); }

.times { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1px; background: var(--line); border: 1px solid var(--line); border-radius: .6rem; overflow: hidden; }
.times > div { background: var(--sheet); padding: 1rem 1.15rem 1.1rem; }
.times dt { color: var(--muted); font-size: .82rem; }
.times dd { font-size: 1.5rem; font-weight: 640; letter-spacing: -.02em; line-height: 1.25; }
.times dd.missing { color: var(--muted); font-weight: 450; }
.times dd.meaning { margin-top: .3rem; color: var(--muted); font-size: .8rem; font-weight: 400; line-height: 1.45; letter-spacing: 0; }

.picture { overflow-x: auto; border: 1px solid var(--line); border-radius: .6rem; background: var(--sheet); }
.picture svg { display: block; width: 100%; min-width: 46rem; height: auto; }
.picture text { font-family: var(--sans); font-size: 12px; fill: var(--muted); }
.picture .name { fill: var(--ink); font-weight: 560; }
.picture .moment { fill: var(--ink); font-weight: 600; }
.picture .rail { stroke: var(--line); stroke-width: 1; }
.picture .guide { stroke: var(--muted); stroke-width: 1; stroke-dasharray: 2 4; opacity: .55; }
.picture .span { stroke: var(--good); stroke-width: 8; stroke-linecap: round; opacity: .22; }
.picture .working { stroke: var(--warn); stroke-width: 8; stroke-linecap: round; opacity: .3; }
.picture .mark { stroke: var(--sheet); stroke-width: 1.5; }
.picture .mark.good { fill: var(--good); } .picture .mark.bad { fill: var(--bad); }
.picture .mark.warn { fill: var(--warn); } .picture .mark.calm { fill: var(--calm); }
figcaption { margin-top: .7rem; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem; color: var(--muted); font-size: .8rem; }
figcaption span { display: inline-flex; align-items: center; gap: .4rem; }
figcaption svg { width: .95rem; height: .95rem; }
figcaption svg.good, figcaption svg.bad, figcaption svg.warn, figcaption svg.calm { background: none; }
figcaption .good { fill: var(--good); } figcaption .bad { fill: var(--bad); }
figcaption .warn { fill: var(--warn); } figcaption .calm { fill: var(--calm); }

.picture.narrow { max-width: 34rem; }
.picture.narrow svg { min-width: 0; }
.picture .box { fill: var(--faint); stroke: var(--line); stroke-width: 1; }
.picture .box.contained { fill: var(--good-wash); stroke: var(--good); }
.picture .tie { stroke: var(--muted); stroke-width: 1.2; }
.table + .facts, figure + .table { margin-top: 1.2rem; }
.answers { display: grid; gap: 1.25rem; }
.answers dt { font-weight: 650; font-size: 1.02rem; letter-spacing: -.01em; }
.answers dd { margin-top: .2rem; max-width: 74ch; display: grid; gap: .3rem; }
.answers .records, .table .records { color: var(--muted); font-size: .8rem; }
.blank { display: inline-block; min-width: 7rem; border-bottom: 1px solid var(--muted); height: 1em; }
.owned { display: block; margin-top: .25rem; }
.fill { display: grid; gap: .6rem; list-style: decimal; padding-left: 1.3rem; }
.log .name { color: var(--muted); font-family: var(--mono); }

.cards { display: grid; gap: 1.1rem; }
.card { background: var(--sheet); border: 1px solid var(--line); border-radius: .6rem; padding: 1.2rem 1.35rem 1.25rem; break-inside: avoid; }
.card header { display: flex; flex-wrap: wrap; gap: .35rem .8rem; align-items: center; }
.card h3 { font-size: 1.02rem; font-weight: 650; letter-spacing: -.01em; }
.card .target { margin-top: .35rem; color: var(--muted); font-size: .9rem; }
.card .reason { margin-top: .6rem; }
.facts { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin-top: .9rem; font-size: .88rem; }
.facts dt { color: var(--muted); font-size: .78rem; }
.card .table, .card .why { margin-top: 1rem; }

.table { width: 100%; border-collapse: collapse; font-size: .88rem; line-height: 1.5; }
.table th { text-align: left; font-weight: 500; color: var(--muted); font-size: .78rem; padding: 0 1rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: bottom; white-space: nowrap; }
.table td { padding: .5rem 1rem .5rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.table tr:last-child td { border-bottom: 0; padding-bottom: 0; }
.table .nowrap { white-space: nowrap; }
.table small { display: block; color: var(--muted); font-size: .78rem; }
.card .table td:first-child { min-width: 9.5rem; }
.changes { margin-top: .25rem; color: var(--muted); display: grid; gap: .1rem; }
.hash { color: var(--muted); word-break: break-all; }

.why { display: grid; gap: .3rem; font-size: .9rem; }
.why li { padding: .32rem .7rem; background: var(--faint); border-radius: .35rem; }
.chips { display: inline-flex; flex-wrap: wrap; gap: .35rem; }
.chip { border: 1px solid var(--line); border-radius: .3rem; padding: 0 .4rem; font-family: var(--mono); font-size: .78rem; }
.tasks { display: grid; gap: .7rem; }
.tasks li { display: grid; grid-template-columns: 1.1rem minmax(0, 1fr); gap: .75rem; }
.tasks li::before { content: ""; width: 1.05rem; height: 1.05rem; margin-top: .25rem; border: 1.5px solid var(--muted); border-radius: .25rem; }
.tasks small, .problems small { color: var(--muted); font-size: .84rem; }
.problems { display: grid; gap: .7rem; }
.problems .pill { margin-right: .5rem; }

.day { color: var(--muted); font-size: .84rem; font-weight: 560; padding: 0 0 .6rem; }
.day:not(:first-child) { padding-top: 1.6rem; }
.log { position: relative; }
.log li { position: relative; display: grid; grid-template-columns: 6.2rem 8.6rem minmax(0, 1fr) 10.5rem; gap: 0 1rem; padding: .5rem 0; align-items: baseline; break-inside: avoid; }
.log li + li { border-top: 1px solid var(--line); }
.log time { font-family: var(--mono); font-size: .8rem; color: var(--muted); font-feature-settings: normal; }
.log .what { font-size: .94rem; }
.log .what a { color: var(--muted); font-size: .84rem; white-space: nowrap; }
.log .by { color: var(--muted); font-size: .8rem; }

.believe { display: flex; gap: .9rem; align-items: flex-start; }
.believe p { max-width: 68ch; }
.believe .pill { margin-top: .2rem; }
.chain { margin-top: .8rem; color: var(--muted); font-size: .88rem; }
footer { padding: 1.6rem 0 0; border-top: 1px solid var(--line); color: var(--muted); font-size: .84rem; display: flex; flex-wrap: wrap; gap: .3rem 1.5rem; justify-content: space-between; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; border-radius: .2rem; }
li:target, tr:target td { background: var(--warn-wash); }

@media (max-width: 52rem) {
  .page { padding: 0 1.15rem 3rem; }
  .brand .edition { display: none; }
  .masthead { padding: 1.5rem 0 1.7rem; }
  section { display: block; padding: 1.7rem 0; }
  section > h2 { margin-bottom: 1rem; font-size: 1.1rem; }
  section > h2 small { display: inline; margin-left: .5rem; }
  .times { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .times > div { padding: .8rem .9rem .9rem; }
  .times dd { font-size: 1.25rem; }
  .card { padding: 1rem; }
  .table, .table tbody, .table tr, .table td { display: block; }
  .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tr { padding: .7rem 0; border-bottom: 1px solid var(--line); }
  .table tr:last-child { border-bottom: 0; padding-bottom: 0; }
  .table td { display: grid; grid-template-columns: 5.2rem minmax(0, 1fr); gap: .8rem; border: 0; padding: .1rem 0; }
  .table td::before { content: attr(data-label); color: var(--muted); font-size: .78rem; line-height: 1.75; }
  .card .table td:first-child { min-width: 0; }
  .table td.empty { display: none; }
  .log li { grid-template-columns: auto 1fr; gap: .15rem .7rem; padding: .75rem 0; align-items: center; }
  .log .what, .log .by { grid-column: 1 / -1; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --sheet: #fff; }
  @page { margin: 16mm 14mm; }
  @page exercise { @top-center { content: "EXERCISE"; font-weight: bold; } }
  .rehearsed { page: exercise; }
  body { font-size: 10.5pt; }
  .page { max-width: none; padding: 0; }
  .severity, .pill, .exercise { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .picture { overflow: visible; } .picture svg { min-width: 0; }
  section { grid-template-columns: 8.5rem minmax(0, 1fr); padding: 1.2rem 0; }
  h2, h3, .day { break-after: avoid; }
}
`;
