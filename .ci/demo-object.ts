/**
 * Reads the demo's last line from standard input and fails unless it is the one JSON object the demo promises, with `ok`.
 * `--accurate`: the forecasts must also beat both naive ones and the site's own model, as they do on the real homes.
 */
import { readFileSync } from 'node:fs';

/** Each figure of the demo and what it is; nested as in the object. */
const SHAPE = {
  ok: 'boolean',
  participants: 'number',
  threshold: 'number',
  uploadBytesPerSite: 'number',
  encryptMs: 'number',
  'forecast.mae': 'number',
  'forecast.maeGlobal': 'number',
  'forecast.maeNaive24': 'number',
  'forecast.maeNaive168': 'number',
  'forecast.maeLocalOnly': 'number',
  'forecast.sitesBetterThanLocal': 'number',
  'market.trades': 'number',
  'market.energyWh': 'number',
  'market.savingsMinor': 'number',
  'sharing.shapley.surplusMinor': 'number',
  'sharing.nash.surplusMinor': 'number',
  'feeder.alone.lossKw': 'number',
  'ledger.entries': 'number',
  'ledger.verified': 'boolean',
  'carbon.locationKg': 'number',
  'carbon.marketKg': 'number',
  transcriptVerified: 'boolean',
  seconds: 'number',
};

const text = readFileSync(0, 'utf8');
process.stdout.write(text);
const result: unknown = JSON.parse(text);
const at = (path: string): unknown =>
  path
    .split('.')
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], result);

const problems = Object.entries(SHAPE)
  .filter(([path, type]) => typeof at(path) !== type)
  .map(([path, type]) => `expected ${path} to be a ${type}, got ${JSON.stringify(at(path))}`);
for (const path of ['ok', 'ledger.verified', 'transcriptVerified']) {
  if (at(path) !== true) problems.push(`expected ${path} to hold`);
}
if (process.argv.includes('--accurate')) {
  const mae = Number(at('forecast.mae'));
  for (const rival of ['forecast.maeNaive24', 'forecast.maeNaive168', 'forecast.maeLocalOnly']) {
    if (!(mae < Number(at(rival))))
      problems.push(`expected forecast.mae ${mae} below ${rival} ${String(at(rival))}`);
  }
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
if (problems.length > 0) process.exitCode = 1;
