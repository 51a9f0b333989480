import type { Command } from 'commander';
import { readsFile } from '../file-verb.ts';
import type { OutputOf } from '../output.ts';

const PORTRAIT_HELP = `
The kinds of days are clusters of their shapes; nothing of the input is sent anywhere. Whole local days count, at least fourteen.

Example:
  node -p 'JSON.stringify({ start: "2026-01-05T00:00:00Z", loadKwh: Array.from({ length: 504 },
    (_, hour) => (hour % 24 === 19 ? 2 : 1)) })' | gridcommons carbon portrait --input -`;

const TREND_HELP = `
Example:
  echo '{"values": [420, 425, 418, 300, 302, 298], "leastLength": 2}' | gridcommons carbon trend --input -`;

const PEERS_HELP = `
Counts are of organisations by bin, as an encrypted sum of one figure each gives them.

Example:
  echo '{"own": 150, "edges": [100, 200, 300], "counts": [1, 3, 2, 2]}' | gridcommons carbon peers --input -`;

const SECTORS_HELP = `
Example:
  echo '{"unit": "kgCO2e", "figures": [
    {"organisation": "a", "sector": "retail", "value": "1200.5"}, {"organisation": "b", "sector": "retail", "value": 900},
    {"organisation": "c", "sector": "retail", "value": 400}, {"organisation": "d", "sector": "retail", "value": 700}
  ]}' | gridcommons carbon sectors --input -`;

/** Verbs about what members' use is like, where it goes and how it compares. */
export function registerAnalyticsCommands(carbon: Command, outputOf: OutputOf): void {
  const portrait = carbon
    .command('portrait')
    .description('kinds of days of a load, and what it is like')
    .addHelpText('after', PORTRAIT_HELP);
  readsFile(portrait, outputOf, async () => (await import('./analytics.ts')).portraitVerb);
  const trend = carbon
    .command('trend')
    .description('slope of a series and breaks of its level')
    .addHelpText('after', TREND_HELP);
  readsFile(trend, outputOf, async () => (await import('./analytics.ts')).trendVerb);
  const peers = carbon
    .command('peers')
    .description('where a figure stands among its peers’, from counts alone')
    .addHelpText('after', PEERS_HELP);
  readsFile(peers, outputOf, async () => (await import('./analytics.ts')).peersVerb);
  const sectors = carbon
    .command('sectors')
    .description('figures by sector, withheld where few organisations are in them')
    .addHelpText('after', SECTORS_HELP);
  readsFile(sectors, outputOf, async () => (await import('./analytics.ts')).sectorsVerb);
}
