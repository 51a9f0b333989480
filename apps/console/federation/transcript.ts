import { exportTask, type TranscriptEntry, type Verdict, verifyTranscript } from '#transcript';

export type BrowsedEntry = TranscriptEntry;

/** A hundred entries at a time from `after` on, as the platform tells them. */
type EntryPage = (
  after: number,
) => Promise<readonly { index: number; previous: string; message: unknown; hash: string }[]>;

export async function readEntries(page: EntryPage): Promise<BrowsedEntry[]> {
  const entries: BrowsedEntry[] = [];
  for (;;) {
    const more = await page(entries.length - 1);
    if (more.length === 0) return entries;
    // What they are is checked where they are verified; until then they are only shown.
    entries.push(...(more as BrowsedEntry[]));
  }
}

/**
 * What `gridcommons verify-transcript` checks, but for the model that follows from the sums: every hash, signature and rule,
 * and that the released values are the rounded sum of the ciphertexts. Trusts nothing the platform says.
 * @throws TASK_NOT_RELEASED, and as `blob` does
 */
export async function verifyTask(
  entries: readonly BrowsedEntry[],
  blob: (sha256: string) => Promise<Uint8Array>,
): Promise<Verdict> {
  return verifyTranscript(await exportTask(entries, blob));
}

/** The ciphertexts and shares a message names. */
export function bytesNamed(message: BrowsedEntry['message']): number {
  const named = (value: unknown): number => {
    if (typeof value !== 'object' || value === null) return 0;
    const { blob, bytes } = value as { readonly blob?: unknown; readonly bytes?: unknown };
    if (typeof blob === 'string' && typeof bytes === 'number') return bytes;
    return Object.values(value).reduce<number>((sum, each) => sum + named(each), 0);
  };
  return named(message.payload);
}
