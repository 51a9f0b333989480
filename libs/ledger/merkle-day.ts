import { auditPath, fromHex, isInTree, merkleRoot, type MerkleTree, merkleTree, toHex } from '#core';
import { contentFault } from './chain.ts';
import { type DayRecord, dayEndMs } from './day-record.ts';
import type { Entry } from './entry.ts';

/** The siblings from an entry's leaf up to the day's root, hex. */
export type InclusionPath = readonly string[];

export interface InclusionVerdict {
  readonly verified: boolean;
  /**
   * FORM, DOUBLE_ENTRY, HASH: the entry is not what was hashed. UNSALTED: of the form that no record holds. INDEX: not one
   * of the record's. DAY: from after the record's day. HEAD: not the entry that the record ends with. PATH: does not lead
   * to the root.
   */
  readonly reason?: 'FORM' | 'DOUBLE_ENTRY' | 'HASH' | 'UNSALTED' | 'INDEX' | 'DAY' | 'HEAD' | 'PATH';
}

/** The tree over a day's entries: their hashes in the order of the chain. */
export const dayTree = (hashes: readonly string[]): Promise<MerkleTree> => merkleTree(hashes.map(fromHex));

/** The record of a day whose entries have these hashes, in the order of the chain; at least one. */
export async function recordDay(
  { day, firstIndex, previous, platformKey }: Omit<DayRecord, 'lastIndex' | 'entries' | 'root' | 'head'>,
  hashes: readonly string[],
): Promise<DayRecord> {
  return {
    day,
    firstIndex,
    lastIndex: firstIndex + hashes.length - 1,
    entries: hashes.length,
    root: toHex(await merkleRoot(await dayTree(hashes))),
    head: hashes.at(-1)!,
    previous,
    platformKey,
  };
}

/** What shows, beside the entry and the record, that the entry is in the record's day: hashes and nothing else. */
export const inclusionPath = (tree: MerkleTree, record: DayRecord, index: number): InclusionPath =>
  auditPath(tree, index - record.firstIndex).map(toHex);

/** Checks that exactly this entry stands at its place in the record's day. The record itself is requireSignedDay's to check. */
export async function verifyInclusion(
  entry: Entry,
  path: InclusionPath,
  record: DayRecord,
): Promise<InclusionVerdict> {
  const reason =
    (await contentFault(entry)) ?? placeFault(entry, record) ?? (await pathFault(entry, path, record));
  return reason === undefined ? { verified: true } : { verified: false, reason };
}

function placeFault(entry: Entry, record: DayRecord): InclusionVerdict['reason'] {
  const { index, salt, atMs, hash } = entry;
  if (salt === null) return 'UNSALTED';
  if (!(index >= record.firstIndex && index <= record.lastIndex)) return 'INDEX';
  if (atMs >= dayEndMs(record.day)) return 'DAY';
  return index === record.lastIndex && hash !== record.head ? 'HEAD' : undefined;
}

const HASH = /^[0-9a-f]{64}$/;

async function pathFault(
  { hash, index }: Entry,
  path: InclusionPath,
  { firstIndex, entries, root }: DayRecord,
): Promise<InclusionVerdict['reason']> {
  if (![hash, root, ...path].every((each) => HASH.test(each))) return 'PATH';
  const siblings = path.map(fromHex);
  const included = await isInTree(fromHex(hash), index - firstIndex, entries, siblings, fromHex(root));
  return included ? undefined : 'PATH';
}
