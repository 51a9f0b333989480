import { DomainError, hashJson, parseInstant } from '#core';
import { requireSoundNetwork, requireSoundTerms } from '#learning';
import {
  type PrivacyTerms,
  type ReleasePolicy,
  type RosterMember,
  stepCount,
  type TaskCard,
} from './card.ts';
import { privacyTerms } from './privacy-terms.ts';

/** Most decryptors of a card: a share for each is dealt by every site. */
export const MAX_DECRYPTORS = 20;

/** Largest f with n ≥ 3f + 1: the silent or deviating decryptors that n of them tolerate. */
export const toleratedFaults = (n: number): number => Math.floor((n - 1) / 3);

/** Q = ⌊(n + t − 1) / 2⌋ + 1. */
export const quorumOf = (n: number, threshold: number): number => Math.floor((n + threshold - 1) / 2) + 1;

/** t = f + 1 ≥ 2: what a node insists on unless its owner says otherwise. */
export const usualThreshold = (n: number): number => Math.max(2, toleratedFaults(n) + 1);

/**
 * Lanes by what they must hold. Noise makes finer digits meaningless, but needs the room of two. Exact moments need the
 * precision of one: 54 bits keep 16 sites' sums to 1e-14 of their size. Updates are content with the 14 bits of three.
 */
export function usualLanes({ learning }: Pick<TaskCard, 'learning'>, isPrivate: boolean): 1 | 2 | 3 {
  if (isPrivate) return 2;
  return learning === null ? 1 : 3;
}

/**
 * The default policy of a roster: all members are decryptors, or the first 20; t = f + 1 ≥ 2, k_min = t + 1, blocks as
 * small as k_min allows (a block with a missing member is left out whole, so small blocks lose least).
 * @throws ROSTER_TOO_SMALL below 4 members
 */
export function defaultPolicy(
  roster: readonly RosterMember[],
  choice: { readonly decryptors?: readonly string[]; readonly sums?: ReleasePolicy['sums'] } = {},
): ReleasePolicy {
  const members = roster.map(({ organisation }) => organisation);
  if (members.length < 4) throw rosterTooSmall(members.length);
  const chosen = choice.decryptors ? new Set(choice.decryptors) : null;
  const decryptors = chosen
    ? members.filter((member) => chosen.has(member))
    : members.slice(0, MAX_DECRYPTORS);
  const threshold = usualThreshold(decryptors.length);
  const minimumOrganisations = threshold + 1;
  const count = Math.max(1, Math.floor(members.length / minimumOrganisations));
  const start = (block: number): number => Math.ceil((block * members.length) / count);
  const blocks = Array.from({ length: count }, (_, block) => members.slice(start(block), start(block + 1)));
  return {
    decryptors,
    threshold,
    quorum: quorumOf(decryptors.length, threshold),
    minimumOrganisations,
    blocks,
    sums: choice.sums ?? 'cohort',
  };
}

/**
 * The committee of a roster for which nobody names one, in roster order: all members, or the 20 of lowest rank by
 * SHA-256 of all legal identifiers and their own. Legal identifiers are given by registers, so no member can choose one
 * that ranks low, as it could choose keys; and another roster draws others. Who chooses the roster can draw again, but may
 * as well name decryptors: nodes see them in the card either way.
 */
export async function drawnDecryptors(roster: readonly RosterMember[]): Promise<string[]> {
  if (roster.length <= MAX_DECRYPTORS) return roster.map(({ organisation }) => organisation);
  const all = await hashJson(roster.map(({ legalId }) => legalId).toSorted());
  const ranks = new Map<string, string>();
  for (const { organisation, legalId } of roster) {
    ranks.set(organisation, await hashJson({ purpose: 'committee', all, legalId }));
  }
  const byRank = [...ranks.keys()].toSorted((a, b) => (ranks.get(a)! < ranks.get(b)! ? -1 : 1));
  const drawn = new Set(byRank.slice(0, MAX_DECRYPTORS));
  return [...ranks.keys()].filter((organisation) => drawn.has(organisation));
}

