import type { PlatformApi } from './platform-api.ts';
import type { Member, SessionResult } from './steps.ts';

/** What the ledger and its settlement tell one member of one session, read with its own key. Money in minor units. */
export interface MemberGain {
  readonly site: string;
  readonly participantId: string;
  readonly boughtWh: number;
  readonly soldWh: number;
  /** Local trades and deviations as settled; received is positive. */
  readonly localMinor: number;
  readonly deviationMinor: number;
  /** What the mechanism charges beside trades, at most 0. */
  readonly chargeMinor: number;
  /** Against trading with the retailer alone, over its traded hours. */
  readonly savingsMinor: number;
  readonly postings: readonly Posting[];
}

interface Posting {
  readonly account: string;
  readonly amountMinor: number;
}

/** Certified contributions stand in the ledger too, and are no money. */
const MONEY_TYPES: readonly string[] = ['market.local', 'market.charge', 'market.deviation'];

const GAIN = `query ($id: ID!) {
  marketSettlements(sessionId: $id, first: 100) {
    edges { node { participantId boughtWh soldWh localMinor deviationMinor chargeMinor savingsMinor } }
  }
  ledger { entries(first: 100) { edges { node { type reference postings { account amountMinor } } } } }
}`;

interface GainAnswer {
  readonly marketSettlements: {
    readonly edges: readonly { readonly node: Omit<MemberGain, 'site' | 'postings'> }[];
  };
  readonly ledger: {
    readonly entries: {
      readonly edges: readonly {
        readonly node: {
          readonly type: string;
          readonly reference: string;
          readonly postings: readonly Posting[];
        };
      }[];
    };
  };
}

/** Every member's own settlement; those that traded nothing have none and gain nothing. */
export async function memberGains(members: readonly Member[], sessionId: string): Promise<MemberGain[]> {
  return Promise.all(members.map((member) => gainOf(member.api, member, sessionId)));
}

async function gainOf(api: PlatformApi, { name, participantId }: Member, id: string): Promise<MemberGain> {
  const { marketSettlements, ledger } = await api.request<GainAnswer>(GAIN, { id });
  const [settled] = marketSettlements.edges;
  const nothing = {
    boughtWh: 0,
    soldWh: 0,
    localMinor: 0,
    deviationMinor: 0,
    chargeMinor: 0,
    savingsMinor: 0,
  };
  const postings = ledger.entries.edges
    .filter(({ node }) => MONEY_TYPES.includes(node.type) && node.reference.startsWith(`${id}/`))
    .flatMap(({ node }) => node.postings);
  return { ...nothing, ...settled?.node, site: name, participantId, postings };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

/** What the accounts of a name hold of the session, over all members' entries. */
const heldBy = (gains: readonly MemberGain[], account: (name: string) => boolean): number =>
  sum(
    gains
      .flatMap(({ postings }) => postings.filter((posting) => account(posting.account)))
      .map(({ amountMinor }) => amountMinor),
  );

/**
 * Whether energy and money of a session conserve to the unit, over what the members can see together: energy bought is
 * energy sold is energy traded; all postings sum to zero; members' local amounts, charges and the market's sum to zero; and the
 * ledger holds exactly what the settlements say. @returns what does not hold, empty where all does
 */
export function conservationFaults(gains: readonly MemberGain[], session: SessionResult): string[] {
  const local = sum(gains.map(({ localMinor, chargeMinor }) => localMinor + chargeMinor));
  const deviation = sum(gains.map(({ deviationMinor }) => deviationMinor));
  const pairs: readonly (readonly [what: string, got: number, expected: number])[] = [
    ['Wh bought', sum(gains.map(({ boughtWh }) => boughtWh)), session.tradedWh],
    ['Wh sold', sum(gains.map(({ soldWh }) => soldWh)), session.tradedWh],
    ['all postings', heldBy(gains, () => true), 0],
    ['local amounts + charges + market', local + session.marketMinor, 0],
    ['market:clearing', heldBy(gains, (name) => name === 'market:clearing'), session.marketMinor],
    ['retailer', heldBy(gains, (name) => name === 'retailer'), -deviation],
    ...gains.map((gain): readonly [string, number, number] => [
      `account of ${gain.site}`,
      heldBy(gains, (name) => name === `participant:${gain.participantId}`),
      gain.localMinor + gain.chargeMinor + gain.deviationMinor,
    ]),
  ];
  return pairs
    .filter(([, got, expected]) => got !== expected)
    .map(([what, got, expected]) => `${what} ${got}, expected ${expected}`);
}
