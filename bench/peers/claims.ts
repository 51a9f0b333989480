import { COMMITTEE } from './round.ts';

/*
 * What stands in the rows beside the figures. For this implementation docs/THREAT-MODEL.md argues it; for a peer the source of
 * the pinned version says it, and its script shows it where an attack or a dropout can be run.
 */

const { decryptors, threshold, quorum, minimumOrganisations } = COMMITTEE;

export interface Claims {
  /** What t − 1 colluding parties and the server learn. */
  readonly colluders: string;
  /** Who may fall silent. */
  readonly dropouts: string;
}

export const gridcommonsClaims: Claims = {
  colluders: `nothing but the released sums, from a server that deviates and ${threshold - 1} of ${decryptors} decryptors`,
  dropouts:
    `all but ${minimumOrganisations} of ${decryptors} uploads (one-shot statistics leave out whole blocks) and ` +
    `${decryptors - quorum} of ${decryptors} decryptors before they are READY; later silence costs the round, which ` +
    're-opens; the share test before all rounds needs everybody',
};

/** @param readError how far off one client's reading of another's upload was */
export const tensealClaims = (readError: number): Claims => ({
  colluders: `everything: every client holds the secret key; one client and the server read another's upload to ${readError.toExponential(0)}`,
  dropouts: 'any number of sites, at any time: nobody else is needed to open a sum',
});

/** @param readError how far off the deviating server's reading of one site's vector was */
export const secAggClaims = (
  readError: number,
  [privateSeedBits, pairwiseSeedBits]: readonly [number, number],
): Claims => ({
  colluders:
    `nothing but the sum from a server that follows the protocol, as strong as mask seeds folded to ${privateSeedBits} bits ` +
    `(between pairs ${pairwiseSeedBits}); a server that asks for both kinds of shares of one site needs no colluder and ` +
    `read its vector to ${readError.toExponential(0)}, its rounding`,
  dropouts: 'any 3 of 10, at any stage: the masks of each site need 4 of its 7 shares',
});
