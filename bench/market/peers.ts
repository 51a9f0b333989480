import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type ClearingOptions, mechanismNamed, type Order } from '#market';
import { peerPython, PeersUnavailable, reasonOf, runScript } from '../peers/python.ts';
import { medianSeconds, randomBook, rounded, type Show, varied } from './auctions.ts';

/** The compiler writes to dist/bench/market; scripts and requirements stay where they were written. */
const here = join(resolve(import.meta.dirname, '../../..'), 'bench', 'market', 'peers');

/** Start of Python and reading of orders included, which its seconds are not. */
const RUN_LIMIT_MS = 60_000;
/** All runs of all peers, so that the whole bench ends within ten minutes. */
const ALL_LIMIT_MS = 5 * 60_000;

/** A published clearing beside ours; all see the same orders and time from them to trades. */
interface Peer {
  readonly name: string;
  /** Script and requirements of that name. */
  readonly package: 'pymarket' | 'gsy' | 'assume';
  readonly imports: string;
  readonly clears: string;
  readonly ours: string;
  readonly options?: ClearingOptions;
  /** The most that it clears in a minute on two cores; halved where this machine takes longer. */
  readonly size: number;
  /** Most by which its traded energy may differ from ours where the rules agree, Wh. */
  readonly withinWh?: number;
}

const ONE_ORDER_WH = 5_000;
const PYMARKET = { package: 'pymarket', imports: 'pymarket' } as const;
const GSY = { package: 'gsy', imports: 'gsy_framework.matching_algorithms' } as const;
const ASSUME = { package: 'assume', imports: 'mango, pyomo' } as const;

/** pymarket's lots and gsy-framework's pay-as-bid, whose offers trade once at most, need not trade what ours trade. */
const PEERS: readonly Peer[] = [
  { ...ASSUME, name: 'assume', clears: 'pay-as-clear', ours: 'uniform-price', size: 5e4, withinWh: 0 },
  { ...PYMARKET, name: 'pymarket-muda', clears: 'muda', ours: 'muda-vickrey', size: 2.5e4 },
  { ...PYMARKET, name: 'pymarket-huang', clears: 'huang', ours: 'trade-reduction', size: 1e4 },
  {
    ...PYMARKET,
    name: 'pymarket-p2p',
    clears: 'p2p',
    ours: 'p2p-bilateral',
    options: { matching: 'random' },
    size: 1e3,
  },
  {
    ...GSY,
    name: 'gsy-pay-as-clear',
    clears: 'pay-as-clear',
    ours: 'uniform-price',
    size: 2.5e4,
    withinWh: ONE_ORDER_WH,
  },
  { ...GSY, name: 'gsy-pay-as-bid', clears: 'pay-as-bid', ours: 'pay-as-bid', size: 5e4 },
];

interface Cleared {
  readonly seconds: number;
  readonly quantityWh: number;
}

/** `peers`: each at the largest size that it clears in a minute, or why it could not be asked. */
export function comparePeers(show: Show): object {
  const endMs = performance.now() + ALL_LIMIT_MS;
  return Object.fromEntries(PEERS.map((peer) => [peer.name, compared(peer, endMs, show)]));
}

function compared(peer: Peer, endMs: number, show: Show): object {
  try {
    const requirements = join(here, `${peer.package}.txt`);
    const python = peerPython(show, { requirements, imports: peer.imports, complete: true });
    return largest(peer, python, endMs, show);
  } catch (error) {
    if (!(error instanceof PeersUnavailable)) throw error;
    show(`${peer.name}  skipped: ${error.message}`);
    return { skipped: error.message };
  }
}

/** @throws PeersUnavailable where its script fails or the time of all is over */
function largest(peer: Peer, python: string, endMs: number, show: Show): object {
  for (let n = peer.size; n >= 100; n = Math.floor(n / 2)) {
    const limitMs = Math.floor(Math.min(RUN_LIMIT_MS, endMs - performance.now()));
    if (limitMs <= 0) break;
    const book = randomBook(n, varied);
    const theirs = clearedBy(peer, python, book, limitMs);
    if (theirs !== null) return figuresOf(peer, book, theirs, show);
    show(`${peer.name}  ${n} orders  not in ${Math.round(limitMs / 1000)} s`);
  }
  throw new PeersUnavailable('expected a book that it clears in its time, found none');
}

/** Null where it takes longer. @throws PeersUnavailable where its script fails */
function clearedBy(peer: Peer, python: string, book: readonly Order[], limitMs: number): Cleared | null {
  const folder = mkdtempSync(join(tmpdir(), 'gridcommons-bench-'));
  const file = join(folder, 'orders.json');
  const columnOf = (key: 'side' | 'quantityWh' | 'pricePerMwh') => book.map((order) => order[key]);
  try {
    const columns = {
      side: columnOf('side'),
      quantityWh: columnOf('quantityWh'),
      pricePerMwh: columnOf('pricePerMwh'),
    };
    writeFileSync(file, JSON.stringify(columns));
    const script = join(here, `${peer.package}_clear.py`);
    return runScript(python, script, [file, peer.clears], limitMs) as Cleared;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ETIMEDOUT') return null;
    throw new PeersUnavailable(reasonOf(error), { cause: error });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figuresOf(peer: Peer, book: readonly Order[], theirs: Cleared, show: Show): object {
  const mechanism = mechanismNamed(peer.ours);
  const oursSeconds = medianSeconds(mechanism, book, peer.options);
  const { quantityWh } = mechanism.clear(book, peer.options);
  const { seconds } = theirs;
  const speedup = seconds / oursSeconds;
  show(
    `${peer.name}  ${book.length} orders  ${seconds.toFixed(2)} s, ours ${oursSeconds.toFixed(4)} s, ${speedup.toFixed(0)} ×`,
  );
  if (peer.withinWh !== undefined && Math.abs(theirs.quantityWh - quantityWh) > peer.withinWh + 0.5) {
    throw new Error(`expected ${peer.name} to trade ${quantityWh} Wh as ours, got ${theirs.quantityWh}`);
  }
  return {
    n: book.length,
    speedup: rounded(speedup),
    seconds: rounded(seconds),
    oursSeconds: rounded(oursSeconds),
    quantityWh: Math.round(theirs.quantityWh),
    oursQuantityWh: quantityWh,
  };
}
