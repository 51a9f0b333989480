/*
 * Whole rounds: ten sites, a million values each, from plain vectors to the opened mean, here and in two frameworks as
 * they ship. Rounds of all schemes take turns; medians are compared.
 */
import { gridcommonsClaims } from './claims.ts';
import { type PeerRound, peerPython, PeersUnavailable, runPeer } from './python.ts';
import { COMMITTEE, type Round, type ThresholdRounds, thresholdRounds } from './round.ts';
import { type OwnRow, ownRow, type Peer, ratios, roundedFigures, secAggPeer, tensealPeer } from './rows.ts';
import { showTable } from './table.ts';
import { type Lanes, LANES, median, type Print, SITES } from './workload.ts';

const VALUES = 1_000_000;
const DROPPED = 3;
const FEW_VALUES = 4096;

interface Measured {
  readonly own: ReadonlyMap<Lanes, OwnRow>;
  readonly peers: readonly Peer[];
}

/** @param python absent where the peers cannot run */
async function measure(python: string | undefined, repetitions: number, progress: Print): Promise<Measured> {
  const schemes: [Lanes, ThresholdRounds][] = [];
  for (const lanes of LANES) schemes.push([lanes, await thresholdRounds(lanes, VALUES, SITES)]);
  const rounds = schemes.map((): Round[] => []);
  const tenseal: PeerRound[] = [];
  const secAgg: PeerRound[] = [];
  for (let repetition = 0; repetition < repetitions; repetition++) {
    progress(`round ${repetition + 1} of ${repetitions}`);
    schemes.forEach(([, scheme], i) => rounds[i]!.push(scheme.run(repetition)));
    if (python === undefined) continue;
    tenseal.push(runPeer(python, 'tenseal_round.py', [VALUES, SITES, DROPPED]));
    secAgg.push(runPeer(python, 'secaggplus_round.py', [VALUES, SITES, DROPPED]));
  }
  const own = new Map<Lanes, OwnRow>();
  for (const [i, [lanes, scheme]] of schemes.entries()) {
    const dealSeconds = median(scheme.dealSeconds);
    own.set(lanes, ownRow(rounds[i]!, VALUES, { dealSeconds, survivorsError: await survivorsError(lanes) }));
    scheme[Symbol.dispose]();
  }
  return {
    own,
    peers: python === undefined ? [] : [tensealPeer(tenseal, VALUES), secAggPeer(secAgg, VALUES)],
  };
}

/** As few uploads as a card allows. */
async function survivorsError(lanes: Lanes): Promise<number> {
  using few = await thresholdRounds(lanes, FEW_VALUES, SITES);
  return few.run(0, SITES - COMMITTEE.minimumOrganisations).maxError;
}

function availablePython(progress: Print): { readonly python?: string; readonly skipped?: string } {
  try {
    return { python: peerPython(progress) };
  } catch (error) {
    if (!(error instanceof PeersUnavailable)) throw error;
    progress(`peers skipped: ${error.message}`);
    return { skipped: error.message };
  }
}

/** One peer, and what ours is of it: at three lanes, and at each number of lanes below that. */
function peerObject(peer: Peer, own: Measured['own']): object {
  const lanes = [...own].map(([count, row]) => [
    count,
    roundedFigures({ ...ratios(row, peer), maxError: row.maxError }),
  ]);
  const { ratioTime, ratioBytes } = ratios(own.get(3)!, peer);
  return {
    ...roundedFigures({ ...peer, ratioTime, ratioBytes }),
    lanes: Object.fromEntries(lanes),
  };
}

/**
 * Measures, shows the table, and returns it as an object. Where the peers cannot be installed it has this implementation's
 * rows alone, and `skipped` says why.
 */
export async function comparePeers(repetitions: number, progress: Print, show: Print): Promise<object> {
  const { python, skipped } = availablePython(progress);
  const { own, peers } = await measure(python, repetitions, progress);
  showTable(show, own, peers, gridcommonsClaims);
  const [tenseal, secaggplus] = peers.map((peer) => peerObject(peer, own));
  const lanes = Object.fromEntries([...own].map(([count, row]) => [count, roundedFigures(row)]));
  return {
    values: VALUES,
    sites: SITES,
    repetitions,
    ...(skipped === undefined ? { tenseal, secaggplus } : { skipped }),
    gridcommons: { lanes, ...gridcommonsClaims },
  };
}
