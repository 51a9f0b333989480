import { type Markup, markup, Markup as Raw } from './markup.ts';

/* A page that needs nothing but itself: no script, no font, no request. */

const STYLE = `
:root{color-scheme:light dark;--ink:#1b1f24;--soft:#57606a;--paper:#fff;--rule:#d8dee4;--s0:#6e7781;--s1:#9a6700;--s2:#bc4c00;--s3:#0969da;--s4:#1a7f37;--s5:#8250df;--s6:#bf3989;--s7:#1b7c83;--s8:#4d2d00;--actual:#1b1f24}
@media (prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9198a1;--paper:#0d1117;--rule:#30363d;--s0:#9198a1;--s1:#d29922;--s2:#f0883e;--s3:#58a6ff;--s4:#3fb950;--s5:#bc8cff;--s6:#f778ba;--s7:#56d4dd;--s8:#e3b341;--actual:#e6edf3}}
@media print{:root{color-scheme:light;--ink:#000;--soft:#444;--paper:#fff;--rule:#ccc;--s0:#6e7781;--s1:#9a6700;--s2:#bc4c00;--s3:#0969da;--s4:#1a7f37;--s5:#8250df;--s6:#bf3989;--s7:#1b7c83;--s8:#4d2d00;--actual:#000}details:not([open]){display:none}figure,tr{break-inside:avoid}main{max-width:none}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1rem}
h1{font-size:1.7rem;line-height:1.25;margin:0 0 .5rem;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:2.5rem 0 .5rem}
h3{font-size:1rem;margin:1.5rem 0 .25rem;overflow-wrap:anywhere}
p{margin:.5rem 0}
.note,figcaption,dt,summary{color:var(--soft);font-size:.875rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(13rem,1fr));gap:.75rem 1.5rem;margin:1rem 0}
dd{margin:0;overflow-wrap:anywhere}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--soft)}
th,td{padding:.25rem .75rem;border-bottom:1px solid var(--rule);text-align:right;white-space:nowrap}
th:first-child,td:first-child{text-align:left;padding-left:0}
.words td:last-child{text-align:left}
tr.best td,tr.best th{font-weight:600}
figure{margin:1rem 0;overflow-x:auto}
figure>svg{min-width:22rem}figure>svg[viewBox^='0 0 720']{min-width:34rem}
.fans{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(24rem,100%),1fr));gap:0 1.5rem}
.narrow{max-width:24rem}
svg{display:block;width:100%;height:auto;font:12px system-ui,sans-serif}
svg text{fill:var(--soft)}
.grid{stroke:var(--rule)}
.line{fill:none;stroke:var(--of);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.band{fill:var(--s5)}.wide{opacity:.16}.mid{opacity:.26}
.dot{fill:var(--of)}.join{stroke:var(--soft);stroke-width:2}.ideal{stroke:var(--soft);stroke-dasharray:4 4}
.s0{--of:var(--s0);stroke-dasharray:2 5}.s1{--of:var(--s1);stroke-dasharray:7 5}.s2{--of:var(--s2)}.s3{--of:var(--s3);stroke-dasharray:9 4 2 4}.s4{--of:var(--s4)}.s5{--of:var(--s5)}.s6{--of:var(--s6);stroke-dasharray:9 3}.s7{--of:var(--s7);stroke-dasharray:3 3}.s8{--of:var(--s8)}
.dot{stroke-dasharray:none}.median{--of:var(--s5)}.actual{--of:var(--actual);stroke-width:1.5}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;margin:.5rem 0;padding:0;list-style:none;font-size:.875rem}
.legend svg{display:inline-block;width:28px;height:12px;margin-right:.4rem;vertical-align:-1px}
details{margin:.25rem 0 1rem}summary{cursor:pointer}
`;

/** The whole document. */
export const page = (title: string, body: Markup): string =>
  `<!doctype html>\n${
    markup`<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${title}</title><style>${new Raw(STYLE)}</style></head><body><main>${body}</main></body></html>`
      .text
  }\n`;

type Cell = string | number;

/** The first column names its row. @param best the row to stress */
export function table(
  caption: string,
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  best = -1,
): Markup {
  const body = rows.map(
    ([name, ...cells], i) =>
      markup`<tr${i === best ? new Raw(' class="best"') : ''}><th scope="row"><bdi>${name!}</bdi></th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>`,
  );
  return markup`<div class="scroll"><table><caption>${caption}</caption><thead><tr>${head.map((name) => markup`<th scope="col">${name}</th>`)}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** A chart with its numbers under it. */
export const figure = (chart: Markup, caption: string, numbers: Markup): Markup =>
  markup`<figure>${chart}<figcaption>${caption}</figcaption><details><summary>Numbers</summary>${numbers}</details></figure>`;

/** What the looks of lines, bands or dots mean. */
export const legend = (
  entries: readonly {
    readonly name: string;
    readonly look: string;
    readonly shape: 'line' | 'band' | 'dot';
  }[],
): Markup =>
  markup`<ul class="legend">${entries.map(({ name, look, shape }) => markup`<li><svg viewBox="0 0 28 12" aria-hidden="true">${swatch(look, shape)}</svg>${name}</li>`)}</ul>`;

function swatch(look: string, shape: 'line' | 'band' | 'dot'): Markup {
  if (shape === 'dot') return markup`<circle class="dot ${look}" cx="14" cy="6" r="5"/>`;
  if (shape === 'band') return markup`<rect class="band ${look}" width="28" height="12"/>`;
  return markup`<path class="line ${look}" d="M1 6h26"/>`;
}