const rosterTooSmall = (n: number) =>
  new DomainError(
    'ROSTER_TOO_SMALL',
    `expected at least 4 organisations (n ≥ 3f + 1, f ≥ 1), got ${n}`,
    'invalid',
    { n },
  );

const refuse = (code: string, message: string) => new DomainError(code, message, 'invalid');

/** @throws CARD_… naming the first rule of the protocol that the card breaks. Nodes and platform both run it. */
export function requireSoundCard(card: TaskCard): void {
  if (card.format !== 'gridcommons/card/3')
    throw refuse('CARD_FORMAT', `expected gridcommons/card/3, got ${String(card.format)}`);
  requireDistinctRoster(card.roster);
  requirePolicy(card);
  requireEpochs(card);
  requireSeries(card.data);
  requireSteps(card);
  const { encryption } = card;
  if (encryption.scheme !== 'threshold-bfv/1' && encryption.scheme !== 'plain/1') {
    throw refuse('CARD_SCHEME', `expected threshold-bfv/1, got ${String(encryption.scheme)}`);
  }
  if (encryption.maxSites < card.roster.length) {
    throw refuse(
      'CARD_LANES',
      `expected room for ${card.roster.length} sites in a lane, got ${encryption.maxSites}`,
    );
  }
}

const ORGANISATION = /^(?!platform$)[\w-]{1,64}$/;

function requireDistinctRoster(roster: readonly RosterMember[]): void {
  if (roster.length < 4) throw rosterTooSmall(roster.length);
  // Nodes name files and senders by it.
  const misnamed = roster.findIndex(({ organisation }) => !ORGANISATION.test(organisation));
  if (misnamed >= 0) {
    throw refuse(
      'ROSTER_NAME',
      `expected organisations of 1–64 letters, digits, _ or - other than "platform", got another at ${misnamed}`,
    );
  }
  for (const field of ['organisation', 'legalId', 'signingKey', 'agreementKey'] as const) {
    const seen = new Set<string>();
    for (const member of roster) {
      const value = member[field];
      if (seen.has(value)) {
        throw new DomainError(
          'ROSTER_NOT_DISTINCT',
          `expected every ${field} once in the roster, got ${value} twice`,
          'invalid',
          { field, value },
        );
      }
      seen.add(value);
    }
  }
}

function requirePolicy({ roster, release }: TaskCard): void {
  requireDecryptors(roster, release);
  const n = release.decryptors.length;
  const { threshold, quorum, minimumOrganisations } = release;
  if (!Number.isInteger(threshold) || threshold < 2 || n < 3 * (threshold - 1) + 1) {
    throw refuse('CARD_THRESHOLD', `expected 2 ≤ t ≤ (n + 2) / 3 for n = ${n}, got t = ${threshold}`);
  }
  if (quorum !== quorumOf(n, threshold)) {
    throw refuse(
      'CARD_QUORUM',
      `expected Q = ${quorumOf(n, threshold)} for n = ${n}, t = ${threshold}, got ${quorum}`,
    );
  }
  if (
    !Number.isInteger(minimumOrganisations) ||
    minimumOrganisations < threshold + 1 ||
    minimumOrganisations > roster.length
  ) {
    throw refuse(
      'CARD_MINIMUM',
      `expected t + 1 ≤ k_min ≤ ${roster.length}, got k_min = ${minimumOrganisations} for t = ${threshold}`,
    );
  }
  if (release.sums !== 'cohort' && release.sums !== 'blocks')
    throw refuse('CARD_SUMS', `expected sums of the cohort or of blocks, got ${String(release.sums)}`);
  requireBlocks(roster, release);
}

function requireDecryptors(roster: TaskCard['roster'], { decryptors }: ReleasePolicy): void {
  const chosen = new Set(decryptors);
  const inOrder = roster.map(({ organisation }) => organisation).filter((name) => chosen.has(name));
  const wellFormed =
    inOrder.length === decryptors.length && inOrder.every((name, i) => name === decryptors[i]);
  if (!wellFormed || decryptors.length < 4 || decryptors.length > MAX_DECRYPTORS) {
    throw refuse(
      'CARD_DECRYPTORS',
      `expected 4 to ${MAX_DECRYPTORS} different members as decryptors, in roster order, got ${decryptors.length}`,
    );
  }
}

