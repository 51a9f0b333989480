import { AnchorChain, requireSameAnchor } from '#anchor';
import { DomainError } from '#core';
import type { SignedDay } from '#ledger';

export interface AnchorCheck {
  readonly name: 'anchors';
  readonly ok: boolean;
  /** The refusal's code, null where the check held. */
  readonly code: string | null;
  readonly detail: string;
}

/** So many questions go to the node in one request. */
const AT_ONCE = 100;

/**
 * Compares days with what a contract keeps of them: the same root and record of each that it keeps, and of one at least. A chain
 * that does not answer is a check that failed.
 */
export async function checkAnchors(
  days: readonly SignedDay[],
  rpcUrl: string,
  contract: string,
): Promise<AnchorCheck> {
  try {
    return { name: 'anchors', ok: true, code: null, detail: await compare(days, rpcUrl, contract) };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { name: 'anchors', ok: false, code: error.code, detail: error.message };
  }
}

async function compare(days: readonly SignedDay[], rpcUrl: string, contract: string): Promise<string> {
  const chain = await AnchorChain.connect(rpcUrl, contract);
  try {
    const anchored: string[] = [];
    for (let from = 0; from < days.length; from += AT_ONCE) {
      anchored.push(...(await sameAnchors(chain, days.slice(from, from + AT_ONCE))));
    }
    const last = anchored.at(-1);
    if (last !== undefined) {
      return `${anchored.length} of ${days.length} days up to ${last} in ${chain.address} of chain ${chain.chainId}`;
    }
    throw new DomainError(
      'ANCHOR_MISSING',
      `expected an anchor of one of the days in ${chain.address}, got none`,
      'not-found',
    );
  } finally {
    chain.close();
  }
}

/** @returns those of the days that the contract keeps */
async function sameAnchors(chain: AnchorChain, days: readonly SignedDay[]): Promise<string[]> {
  const anchors = await Promise.all(days.map(({ day }) => chain.anchored(day)));
  return days.flatMap(({ day, root, hash: head }, i) => {
    const anchor = anchors[i];
    if (!anchor) return [];
    requireSameAnchor(day, { root, head }, anchor);
    return [day];
  });
}
