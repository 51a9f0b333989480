import { type Claims, secAggClaims, tensealClaims } from './claims.ts';
import type { PeerRound } from './python.ts';
import { CHUNK_BYTES, COMMITTEE, type Round } from './round.ts';
import { median, rounded, SITES } from './workload.ts';

/** Medians of one scheme's rounds. */
export interface Row {
  readonly secondsPerSite: number;
  readonly serverSeconds: number;
  /** A client's decryption, or one decryptor's answer. */
  readonly openSeconds: number;
  /** All that is computed in the round: every site, the server, and everybody who opens. */
  readonly roundSeconds: number;
  readonly bytesPerValue: number;
  readonly maxError: number;
  /** maxError of those who stay when some sites fall silent. */
  readonly survivorsError: number;
}

export interface OwnRow extends Row {
  /** One site's secret and shares, once a card. */
  readonly dealSeconds: number;
  /** Upload, answer and dealt shares: a site that answers too, in the first round of a card. */
  readonly allBytesPerValue: number;
}

export interface Peer extends Row, Claims {
  readonly name: string;
  readonly version: string;
  /** Of everything that was measured with it. */
  readonly versions: Readonly<Record<string, string>>;
  readonly readError: number;
}

/** @param openers who opens: every client, the active decryptors, or nobody */
function medians(rounds: readonly Round[], values: number, openers: number): Omit<Row, 'survivorsError'> {
  const secondsPerSite = median(rounds.flatMap(({ siteSeconds }) => siteSeconds));
  const serverSeconds = median(rounds.map((round) => round.serverSeconds));
  const openSeconds = median(rounds.map((round) => round.openSeconds));
  return {
    secondsPerSite,
    serverSeconds,
    openSeconds,
    roundSeconds: SITES * secondsPerSite + serverSeconds + openers * openSeconds,
    bytesPerValue: rounds[0]!.uploadBytes / values,
    maxError: Math.max(...rounds.map(({ maxError }) => maxError)),
  };
}

export function ownRow(
  rounds: readonly Round[],
  values: number,
  extra: Pick<OwnRow, 'dealSeconds' | 'survivorsError'>,
): OwnRow {
  const row = medians(rounds, values, COMMITTEE.threshold);
  const allBytesPerValue = 2 * row.bytesPerValue + (COMMITTEE.decryptors * CHUNK_BYTES) / values;
  return { ...row, ...extra, allBytesPerValue };
}

export function tensealPeer(rounds: readonly PeerRound[], values: number): Peer {
  const { versions, survivorsError, readError } = rounds[0]!;
  const version = versions['tenseal']!;
  return {
    name: `TenSEAL ${version} as in NVFlare`,
    version,
    versions,
    ...medians(rounds, values, SITES),
    survivorsError,
    readError,
    ...tensealClaims(readError),
  };
}

/** @throws where its script did not report the widths of mask seeds */
export function secAggPeer(rounds: readonly PeerRound[], values: number): Peer {
  const { versions, survivorsError, readError, privateSeedBits, pairwiseSeedBits } = rounds[0]!;
  const version = versions['flwr']!;
  if (privateSeedBits === undefined || pairwiseSeedBits === undefined)
    throw new Error('expected the widths of mask seeds, got none');
  return {
    name: `Flower ${version} SecAgg+`,
    version,
    versions,
    ...medians(rounds, values, 0),
    survivorsError,
    readError,
    ...secAggClaims(readError, [privateSeedBits, pairwiseSeedBits]),
  };
}

/** Ours by the peer's: below 1 is better. */
export const ratios = (own: OwnRow, peer: Row) => ({
  ratioTime: own.secondsPerSite / peer.secondsPerSite,
  ratioRoundTime: own.roundSeconds / peer.roundSeconds,
  ratioBytes: own.bytesPerValue / peer.bytesPerValue,
  ratioAllBytes: own.allBytesPerValue / peer.bytesPerValue,
  ratioError: own.maxError / peer.maxError,
});

/** Four digits of every number, for the JSON line. */
export const roundedFigures = (row: object): object =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [name, typeof value === 'number' ? rounded(value) : value]),
  );
