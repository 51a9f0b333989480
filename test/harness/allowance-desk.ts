import {
  ALLOWANCE_CANCEL_CONTEXT,
  ALLOWANCE_EMISSIONS_CONTEXT,
  ALLOWANCE_ORDER_CONTEXT,
  ALLOWANCE_RETIREMENT_CONTEXT,
  allowanceCancelStatement,
  allowanceEmissionsStatement,
  allowanceOrderStatement,
  allowanceRetirementStatement,
  type EmissionsStatement,
  type RetirementStatement,
  type Vintage,
} from '#allowances';
import { type Json, signJson } from '#core';
import type { Side, TimeInForce } from '#market';
import type { TestParticipant } from './participant.ts';
import type { GraphqlAnswer, Sender, TestPlatform } from './platform.ts';

export const VINTAGE = { scheme: 'china-ets-power', year: 2024 } as const;
const KEYS = '$scheme: String!, $year: Int!';
const OF = 'scheme: $scheme, year: $year';

const ACCOUNT = `query (${KEYS}) { allowanceAccount(${OF}) {
  heldTonnes reservedTonnes freeTonnes issuedTonnes surrenderedTonnes cancelledTonnes verifiedTonnes gapTonnes ruleSetId
  forecast { emissionsTonnes gapTonnes gapLowTonnes gapHighTonnes deficitProbability } } }`;
const BOOK = `query (${KEYS}) { allowanceBook(${OF}) {
  bids { priceMinorPerTonne tonnes } asks { priceMinorPerTonne tonnes } withheld
  tradedTonnes lastPriceMinorPerTonne tradesWithheld } }`;
const ORDERS = `query (${KEYS}, $first: Int, $after: String) { allowanceOrders(${OF}, first: $first, after: $after) {
  edges { node { id state tonnes filledTonnes remainingTonnes } } pageInfo { endCursor } } }`;
const TRADES = `query (${KEYS}, $first: Int, $after: String) { allowanceTrades(${OF}, first: $first, after: $after) {
  edges { node { side orderId tonnes priceMinorPerTonne } } pageInfo { endCursor } } }`;
export const TRADED = `subscription (${KEYS}, $after: String) { allowanceTraded(${OF}, after: $after) {
  cursor node { side orderId tonnes priceMinorPerTonne } } }`;

