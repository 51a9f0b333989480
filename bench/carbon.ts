/*
 * What carbon accounting costs in seconds, inputs drawn from fixed seeds. `npm run bench:carbon -- --json`; the last line is
 * JSON; `-- --no-peers` leaves the peers out, which need some Python packages the first time:
 *
 *   tracing.year72.seconds     72 zones over a year of hours: intensity and mix of every zone and hour
 *   tracing.zones3000.seconds  3 000 zones over a day
 *   tracing.eia930             recorded hours of 72 balancing areas, where DATA_DIR has them: seconds to clean and to trace
 *   peers.gridemissions        the published code of the method on the same hours: seconds, oursSeconds, speedup, and how far
 *                              results are apart; or why it was skipped
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { compareGridemissions } from './carbon/peers.ts';
import { measureTracing } from './carbon/tracing.ts';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, peers: { type: 'boolean', default: true } },
  allowNegative: true,
});
const progress = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);
const show = options.json ? progress : print;

/** Each adds its own key: a section is a function from `show` to figures. */
const sections = {
  tracing: measureTracing,
  ...(options.peers ? { peers: compareGridemissions } : {}),
};

const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
show(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}`);
const figures: Record<string, object> = {};
for (const [name, measure] of Object.entries(sections)) figures[name] = measure(show);
print(JSON.stringify({ ...figures, machine }));
