import type { MerkleTree } from '#core';
import { dayTree } from '#ledger';
import type { Database } from '#persistence';
import type { LedgerDay } from './days.entities.ts';

/**
 * Trees of closed days, which never change. The last one is kept: whoever asks for the proofs of a day asks page by page,
 * and all nodes ask on the same morning.
 */
export class DayTrees {
  #kept: { readonly hash: string; readonly tree: Promise<MerkleTree> } | undefined;

  constructor(private readonly database: Database) {}

  /** Reads all tenants' hashes, of which a path tells a few: they are blinded by salts. */
  of(day: LedgerDay): Promise<MerkleTree> {
    if (this.#kept?.hash === day.hash) return this.#kept.tree;
    const tree = this.read(day);
    this.#kept = { hash: day.hash, tree };
    tree.catch(() => {
      this.#kept = undefined;
    });
    return tree;
  }

  private async read({ firstIndex, lastIndex }: LedgerDay): Promise<MerkleTree> {
    const rows = await this.database.asSystem((manager) =>
      manager.query<{ hash: string }[]>(
        'SELECT hash FROM ledger_entry WHERE index BETWEEN $1 AND $2 ORDER BY index',
        [firstIndex, lastIndex],
      ),
    );
    return dayTree(rows.map(({ hash }) => hash));
  }
}
