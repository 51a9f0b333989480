import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import type { Needle } from './leak-forms.ts';

/** Where a needle was found. */
export interface Find {
  readonly source: string;
  readonly name: string;
  readonly form: string;
  readonly at: number;
}

interface Anchored {
  readonly needle: Needle;
  /** Offset of the three bytes looked up. */
  readonly anchor: number;
}

/** Shorter needles turn up among megabytes of random bytes by chance. */
const CERTAIN_BYTES = 8;
/** At so many places of one file in one form they do not (below 10^-5 in the files of one community). */
const COINCIDENCES = 4;

/** Finds any of many thousand byte strings in one pass: a bitmap over three bytes of each, then the comparison. */
export class LeakScanner {
  private readonly bitmap = new Uint32Array(2 ** 19);
  private readonly needles = new Map<number, Anchored[]>();

  constructor(needles: readonly Needle[]) {
    for (const needle of needles) {
      const anchor = rarestWindow(needle.bytes);
      const key = keyAt(needle.bytes, anchor);
      this.bitmap[key >>> 5]! |= 1 << (key & 31);
      const others = this.needles.get(key);
      if (others) others.push({ needle, anchor });
      else this.needles.set(key, [{ needle, anchor }]);
    }
  }

  scan(source: string, bytes: Uint8Array): Find[] {
    const finds: Find[] = [];
    let key = ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0);
    for (let at = 0; at + 2 < bytes.length; at += 1) {
      key = ((key << 8) | bytes[at + 2]!) & 0xff_ff_ff;
      if ((this.bitmap[key >>> 5]! & (1 << (key & 31))) === 0) continue;
      for (const { needle, anchor } of this.needles.get(key)!) {
        if (isAt(bytes, at - anchor, needle.bytes))
          finds.push({ source, name: needle.name, form: needle.form, at: at - anchor });
      }
    }
    return finds;
  }

  /** Every file below a directory, except those whose relative path `skip` names. */
  async scanDirectory(
    directory: string,
    skip: (path: string) => boolean = () => false,
  ): Promise<{ finds: Find[]; files: string[] }> {
    const entries = await readdir(directory, { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(directory, join(entry.parentPath, entry.name)))
      .filter((file) => !skip(file));
    const finds: Find[] = [];
    for (const file of files) finds.push(...this.scan(file, await readFile(join(directory, file))));
    return { finds, files };
  }

  /** Finds that chance does not explain. */
  leaks(finds: readonly Find[]): Find[] {
    const size = new Map(
      [...this.needles.values()].flat().map(({ needle }) => [idOf(needle), needle.bytes.length]),
    );
    const isCertain = (find: Find): boolean => size.get(idOf(find))! >= CERTAIN_BYTES;
    const together = new Map<string, Find[]>();
    for (const find of finds.filter((one) => !isCertain(one))) {
      const place = `${find.source} ${find.form}`;
      together.set(place, [...(together.get(place) ?? []), find]);
    }
    const coinciding = [...together.values()].filter(
      (group) => new Set(group.map(({ at }) => at)).size >= COINCIDENCES,
    );
    return [...finds.filter(isCertain), ...coinciding.flat()];
  }
}

const idOf = ({ name, form }: { readonly name: string; readonly form: string }): string => `${name} ${form}`;

const keyAt = (bytes: Uint8Array, at: number): number =>
  (bytes[at]! << 16) | (bytes[at + 1]! << 8) | bytes[at + 2]!;

/** The first three neighbouring bytes with the fewest zeros and repetitions: pages of a database are full of both. */
function rarestWindow(bytes: Uint8Array): number {
  if (bytes.length < 3) throw new RangeError(`expected a needle of at least 3 bytes, got ${bytes.length}`);
  let best = 0;
  let most = -1;
  for (let at = 0; at + 3 <= bytes.length && most < 3; at += 1) {
    const [a, b, c] = [bytes[at]!, bytes[at + 1]!, bytes[at + 2]!];
    const different = Number(a !== 0) + Number(b !== 0 && b !== a) + Number(c !== 0 && c !== a && c !== b);
    if (different > most) [best, most] = [at, different];
  }
  return best;
}

function isAt(bytes: Uint8Array, at: number, needle: Uint8Array): boolean {
  if (at < 0 || at + needle.length > bytes.length) return false;
  for (let i = 0; i < needle.length; i += 1) if (bytes[at + i] !== needle[i]) return false;
  return true;
}
