/*
 * How soon a page of the console can be used. `npm run bench:console -- --url http://127.0.0.1:3000 --key-file
 * world/platform/operator.key [--visits 5] [--json]`, on a platform that holds what a demo left. The last line is JSON, a page:
 *
 *   readyMs    from the start of navigation until heading and data are shown, in an empty browser: the median of the visits
 *   requests   until then; longTasks: stretches of more than 50 ms in which the page answered nobody
 */
import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { type ConsoleVisit, middleVisit, visitConsole } from './console/visit.ts';

const { values: options } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    'key-file': { type: 'string' },
    visits: { type: 'string', default: '5' },
    chromium: { type: 'string', default: '/usr/bin/chromium' },
    json: { type: 'boolean', default: false },
  },
});
const visits = Number(options.visits);
if (!Number.isInteger(visits) || visits < 1 || visits > 99)
  throw new Error(`expected --visits as a whole number from 1 to 99, got ${options.visits}`);
if (options['key-file'] === undefined) throw new Error('expected --key-file with an API key, got none');

/** Those that have something to show after a demo. */
const PAGES = ['federation', 'forecasts', 'market', 'carbon', 'admin'];
const print = (text: string) => void process.stdout.write(`${text}\n`);
const apiKey = (await readFile(options['key-file'], 'utf8')).trim();
const browser = await chromium.launch({ executablePath: options.chromium, args: ['--no-sandbox'] });
const told: Record<string, ConsoleVisit> = {};
try {
  // Warm: what the platform reads for the first time is no matter of the page.
  for (const page of PAGES) await visitConsole(browser, options.url, apiKey, page);
  for (const page of PAGES) {
    const seen: ConsoleVisit[] = [];
    for (let n = 0; n < visits; n++) seen.push(await visitConsole(browser, options.url, apiKey, page));
    told[page] = middleVisit(seen);
    const { readyMs, requests, longTasks } = told[page];
    if (!options.json)
      print(`${page.padEnd(12)} ${readyMs.toFixed(0)} ms, ${requests} requests, ${longTasks} long tasks`);
  }
} finally {
  await browser.close();
}
const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
print(JSON.stringify({ pages: told, machine }));
