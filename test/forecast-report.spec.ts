import { execFile } from 'node:child_process';
import { accessSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const MINUTES = 60_000;
const CHROMIUM = '/usr/bin/chromium';
const isInstalled = (file: string): boolean => {
  try {
    accessSync(file);
    return true;
  } catch {
    return false;
  }
};
const inBrowser = isInstalled(CHROMIUM) ? describe : describe.skip;
const execute = promisify(execFile);

let directory: string;
let report: string;

const HOSTILE = '<img src=x onerror=document.body.remove()>';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-report-'));
  report = join(directory, 'report.html');
  let state = 7;
  const rows = Array.from({ length: 24 * 60 }, (_, i) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    const value = Math.sin((2 * Math.PI * i) / 24) + state / 2 ** 31;
    return `${new Date(Date.UTC(2025, 0, 6, i)).toISOString()},${value.toFixed(4)}`;
  });
  const data = join(directory, 'data.csv');
  await writeFile(data, [`date,${HOSTILE}`, ...rows].join('\n'));
  const terms = ['--lookback', '48', '--horizon', '24', '--split', '6:2:2', '--cycle', 'day'];
  const { exitCode, stderr } = await run([
    'forecast',
    'backtest',
    '--data',
    data,
    ...terms,
    '--report',
    report,
  ]);
  if (exitCode !== 0) throw new Error(stderr);
}, 2 * MINUTES);

afterAll(() => rm(directory, { recursive: true, force: true }));

/** The page as a browser has it, with a script of ours that writes what it measured into the title. */
async function measured(script: string): Promise<unknown> {
  const probed = join(directory, 'probed.html');
  const page = await readFile(report, 'utf8');
  // The page itself forbids every script.
  const open = page.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
  const probe = `<script>document.title = 'found:' + JSON.stringify((() => { ${script} })())</script>`;
  await writeFile(probed, open.replace('</body>', `${probe}</body>`));
  const { stdout } = await execute(
    CHROMIUM,
    [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      `--user-data-dir=${join(directory, 'profile')}`,
      '--window-size=1000,800',
      '--dump-dom',
      pathToFileURL(probed).href,
    ],
    { maxBuffer: 2 ** 26 },
  );
  const [, found] = /<title>found:(.*?)<\/title>/.exec(stdout)!;
  return JSON.parse(found!.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'));
}

inBrowser('the page of a backtest in a browser', () => {
  it(
    'draws every chart inside its frame, and names as text',
    async () => {
      const found = await measured(`
        const charts = [...document.querySelectorAll('svg[role=img]')];
        const outside = charts.flatMap((chart) => {
          const frame = chart.getBoundingClientRect();
          return [...chart.querySelectorAll('text, path, circle')].filter((mark) => {
            const { left, right, top, bottom } = mark.getBoundingClientRect();
            return left < frame.left - 1 || right > frame.right + 1 || top < frame.top - 1 || bottom > frame.bottom + 1;
          }).map((mark) => mark.outerHTML.slice(0, 80));
        });
        const drawn = charts.filter((chart) => chart.getBoundingClientRect().height > 60).length;
        const unlike = [...document.querySelectorAll('.line')].filter((line) => getComputedStyle(line).stroke === 'none').length;
        const heading = document.querySelector('h3').textContent;
        return { charts: charts.length, drawn, outside, unlike, heading, images: document.images.length,
          wider: document.documentElement.scrollWidth - document.documentElement.clientWidth };
      `);
      expect(found).toEqual({
        charts: 9,
        drawn: 9,
        outside: [],
        unlike: 0,
        heading: HOSTILE,
        images: 0,
        wider: 0,
      });
    },
    2 * MINUTES,
  );
});
