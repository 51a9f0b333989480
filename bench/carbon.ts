/*
 * What carbon accounting costs in seconds, inputs drawn from fixed seeds. `npm run bench:carbon -- --json`; the last line is
 * JSON; `-- --no-peers` leaves the peers out, which need some Python packages the first time; `-- --only inventory` measures
 * one section. With DATABASE_URL (an empty database) the inventory is read from a PostgreSQL server, else from the embedded
 * one; `-- --members 10000 --hours 8760` says how much:
 *
 *   tracing.year72.seconds     72 zones over a year of hours: intensity and mix of every zone and hour
 *   tracing.zones3000.seconds  3 000 zones over a day
 *   tracing.eia930             recorded hours of 72 balancing areas, where DATA_DIR has them: seconds to clean and to trace
 *   peers.gridemissions        the published code of the method on the same hours: seconds, oursSeconds, speedup, and how far
 *                              results are apart; or why it was skipped
 *   inventory                  database and postgresql (its version); members, hours; seconds from rows of the platform's
 *                              tables to every member's two inventories, generation not counted; memberHoursPerSecond;
 *                              accountingSeconds, the part that is not reading; processorSeconds of this process, where
 *                              other programs do not count; the sums are those of one SQL aggregate, or the bench fails
 *   inventory.reportQuery      an analyst's sums of published days: p50Ms and p99Ms of 200 queries, in `kinds` of each kind
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measureInventory } from './carbon/inventory.ts';
import { compareGridemissions } from './carbon/peers.ts';
import type { Show } from './carbon/networks.ts';
import { measureTracing } from './carbon/tracing.ts';

const { values: options } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    peers: { type: 'boolean', default: true },
    only: { type: 'string' },
    members: { type: 'string', default: '100' },
    hours: { type: 'string', default: '8760' },
  },
  allowNegative: true,
});
const progress = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);
const show = options.json ? progress : print;

function whole(name: 'members' | 'hours', most: number): number {
  const value = Number(options[name]);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Error(`expected --${name} as a whole number from 1 to ${most}, got ${options[name]}`);
}

const size = { members: whole('members', 10_000), hours: whole('hours', 8_784) };

/** Each adds its own key: a section is a function from `show` to figures. */
const sections: Readonly<Record<string, (show: Show) => object | Promise<object>>> = {
  tracing: measureTracing,
  ...(options.peers ? { peers: compareGridemissions } : {}),
  inventory: (to) => measureInventory(size, to),
};
const { only = Object.keys(sections) } = options;
const names = [only].flat();
for (const name of names)
  if (!Object.hasOwn(sections, name))
    throw new Error(`expected --only ${Object.keys(sections).join(' or ')}, got ${name}`);

const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
show(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}`);
const figures: Record<string, object> = {};
for (const name of names) figures[name] = await sections[name]!(show);
print(JSON.stringify({ ...figures, machine }));
