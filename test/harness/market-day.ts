import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HOUR_MS, interval, isoInstant, localDay, signJson } from '#core';
import {
  AVAILABILITY_CONTEXT,
  availabilityStatement,
  DELIVERY_CONTEXT,
  deliveryStatement,
  ORDER_CONTEXT,
  orderStatement,
  type OrderTerms,
  type Side,
} from '#market';
import type { TestParticipant } from './participant.ts';
import {
  type GraphqlAnswer,
  type Sender,
  startPlatform,
  type TestOrganisation,
  type TestPlatform,
} from './platform.ts';

export const ZONE = 'Europe/Berlin';
export const DATE = '2026-03-29';
export const DAY = localDay(ZONE, DATE);
export const TERMS = { retailPerMwh: 30_000, feedInPerMwh: 8_000 };
/** The id of nothing. */
export const UNKNOWN = '00000000-0000-4000-8000-000000000000';
export const hour = (n: number): number => DAY.startMs + n * HOUR_MS;

export interface Draft extends OrderTerms {
  readonly id: string;
  readonly startMs: number;
  /** Absent: an hour later. */
  readonly endMs?: number;
  readonly side: Side;
  readonly quantityWh: number;
  readonly pricePerMwh: number;
}

export interface Meter {
  readonly startMs: number;
  /** Absent: an hour later. */
  readonly endMs?: number;
  readonly netImportWh: number;
  readonly netExportWh: number;
}

export const order = (id: string, n: number, side: Side, quantityWh: number, pricePerMwh: number): Draft => ({
  id,
  startMs: hour(n),
  side,
  quantityWh,
  pricePerMwh,
});

export const meter = (n: number, netImportWh: number, netExportWh: number): Meter => ({
  startMs: hour(n),
  netImportWh,
  netExportWh,
});

export async function signedOrder(
  session: string,
  signer: TestParticipant,
  { id, startMs, endMs = startMs + HOUR_MS, ...terms }: Draft,
) {
  const statement = orderStatement({
    session,
    participant: signer.id,
    order: id,
    interval: interval(startMs, endMs),
    ...terms,
  });
  const signature = await signJson(signer.signingKey.privateKey, ORDER_CONTEXT, statement);
  return { id, startsAt: isoInstant(startMs), ...terms, signature };
}

export async function signedDelivery(
  session: string,
  signer: TestParticipant,
  { startMs, endMs = startMs + HOUR_MS, ...energy }: Meter,
) {
  const slot = interval(startMs, endMs);
  const statement = deliveryStatement({ session, participant: signer.id, interval: slot, ...energy });
  const signature = await signJson(signer.signingKey.privateKey, DELIVERY_CONTEXT, statement);
  return { startsAt: isoInstant(startMs), ...energy, signature };
}

export interface Kept {
  readonly startMs: number;
  readonly availableWh: number;
}

async function signedAvailability(session: string, signer: TestParticipant, { startMs, availableWh }: Kept) {
  const slot = interval(startMs, startMs + HOUR_MS);
  const statement = availabilityStatement({ session, participant: signer.id, interval: slot, availableWh });
  const signature = await signJson(signer.signingKey.privateKey, AVAILABILITY_CONTEXT, statement);
  return { startsAt: isoInstant(startMs), availableWh, signature };
}

export const OPEN = `mutation ($input: OpenMarketSessionInput!) {
  openMarketSession(input: $input) { id state startsAt endsAt organiserId }
}`;
const CLOSE = 'mutation ($id: ID!) { closeMarketSession(id: $id) { state } }';
const CLOSE_DELIVERY = 'mutation ($id: ID!) { closeDelivery(id: $id) { state } }';
export const SUBMIT =
  'mutation ($input: SubmitOrdersInput!) { submitOrders(input: $input) { accepted unchanged } }';
