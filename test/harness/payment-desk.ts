import { randomUUID } from 'node:crypto';
import { Database } from '#persistence';
import { AgreementReads } from '../../apps/platform/agreements/agreement-reads.service.ts';
import { type StartedDesk, startNegotiationDesk } from './negotiation-desk.ts';
import type { TestOrganisation } from './platform.ts';

/* What the parties of an agreement ask about its money. */
const ORDER =
  'id agreementId period currency amountMinor feeMinor sellerMinor revenueMinor periodStart periodEnd';
const DOORS = {
  wallet: '{ answer: wallet { currency balanceMinor } }',
  entries: '{ answer: walletEntries(first: 100) { edges { node { type amountMinor currency reference } } } }',
  debts: `query ($openOnly: Boolean! = false) { answer: walletDebts(first: 100, openOnly: $openOnly) { edges { node {
    agreementId orderId creditorId debtorId currency amountMinor openMinor createdAt } } } }`,
  deposit:
    'mutation ($input: OutsideMoneyInput!) { answer: depositToWallet(input: $input) { balanceMinor } }',
  withdraw:
    'mutation ($input: OutsideMoneyInput!) { answer: withdrawFromWallet(input: $input) { balanceMinor } }',
  quote: `query ($agreementId: ID!, $periods: Int! = 1) { answer: quoteAgreement(agreementId: $agreementId, periods: $periods) {
    priceKind currency amountMinor feeMinor sellerMinor periods { period start end } } }`,
  pay: `mutation ($input: PayAgreementInput!) { answer: payAgreement(input: $input) { ${ORDER} } }`,
  revenue: `mutation ($input: DeclareRevenueInput!) { answer: declareRevenue(input: $input) { ${ORDER} } }`,
  orders: `{ answer: agreementOrders(first: 100) { edges { node { ${ORDER} } } } }`,
  invoices: '{ answer: invoices(first: 100) { edges { node { id orderId kind number amountMinor } } } }',
  invoice: `query ($orderId: ID!, $kind: InvoiceKind! = INVOICE) {
    answer: invoice(orderId: $orderId, kind: $kind) { id kind number amountMinor feeMinor sellerMinor } }`,
  usage: `query ($agreementId: ID!) { answer: agreementUsage(agreementId: $agreementId, first: 100) {
    edges { node { useId readings readingsBefore bytes amountMinor } } } }`,
};
export type Door = keyof typeof DOORS;

export interface Order {
  readonly id: string;
  readonly period: number;
  readonly amountMinor: number;
}
export interface Listed<T> {
  readonly edges: readonly { readonly node: T }[];
}

interface ReadOptions {
  readonly readings?: number;
  readonly bytes?: number;
  readonly useId?: string;
  readonly work?: () => Promise<void>;
}

export interface PaymentDesk extends StartedDesk {
  /** A request that must succeed. */
  readonly money: <T>(door: Door, variables: object, sender: string) => Promise<T>;
  /** The code a request is refused with. */
  readonly moneyRefusal: (door: Door, variables: object, sender: string) => Promise<string | undefined>;
  readonly deposit: (to: TestOrganisation, amountMinor: number, reference?: string) => Promise<unknown>;
  readonly balance: (of: TestOrganisation) => Promise<number>;
  readonly pay: (agreementId: string, more?: object) => Promise<Order>;
  readonly usageOf: (
    agreementId: string,
    of: TestOrganisation,
  ) => Promise<readonly Record<string, unknown>[]>;
  /** An agreement in force but for its payment. */
  readonly agreed: (price: object) => Promise<string>;
  /** A read of the consumer as whichever feature makes it; the code it is refused with, or 'read'. */
  readonly read: (agreementId: string, options?: ReadOptions) => Promise<string>;
  /** Accounts of the ledger that are not what the wallets say, or that hold money on its way. */
  readonly unbalanced: () => Promise<unknown[]>;
}

/** A negotiation desk whose parties pay each other in euros. */
export async function startPaymentDesk(nowMs: number): Promise<PaymentDesk> {
  const desk = await startNegotiationDesk(nowMs);
  const { platform, consumer } = desk;
  const money: PaymentDesk['money'] = async <T>(door: Door, variables: object, sender: string) =>
    (await platform.data<{ answer: T }>(DOORS[door], variables, sender)).answer;
  const system = <T>(sql: string, values: unknown[] = []): Promise<T[]> =>
    platform.app.get(Database).asSystem((manager) => manager.query<T[]>(sql, values));
  return {
    ...desk,
    money,
    moneyRefusal: async (door, variables, sender) =>
      (await platform.graphql(DOORS[door], variables, sender)).errors?.[0]?.extensions.code,
    deposit: ({ organisationId }, amountMinor, reference = randomUUID()) =>
      money(
        'deposit',
        { input: { organisationId, currency: 'EUR', amountMinor, reference } },
        platform.operatorKey,
      ),
    balance: async ({ apiKey }) =>
      (await money<{ balanceMinor: number }[]>('wallet', {}, apiKey))[0]?.balanceMinor ?? 0,
    pay: (agreementId, more = {}) =>
      money('pay', { input: { agreementId, idempotencyKey: randomUUID(), ...more } }, consumer.apiKey),
    usageOf: async (agreementId, { apiKey }) =>
      (await money<Listed<Record<string, unknown>>>('usage', { agreementId }, apiKey)).edges.map(
        ({ node }) => node,
      ),
    agreed: async (price) => (await desk.concluded({ price })).agreementId!,
    async read(agreementId, { readings = 96, bytes = readings * 8, useId = randomUUID(), work } = {}) {
      const [row] = await system<{ id: string }>(
        'SELECT data_set_id AS id FROM data_agreements WHERE id = $1',
        [agreementId],
      );
      const asked = { agreementId, dataSetId: row!.id, action: 'use', useId, operation: 'test.read' };
      return platform.app
        .get(AgreementReads)
        .read(readerOf(consumer), asked, async () => {
          await work?.();
          return { value: 'read', readings, bytes };
        })
        .catch((error: { code: string }) => error.code);
    },
    unbalanced: () => system(UNBALANCED),
  };
}

const readerOf = ({ organisationId, participant: { id } }: TestOrganisation) => ({
  kind: 'participant' as const,
  id,
  organisationId,
  roles: ['firm' as const],
});

const UNBALANCED = `
  SELECT * FROM (SELECT p->>'account' AS account, currency, sum((p->>'amountMinor')::bigint) AS booked
    FROM ledger_entry, json_array_elements(postings) p GROUP BY 1, 2) booked
  FULL JOIN wallet_balance w ON account = 'wallet:' || w.tenant_id AND w.currency = booked.currency
  WHERE (account LIKE 'wallet:%' OR account IS NULL) AND coalesce(booked, 0) IS DISTINCT FROM balance_minor
     OR account = 'exchange:clearing' AND booked <> 0`;