const mutation = (name: string, input: string, fields: string): string =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { ${fields} } }`;
const ISSUE = mutation('issueAllowances', 'IssueAllowancesInput', 'id tonnes ruleSetId reference');
const STATE = mutation('stateAllowanceEmissions', 'StateAllowanceEmissionsInput', 'verifiedTonnes gapTonnes');
const RETIRE = mutation(
  'retireAllowances',
  'RetireAllowancesInput',
  'heldTonnes surrenderedTonnes cancelledTonnes',
);
const SUBMIT = mutation(
  'submitAllowanceOrder',
  'SubmitAllowanceOrderInput',
  'id state filledTonnes remainingTonnes',
);
const CANCEL = mutation(
  'cancelAllowanceOrder',
  'CancelAllowanceOrderInput',
  'id state filledTonnes remainingTonnes',
);

export interface AllowanceDraft {
  readonly id: string;
  readonly side: Side;
  readonly tonnes: number;
  readonly priceMinorPerTonne: number;
  readonly timeInForce?: TimeInForce;
  readonly expiresAt?: string | null;
}

export const allowanceOrder = (
  id: string,
  side: Side,
  tonnes: number,
  priceMinorPerTonne: number,
): AllowanceDraft => ({ id, side, tonnes, priceMinorPerTonne });

interface Edges<T> {
  readonly edges: readonly { readonly node: T }[];
  readonly pageInfo: { readonly endCursor: string | null };
}

/** What an operator and members do with allowances of one vintage. */
export class AllowanceDesk {
  constructor(
    private readonly platform: TestPlatform,
    private readonly vintage: Vintage = VINTAGE,
  ) {}

  issue(
    organisationId: string,
    tonnes: number,
    change: object = {},
    sender?: Sender,
  ): Promise<GraphqlAnswer> {
    const input = { ...this.vintage, organisationId, tonnes, reference: 'final', ...change };
    return this.platform.graphql(ISSUE, { input }, sender ?? this.platform.operatorKey);
  }

  async state(
    from: TestParticipant,
    stated: Pick<EmissionsStatement, 'kind' | 'tonnes'> & Partial<EmissionsStatement>,
    signer = from,
  ): Promise<GraphqlAnswer> {
    const terms = { ...this.vintage, lowTonnes: null, highTonnes: null, ...stated };
    const statement = allowanceEmissionsStatement({ ...terms, participant: signer.id });
    return this.#signed(STATE, from, terms, { signer, context: ALLOWANCE_EMISSIONS_CONTEXT, statement });
  }

  retire(
    from: TestParticipant,
    id: string,
    purpose: RetirementStatement['purpose'],
    tonnes: number,
    signer = from,
  ): Promise<GraphqlAnswer> {
    const terms = { ...this.vintage, purpose, tonnes };
    const statement = allowanceRetirementStatement({ ...terms, participant: signer.id, retirement: id });
    return this.#signed(
      RETIRE,
      from,
      { ...terms, id },
      { signer, context: ALLOWANCE_RETIREMENT_CONTEXT, statement },
    );
  }

  submit(from: TestParticipant, draft: AllowanceDraft, signer = from): Promise<GraphqlAnswer> {
    const { id, expiresAt = null, timeInForce = 'gtd', ...rest } = draft;
    const terms = { ...this.vintage, ...rest, timeInForce };
    const expiresAtMs = expiresAt === null ? null : Date.parse(expiresAt);
    const statement = allowanceOrderStatement({ ...terms, participant: signer.id, order: id, expiresAtMs });
    const input = { ...terms, id, expiresAt };
    return this.#signed(SUBMIT, from, input, { signer, context: ALLOWANCE_ORDER_CONTEXT, statement });
  }

  cancel(from: TestParticipant, orderId: string, context = ALLOWANCE_CANCEL_CONTEXT): Promise<GraphqlAnswer> {
    const statement = allowanceCancelStatement({ ...this.vintage, participant: from.id, order: orderId });
    return this.#signed(CANCEL, from, { ...this.vintage, orderId }, { signer: from, context, statement });
  }

  async account(sender: Sender): Promise<object> {
    return (await this.platform.data<{ allowanceAccount: object }>(ACCOUNT, this.vintage, sender))
      .allowanceAccount;
  }

  ask(variables: object, sender: Sender): Promise<GraphqlAnswer> {
    return this.platform.graphql(ACCOUNT, { ...this.vintage, ...variables }, sender);
  }

  async book(sender: Sender): Promise<object> {
    return (await this.platform.data<{ allowanceBook: object }>(BOOK, this.vintage, sender)).allowanceBook;
  }

  async orders(sender: Sender, page: object = {}): Promise<{ all: object[]; endCursor: string | null }> {
    const { allowanceOrders } = await this.platform.data<{ allowanceOrders: Edges<object> }>(
      ORDERS,
      { ...this.vintage, ...page },
      sender,
    );
    return paged(allowanceOrders);
  }

  async trades(sender: Sender, page: object = {}): Promise<{ all: object[]; endCursor: string | null }> {
    const { allowanceTrades } = await this.platform.data<{ allowanceTrades: Edges<object> }>(
      TRADES,
      { ...this.vintage, ...page },
      sender,
    );
    return paged(allowanceTrades);
  }

  async #signed(
    query: string,
    from: TestParticipant,
    input: object,
    { signer, context, statement }: { signer: TestParticipant; context: string; statement: Json },
  ): Promise<GraphqlAnswer> {
    const signature = await signJson(signer.signingKey.privateKey, context, statement);
    return this.platform.graphql(query, { input: { ...input, signature } }, from);
  }
}

const paged = <T>({ edges, pageInfo }: Edges<T>): { all: T[]; endCursor: string | null } => ({
  all: edges.map(({ node }) => node),
  endCursor: pageInfo.endCursor,
});

interface Entry {
  readonly type: string;
  readonly currency: string;
  readonly postings: readonly { readonly account: string; readonly amountMinor: number }[];
}

const ENTRIES = `{ ledger {
  entries(first: 100) { edges { node { type currency postings { account amountMinor } } } }
  verify { verified }
} }`;

/** What the ledger shows a member, and whether all of it verifies. */
export async function bookedOf(
  platform: TestPlatform,
  sender: Sender,
): Promise<{ entries: Entry[]; verified: boolean }> {
  const { ledger } = await platform.data<{
    ledger: { entries: Edges<Entry>; verify: { verified: boolean } };
  }>(ENTRIES, {}, sender);
  return { entries: ledger.entries.edges.map(({ node }) => node), verified: ledger.verify.verified };
}

/** Of all accounts that begin so. */
export const balance = (entries: readonly Entry[], currency: string, account: string): number =>
  entries
    .filter((entry) => entry.currency === currency)
    .flatMap(({ postings }) => postings)
    .filter((posting) => posting.account.startsWith(account))
    .reduce((sum, { amountMinor }) => sum + amountMinor, 0);
