/*
 * What data exchange costs. `npm run bench:exchange -- --json`; the last line is JSON:
 *
 *   policy.perSecond   decisions a second of one core on a compiled agreement of the usual size, half of them refusals
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { measurePolicy } from './exchange/policy.ts';

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });
const progress = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);
const show = options.json ? progress : print;

const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
show(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}`);
print(JSON.stringify({ policy: measurePolicy(show), machine }));