function requireBlocks(roster: TaskCard['roster'], { blocks, minimumOrganisations }: ReleasePolicy): void {
  const members = blocks.flat().toSorted();
  const expected = roster.map((member) => member.organisation).toSorted();
  if (members.length !== roster.length || members.some((member, i) => member !== expected[i])) {
    throw refuse('CARD_BLOCKS', 'expected blocks that hold every member of the roster exactly once');
  }
  const small = blocks.find((block) => block.length < minimumOrganisations);
  if (small)
    throw refuse(
      'CARD_BLOCKS',
      `expected blocks of at least ${minimumOrganisations} members, got ${small.length}`,
    );
}

/** Most series of a card: everybody solves a ridge for each. */
const MAX_SERIES = 16;
const MAX_SERIES_NAME = 200;

function requireSeries({ series }: TaskCard['data']): void {
  const different = new Set(series);
  const named = series.every((name) => name.length >= 1 && name.length <= MAX_SERIES_NAME);
  if (named && different.size === series.length && series.length >= 1 && series.length <= MAX_SERIES) return;
  throw refuse(
    'CARD_SERIES',
    `expected 1 to ${MAX_SERIES} different series, named in up to ${MAX_SERIES_NAME} characters, got ${series.length}, ${different.size} different`,
  );
}

function requireEpochs({ data }: TaskCard): void {
  const [a, b, c, d] = [data.train.start, data.train.end, data.validation.start, data.validation.end].map(
    (text) => parseInstant(text),
  ) as [number, number, number, number];
  if (!(a < b && b <= c && c < d)) {
    throw refuse('CARD_EPOCHS', 'expected train.start < train.end ≤ validation.start < validation.end');
  }
}

function requireSteps(card: TaskCard): void {
  const { model, learning, privacy, release } = card;
  if ((model.kind === 'network') !== (learning !== null))
    throw refuse('CARD_LEARNING', 'expected learning terms for a network and none for a ridge');
  if (model.kind === 'network') requireSoundNetwork(model);
  if (learning) requireSoundTerms(learning);
  if (learning && (learning.combine === 'mean') !== (release.sums === 'cohort'))
    throw refuse('CARD_LEARNING', 'expected a median or trimmed mean of blocks, or the mean of one cohort');
  if (!learning && release.sums !== 'cohort')
    throw refuse('CARD_SUMS', 'expected one sum of the cohort for a ridge, got one a block');
  requireVote(card);
  if (privacy) requirePrivacy(card, privacy);
}

/** One hostile site speaks for its whole group: where several are summed, one of them must not be able to veto. */
function requireVote({ learning, roster, release, privacy }: TaskCard): void {
  if (!learning?.vote) return;
  const { quorum } = learning.vote;
  const group = release.sums === 'blocks' ? Math.max(...release.blocks.map((block) => block.length)) : 0;
  const most = roster.length - group;
  if (quorum > most)
    throw refuse('CARD_VOTE', `expected a quorum of at most ${most} sites unharmed, got ${quorum}`);
  if (privacy) throw refuse('CARD_VOTE', 'expected no vote on losses that privacy noise hides');
}

/** The figures of the noise are those that follow from what was asked for. */
function requirePrivacy(card: TaskCard, stated: PrivacyTerms): void {
  const sizes = { steps: stepCount(card), sites: card.roster.length };
  const own = privacyTerms(stated, card.encryption, card.release, sizes);
  const other = (Object.keys(own) as (keyof PrivacyTerms)[]).find((field) => {
    const [expected, got] = [own[field], stated[field]];
    return typeof expected === 'number' && typeof got === 'number'
      ? !(Math.abs(got / expected - 1) < 1e-9)
      : got !== expected;
  });
  if (other !== undefined) {
    throw refuse(
      'CARD_PRIVACY',
      `expected ${other} ${String(own[other])} for these terms, got ${String(stated[other])}`,
    );
  }
}
