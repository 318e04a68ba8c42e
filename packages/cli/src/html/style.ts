/** Style sheet of the page: no fonts, pictures or files from elsewhere. Contrast of all text is at least 4.5 to 1. */
export const styleSheet = `
:root {
  color-scheme: light dark;
  --page: #f5f6f8; --card: #ffffff; --line: #d9dde4; --text: #1b2330; --soft: #556072; --accent: #0b5fa5;
  --ok: #146c3a; --ok-back: #e3f4e9; --warn: #7a4d00; --warn-back: #fdf1d8; --bad: #a3191f; --bad-back: #fce6e6; --note: #0b5fa5; --note-back: #e4f0fa;
  --work: #e4f0fa; --work-line: #4b8dc6; --store: #e6f3ea; --store-line: #4f9d6c; --outside: #ffffff; --outside-line: #8a94a6; --base: #eceef2; --base-line: #8a94a6; --group: #fafbfc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #11151b; --card: #1a2029; --line: #333c4a; --text: #e8ecf2; --soft: #a5b0c0; --accent: #79b8f0;
    --ok: #7fd6a0; --ok-back: #173524; --warn: #f0c36b; --warn-back: #3a2d10; --bad: #ff9d9d; --bad-back: #43191b; --note: #8cc4f5; --note-back: #14304a;
    --work: #16334d; --work-line: #5c9ed6; --store: #173524; --store-line: #5fae7e; --outside: #1a2029; --outside-line: #8a94a6; --base: #262d38; --base-line: #77839a; --group: #151a22;
  }
}
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, header > div, footer { max-width: 1160px; margin: 0 auto; padding: 0 24px; }
header { background: var(--card); border-bottom: 1px solid var(--line); padding: 28px 0 20px; }
h1 { margin: 2px 0 6px; font-size: 28px; line-height: 1.2; letter-spacing: -0.01em; }
h2 { margin: 40px 0 12px; font-size: 21px; }
h3 { margin: 28px 0 10px; font-size: 16px; }
p { margin: 0 0 10px; }
a { color: var(--accent); }
code, pre { font: 12.5px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace; }
code { overflow-wrap: break-word; }
th code { white-space: nowrap; }
td code { overflow-wrap: anywhere; }
.over { color: var(--soft); font-size: 13px; text-transform: uppercase; letter-spacing: 0.08em; font-weight: 600; }
.facts { display: flex; flex-wrap: wrap; gap: 4px 28px; margin: 10px 0 0; }
.facts div { display: flex; gap: 8px; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; font-weight: 600; }
nav { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 16px; }
nav a { padding: 4px 12px; border: 1px solid var(--line); border-radius: 99px; text-decoration: none; font-weight: 600; }
.skip { position: absolute; left: -9999px; }
.skip:focus { left: 8px; top: 8px; background: var(--card); padding: 8px; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; overflow: hidden; }
.scroll { overflow-x: auto; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0; }
.tiles > div { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 16px; display: flex; flex-direction: column; }
.tiles dt { color: var(--soft); font-size: 13px; }
.tiles dd { order: -1; margin: 0; font-size: 26px; font-weight: 650; line-height: 1.2; font-variant-numeric: tabular-nums; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; padding: 10px 14px; color: var(--soft); }
th, td { text-align: left; vertical-align: top; padding: 8px 14px; border-top: 1px solid var(--line); }
thead th { border-top: 0; font-size: 13px; color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; }
td.number { text-align: right; font-variant-numeric: tabular-nums; }
.badge { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 12.5px; font-weight: 600; white-space: nowrap; }
.badge.native, .badge.planned { color: var(--ok); background: var(--ok-back); }
.badge.emulated, .badge.note { color: var(--note); background: var(--note-back); }
.badge.warning, .badge.absent { color: var(--warn); background: var(--warn-back); }
.badge.unsupported, .badge.error, .badge.impossible, .badge.failed { color: var(--bad); background: var(--bad-back); }
.soft { color: var(--soft); }
figure { margin: 0; padding: 16px; }
figcaption { color: var(--soft); font-size: 13px; margin-top: 10px; display: flex; flex-wrap: wrap; gap: 4px 18px; }
.key::before { content: ""; display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; border: 1px solid; }
.key.work::before { background: var(--work); border-color: var(--work-line); }
.key.store::before { background: var(--store); border-color: var(--store-line); }
.key.base::before { background: var(--base); border-color: var(--base-line); }
.key.outside::before { background: var(--outside); border-color: var(--outside-line); }
.diagram svg { display: block; width: 100%; height: auto; min-width: 720px; }
.diagram text { fill: var(--text); font-family: Helvetica, Arial, "Liberation Sans", sans-serif; }
.diagram .edge path { stroke: var(--soft); }
.diagram .edge polygon { fill: var(--soft); stroke: var(--soft); }
.diagram .edge text { fill: var(--soft); paint-order: stroke; stroke: var(--group); stroke-width: 5px; stroke-linejoin: round; }
.diagram .cluster path, .diagram .cluster polygon { fill: var(--group); stroke: var(--line); }
.diagram .work path { fill: var(--work); stroke: var(--work-line); }
.diagram .store path { fill: var(--store); stroke: var(--store-line); }
.diagram .base path { fill: var(--base); stroke: var(--base-line); }
.diagram .outside path { fill: var(--outside); stroke: var(--outside-line); stroke-dasharray: 5 3; }
details.component { border-top: 1px solid var(--line); }
details.component:first-child { border-top: 0; }
details.component > summary { padding: 10px 14px; cursor: pointer; display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 12px; }
details.component > summary::before { content: "▸"; color: var(--soft); transition: transform 0.1s; }
details.component[open] > summary::before { transform: rotate(90deg); }
details.component > summary::-webkit-details-marker { display: none; }
details.component > summary .types { color: var(--soft); font-size: 13px; }
details.component > summary .amount { margin-left: auto; color: var(--soft); font-variant-numeric: tabular-nums; }
details.component td, details.component tbody th { padding-top: 5px; padding-bottom: 5px; }
details.component table { background: color-mix(in srgb, var(--page) 55%, var(--card)); table-layout: fixed; }
details.component thead th:first-child { width: 24%; }
details.component thead th:nth-child(2) { width: 28%; }
details.inputs > summary { cursor: pointer; color: var(--accent); font-size: 13px; }
pre { margin: 6px 0 4px; padding: 10px 12px; background: var(--page); border: 1px solid var(--line); border-radius: 6px; max-height: 420px; overflow: auto; white-space: pre-wrap; overflow-wrap: anywhere; }
.findings { list-style: none; margin: 0; padding: 0; }
.findings li { padding: 10px 14px; border-top: 1px solid var(--line); display: grid; grid-template-columns: 84px 1fr; gap: 2px 12px; }
.findings li:first-child { border-top: 0; }
.message { padding: 10px 14px; margin: 0; }
footer { color: var(--soft); font-size: 13px; padding-top: 32px; padding-bottom: 40px; }
@media (max-width: 640px) { main, header > div, footer { padding-left: 14px; padding-right: 14px; } th, td { padding: 7px 9px; } }
@media print {
  :root {
    color-scheme: light;
    --page: #ffffff; --card: #ffffff; --line: #c9ced6; --text: #000000; --soft: #444b57; --accent: #0b5fa5;
    --ok: #146c3a; --ok-back: #e3f4e9; --warn: #7a4d00; --warn-back: #fdf1d8; --bad: #a3191f; --bad-back: #fce6e6; --note: #0b5fa5; --note-back: #e4f0fa;
    --work: #e4f0fa; --work-line: #4b8dc6; --store: #e6f3ea; --store-line: #4f9d6c; --outside: #ffffff; --outside-line: #8a94a6; --base: #eceef2; --base-line: #8a94a6; --group: #fafbfc;
  }
  * { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  body { font-size: 11px; }
  main, header > div, footer { max-width: none; padding: 0; }
  nav, .skip, details.inputs { display: none; }
  .diagram svg { min-width: 0; }
  .card, .tiles > div, figure { break-inside: avoid; }
  .card.resources { break-inside: auto; }
  tr, li { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  section.target + section.target { break-before: page; }
  details.component::details-content { content-visibility: visible; block-size: auto; }
  details.component > summary::before { content: none; }
  details.component thead th:nth-child(3), details.component td:nth-child(3) { display: none; }
}
`;