const DELIVER = `mutation ($input: SubmitDeliveryStatementsInput!) {
  submitDeliveryStatements(input: $input) { accepted unchanged }
}`;
const KEEP = `mutation ($input: SubmitAvailabilityInput!) {
  submitAvailabilityStatements(input: $input) { accepted unchanged }
}`;
const SESSION = `query ($id: ID!) {
  marketSession(id: $id) { state tradeCount tradedWh mechanism product resolutionMinutes welfareMinor savingsMinor marketMinor missingDeliveries }
}`;
export const CLEARINGS = `query ($id: ID!, $after: String) {
  marketClearings(sessionId: $id, first: 20, after: $after) {
    edges { node { startsAt quantityWh pricePerMwh certificate } }
    pageInfo { hasNextPage endCursor }
  }
}`;
export const TRADES = `query ($id: ID!, $first: Int, $after: String) {
  marketTrades(sessionId: $id, first: $first, after: $after) {
    edges {
      node {
        startsAt buyerOrganisationId sellerOrganisationId buyerParticipantId sellerParticipantId
        quantityWh buyPricePerMwh sellPricePerMwh venue
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}`;
const SETTLEMENTS = `query ($id: ID!) {
  marketSettlements(sessionId: $id) {
    edges { node { participantId boughtWh soldWh shortfallWh excessWh localMinor deviationMinor chargeMinor savingsMinor missingHours } }
  }
}`;
const CHARGES = `query ($id: ID!) {
  marketCharges(sessionId: $id, first: 100) { edges { node { participantId startsAt kind amountExact } } }
}`;
const LEDGER = `{ ledger {
  entries(first: 100) { edges { node { index type reference currency postings { account amountMinor } } } }
  verify { verified entries head { index hash } firstBad { index } }
  head { index hash }
} }`;

export interface Page<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface SessionFacts {
  readonly state: string;
  readonly tradeCount: number | null;
  readonly savingsMinor: number | null;
  readonly marketMinor: number | null;
  readonly mechanism: string;
  readonly product: string;
  readonly resolutionMinutes: number;
  readonly missingDeliveries: number | null;
}

export interface Clearing {
  readonly startsAt: string;
  readonly quantityWh: number;
  readonly pricePerMwh: number | null;
  readonly certificate: {
    readonly reason: string | null;
    readonly withheld?: string;
    readonly welfareExact: string | null;
    readonly bestWelfareExact: string | null;
  };
}

export interface Trade {
  readonly startsAt: string;
  readonly buyerParticipantId: string;
  readonly sellerParticipantId: string;
  readonly quantityWh: number;
  readonly buyPricePerMwh: number;
  readonly sellPricePerMwh: number;
  readonly venue: string;
}

export interface Charge {
  readonly participantId: string;
  readonly amountExact: string;
}

export interface SettlementFacts {
  readonly participantId: string;
  readonly chargeMinor: number;
}

export interface LedgerFacts {
  readonly entries: Page<{
    readonly type: string;
    readonly reference: string;
    readonly postings: readonly { readonly account: string; readonly amountMinor: number }[];
  }>;
  readonly verify: { readonly verified: boolean; readonly entries: number };
}

export const nodes = <T>(page: Page<T>): T[] => page.edges.map(({ node }) => node);

/** The code of the first error, undefined for success. */
export const codeOf = ({ errors }: GraphqlAnswer): string | undefined => errors?.[0]?.extensions.code;

/** A platform on a business clock of the test's own, and three firms for one delivery day. */
export class MarketDay {
  private constructor(
    readonly platform: TestPlatform,
    private readonly clockDir: string,
    readonly firms: {
      readonly buyer: TestOrganisation;
      readonly seller: TestOrganisation;
      readonly bystander: TestOrganisation;
    },
  ) {}

  static async start(env: Readonly<Record<string, string>> = {}): Promise<MarketDay> {
    const clockDir = await mkdtemp(join(tmpdir(), 'gridcommons-clock-'));
    const clockFile = join(clockDir, 'now');
    await writeFile(clockFile, isoInstant(DAY.startMs));
    const platform = await startPlatform({ env: { GRIDCOMMONS_REPLAY_CLOCK: clockFile, ...env } });
    const buyer = await platform.createOrganisation('Bakery');
    const seller = await platform.createOrganisation('School');
    const bystander = await platform.createOrganisation('Workshop');
    return new MarketDay(platform, clockDir, { buyer, seller, bystander });
  }

