/*
 * What the market costs in seconds, random orders and members drawn from fixed seeds. `npm run bench:market -- --json`; the last
 * line is JSON; `-- --no-peers` leaves the peers out, which take some minutes and, the first time, Python packages:
 *
 *   call.1e6.seconds   uniform-price call auction of a million orders, and of 1e3 … 1e5; median of the runs
 *   call.slope         growth from 1e3 to 1e6: the exponent of n that fits the seconds, 1 is linear
 *   <name>.1e5.seconds every mechanism that is made for large books, at a hundred thousand orders of one size
 *   book.opsPerSecond  operations of an order book: of four, three insert an order and one cancels an earlier one
 *   dlmp33x24.seconds  locational prices of the 33-bus feeder over a day, losses and voltage limits active
 *   shapley16.seconds  Shapley value of 16 members, each of the 65 535 coalitions dispatched
 *   admm1000.seconds   1 000 members with a battery coordinate a day without telling their data
 *   peers.<name>       a published Python package on the same orders: n, its seconds, oursSeconds, speedup, what each trades;
 *                      or why it was skipped
 */
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { callAuction, orderBook, truthfulAuctions } from './market/auctions.ts';
import { measureDlmp } from './market/dlmp.ts';
import { comparePeers } from './market/peers.ts';
import { measureAdmm1000, measureShapley16 } from './market/sharing.ts';

const { values: options } = parseArgs({
  options: { json: { type: 'boolean', default: false }, peers: { type: 'boolean', default: true } },
  allowNegative: true,
});
const progress = (text: string) => void process.stderr.write(`${text}\n`);
const print = (text: string) => void process.stdout.write(`${text}\n`);
const show = options.json ? progress : print;

const machine = { processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version };
show(`${machine.processor}, ${machine.cores} cores, Node ${machine.node}`);
const figures = {
  call: callAuction(show),
  ...truthfulAuctions(show),
  book: orderBook(show),
  dlmp33x24: await measureDlmp(),
  admm1000: await measureAdmm1000(show),
  shapley16: await measureShapley16(show),
  ...(options.peers ? { peers: comparePeers(show) } : {}),
};
print(JSON.stringify({ ...figures, machine }));