  async stop(): Promise<void> {
    await this.platform.stop();
    await rm(this.clockDir, { recursive: true });
  }

  setClock(ms: number): Promise<void> {
    return writeFile(join(this.clockDir, 'now'), isoInstant(ms));
  }

  async openSession(change: object = {}): Promise<string> {
    const input = { zone: ZONE, deliveryDate: DATE, ...TERMS, ...change };
    const { openMarketSession } = await this.platform.data<{ openMarketSession: { id: string } }>(
      OPEN,
      { input },
      this.platform.operatorKey,
    );
    return openMarketSession.id;
  }

  /** Two cleared hours: one with a surplus, one with a shortage. */
  async tradedSession(change: object = {}): Promise<string> {
    const { buyer, seller } = this.firms;
    await this.setClock(DAY.startMs);
    const id = await this.openSession(change);
    const bids = [order('b0', 0, 'buy', 1_000, 27_800), order('b1', 1, 'buy', 2_000, 27_800)];
    const asks = [order('s0', 0, 'sell', 1_500, 10_200), order('s1', 1, 'sell', 1_000, 10_200)];
    await this.submit(id, buyer.participant, bids);
    await this.submit(id, seller.participant, asks);
    await this.close(id);
    await this.reached(id, 'CLEARED');
    return id;
  }

  async submit(
    sessionId: string,
    from: TestParticipant,
    drafts: readonly Draft[],
    signer: TestParticipant = from,
  ): Promise<GraphqlAnswer> {
    const orders = await Promise.all(drafts.map((draft) => signedOrder(sessionId, signer, draft)));
    return this.platform.graphql(SUBMIT, { input: { sessionId, orders } }, from);
  }

  async deliver(
    sessionId: string,
    from: TestParticipant,
    meters: readonly Meter[],
    signer: TestParticipant = from,
  ): Promise<GraphqlAnswer> {
    const statements = await Promise.all(meters.map((each) => signedDelivery(sessionId, signer, each)));
    return this.platform.graphql(DELIVER, { input: { sessionId, statements } }, from);
  }

  /** States what a seller of storage or reserve kept ready in hours. */
  async keep(
    sessionId: string,
    from: TestParticipant,
    kept: readonly Kept[],
    signer: TestParticipant = from,
  ): Promise<GraphqlAnswer> {
    const statements = await Promise.all(kept.map((each) => signedAvailability(sessionId, signer, each)));
    return this.platform.graphql(KEEP, { input: { sessionId, statements } }, from);
  }

  close(id: string, sender: Sender = this.platform.operatorKey): Promise<GraphqlAnswer> {
    return this.platform.graphql(CLOSE, { id }, sender);
  }

  closeDelivery(id: string): Promise<GraphqlAnswer> {
    return this.platform.graphql(CLOSE_DELIVERY, { id }, this.platform.operatorKey);
  }

  /** Asks until the session's jobs have brought it there; the test's own timeout bounds it. */
  async reached(id: string, state: string): Promise<SessionFacts> {
    const { marketSession } = await this.platform.data<{ marketSession: SessionFacts }>(
      SESSION,
      { id },
      this.platform.operatorKey,
    );
    return marketSession.state === state ? marketSession : this.reached(id, state);
  }

  async trades(id: string, sender: Sender): Promise<Trade[]> {
    const answer = await this.platform.data<{ marketTrades: Page<Trade> }>(
      TRADES,
      { id, first: 100 },
      sender,
    );
    return nodes(answer.marketTrades);
  }

  async charges(id: string, sender: Sender): Promise<Charge[]> {
    const answer = await this.platform.data<{ marketCharges: Page<Charge> }>(CHARGES, { id }, sender);
    return nodes(answer.marketCharges);
  }

  async settlements(id: string, sender: Sender): Promise<SettlementFacts[]> {
    const answer = await this.platform.data<{ marketSettlements: Page<SettlementFacts> }>(
      SETTLEMENTS,
      { id },
      sender,
    );
    return nodes(answer.marketSettlements);
  }

  async ledger(sender: Sender): Promise<LedgerFacts> {
    return (await this.platform.data<{ ledger: LedgerFacts }>(LEDGER, {}, sender)).ledger;
  }
}
