import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { pageOf } from '../forecast/registry-answer.ts';
import { requireAbsent, writeNewFile } from '../new-file.ts';
import type { Output } from '../output.ts';
import { accessOf, type AdminOptions } from '../platform/admin.ts';
import { ask, download, mutate } from '../platform/graphql-client.ts';
import { tableText } from '../table-text.ts';
import type { PageOptions } from './negotiation.ts';
import { moneyText } from './terms-text.ts';

export interface DepositOptions extends AdminOptions {
  readonly currency: string;
  readonly amount: number;
  readonly reference: string;
}

export interface PayOptions extends AdminOptions {
  readonly max?: number;
  readonly period?: number;
  readonly orderKey?: string;
}

export interface RevenueOptions extends AdminOptions {
  readonly revenue: number;
  readonly max?: number;
  readonly orderKey?: string;
}

export interface InvoiceOptions extends AdminOptions {
  readonly output: string;
  readonly format: 'pdf' | 'json';
  readonly creditNote?: boolean;
}

const AMOUNT = 'amountMinor';
const ORDER = `id agreementId period priceKind currency amountMinor feeMinor sellerMinor revenueMinor periodStart periodEnd
  createdAt`;
const FIELDS = {
  orderShares: 'id orderId dataSetId organisationId currency amountMinor createdAt',
  walletEntries: 'index type reference currency amountMinor memo at',
  agreementOrders: ORDER,
  agreementUsage: 'id useId readings readingsBefore bytes currency amountMinor createdAt',
  invoices: 'id kind number orderId agreementId currency amountMinor feeMinor sellerMinor createdAt',
} as const;

/** Headings of a list and what stands under each. */
const COLUMNS: Readonly<Record<keyof typeof FIELDS, Readonly<Record<string, string>>>> = {
  orderShares: {
    at: 'createdAt',
    order: 'orderId',
    'data set': 'dataSetId',
    to: 'organisationId',
    amount: AMOUNT,
  },
  walletEntries: { at: 'at', what: 'type', reference: 'reference', amount: AMOUNT },
  agreementOrders: {
    order: 'id',
    at: 'createdAt',
    agreement: 'agreementId',
    price: 'priceKind',
    amount: AMOUNT,
  },
  agreementUsage: { at: 'createdAt', use: 'useId', readings: 'readings', 'readings before': 'readingsBefore', bytes: 'bytes', charged: AMOUNT }, // prettier-ignore
  invoices: { number: 'number', at: 'createdAt', kind: 'kind', order: 'orderId', amount: AMOUNT },
};

const BALANCE = z.object({ currency: z.string(), balanceMinor: z.number(), changedAt: z.string() });
const ROW = z.looseObject({ currency: z.string().nullable(), amountMinor: z.number() });
type MoneyRow = z.infer<typeof ROW>;
const ANSWER = z.object({ answer: ROW });

const textIn = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '–';

const partOf = ({ currency, ...row }: MoneyRow, field: string): string =>
  moneyText(Number(row[field]), currency ?? '');

function amountOf({ amountMinor, currency }: MoneyRow): string {
  return currency === null ? '–' : moneyText(amountMinor, currency);
}

const textOf = (row: z.infer<typeof ROW>): string =>
  [row['id'], row['at'] ?? row['createdAt'], row['type'] ?? row['kind'], row['number'], row['readings']]
    .filter((part) => part !== undefined && part !== null)
    .map(String)
    .concat(amountOf(row))
    .join('  ');

const DEBT = z.object({
  id: z.string(),
  agreementId: z.string(),
  creditorId: z.string(),
  debtorId: z.string(),
  currency: z.string(),
  amountMinor: z.number(),
  openMinor: z.number(),
  createdAt: z.string(),
});

/** Minor units by currency, and the newest 100 open debts of either side. */
export async function showWallet(options: AdminOptions, output: Output): Promise<void> {
  const query = `query Wallet { me { organisation { id } } answer: wallet { currency balanceMinor changedAt }
    debts: walletDebts(first: 100, openOnly: true) { edges { node { ${Object.keys(DEBT.shape).join(' ')} } }
      pageInfo { hasNextPage endCursor } } }`;
  const shape = z.object({
    me: z.object({ organisation: z.object({ id: z.string() }) }),
    answer: z.array(BALANCE),
    debts: pageOf(DEBT),
  });
  const { me, answer, debts } = await ask(await accessOf(options), query, {}, shape);
  const open = debts.edges.map(({ node }) => node);
  const lines = [
    ...answer.map(({ currency, balanceMinor }) => moneyText(balanceMinor, currency)),
    ...open.map((debt) => debtText(debt, me.organisation.id)),
    ...(debts.pageInfo.hasNextPage ? ['and more debts'] : []),
  ];
  const result = { balances: answer, debts: open, hasMoreDebts: debts.pageInfo.hasNextPage };
  output.result(result, lines.length === 0 ? 'empty' : lines.join('\n'));
}

function debtText(debt: z.infer<typeof DEBT>, own: string): string {
  const { openMinor, amountMinor, currency, agreementId, creditorId, debtorId, createdAt } = debt;
  const whom = debtorId === own ? `owed to ${creditorId}` : `owed by ${debtorId}`;
  return `${moneyText(openMinor, currency)} of ${moneyText(amountMinor, currency)}  ${whom}  agreement ${agreementId}  ${createdAt}`;
}

/** @throws ROLE_MISSING, WALLET_*, CURRENCY_UNKNOWN, ORGANISATION_NOT_FOUND */
export async function bookOutside(
  mutation: 'depositToWallet' | 'withdrawFromWallet',
  organisationId: string,
  options: DepositOptions,
  output: Output,
): Promise<void> {
  const { currency, amount: amountMinor, reference } = options;
  const query = `mutation Book($input: OutsideMoneyInput!) {
    answer: ${mutation}(input: $input) { currency balanceMinor changedAt } }`;
  const input = { organisationId, currency, amountMinor, reference };
  const shape = z.object({ answer: BALANCE });
  const { answer } = await mutate(await accessOf(options), query, { input }, shape);
  output.result(answer, moneyText(answer.balanceMinor, answer.currency));
}

/** One page, newest first. @throws AGREEMENT_NOT_FOUND */
export async function listMoney(
  what: keyof typeof FIELDS,
  about: { readonly agreementId?: string },
  options: AdminOptions & PageOptions,
  output: Output,
): Promise<void> {
  const [declared, passed] =
    about.agreementId === undefined ? ['', ''] : [', $agreementId: ID!', ', agreementId: $agreementId'];
  const query = `query List($first: Int!, $after: String${declared}) {
    answer: ${what}(first: $first, after: $after${passed}) {
      edges { node { ${FIELDS[what]} } } pageInfo { hasNextPage endCursor } } }`;
  const { first, after = null } = options;
  const shape = z.object({ answer: pageOf(ROW) });
  const { answer } = await ask(await accessOf(options), query, { first, after, ...about }, shape);
  const { hasNextPage, endCursor } = answer.pageInfo;
  const rows = answer.edges.map(({ node }) => node);
  const columns = Object.entries(COLUMNS[what]);
  const cells = rows.map((row) =>
    columns.map(([, field]) => (field === AMOUNT ? amountOf(row) : textIn(row[field]))),
  );
  const table = rows.length === 0 ? 'none' : tableText(columns.map(([heading]) => heading), cells); // prettier-ignore
  output.result(
    { [what]: rows, hasNextPage, endCursor },
    hasNextPage ? `${table}\nmore: --after ${endCursor}` : table,
  );
}

/** @throws AGREEMENT_NOT_FOUND, AGREEMENT_FREE, PERIODS_RANGE */
export async function quoteAgreement(
  agreementId: string,
  options: AdminOptions & { readonly periods: number },
  output: Output,
): Promise<void> {
  const query = `query Quote($agreementId: ID!, $periods: Int!) {
    answer: quoteAgreement(agreementId: $agreementId, periods: $periods) {
      priceKind currency amountMinor feeMinor sellerMinor periods { period start end } } }`;
  const { periods } = options;
  const { answer } = await ask(await accessOf(options), query, { agreementId, periods }, ANSWER);
  output.result(
    answer,
    `${textOf(answer)}, of it ${partOf(answer, 'feeMinor')} fee and ${partOf(answer, 'sellerMinor')} to the seller`,
  );
}

/** @throws AGREEMENT_*, ORDER_ABOVE_MAX, WALLET_INSUFFICIENT, PERIODS_RANGE, IDEMPOTENCY_KEY_REUSED */
export async function payAgreement(agreementId: string, options: PayOptions, output: Output): Promise<void> {
  const { max: maxMinor, period, orderKey: idempotencyKey = randomUUID() } = options;
  const input = { agreementId, idempotencyKey, maxMinor, period };
  await order(['payAgreement', 'PayAgreementInput!'], input, options, output);
}

/** @throws AGREEMENT_*, PRICE_KIND_OTHER, ORDER_ABOVE_MAX, WALLET_INSUFFICIENT, IDEMPOTENCY_KEY_REUSED */
export async function declareRevenue(
  agreementId: string,
  options: RevenueOptions,
  output: Output,
): Promise<void> {
  const { revenue: revenueMinor, max: maxMinor, orderKey: idempotencyKey = randomUUID() } = options;
  const input = { agreementId, idempotencyKey, revenueMinor, maxMinor };
  await order(['declareRevenue', 'DeclareRevenueInput!'], input, options, output);
}

async function order(
  [mutation, type]: readonly [name: string, type: string],
  input: object,
  options: AdminOptions,
  output: Output,
): Promise<void> {
  const query = `mutation Order($input: ${type}) { answer: ${mutation}(input: $input) { ${ORDER} } }`;
  const { answer } = await mutate(await accessOf(options), query, { input }, ANSWER);
  output.result(answer, textOf(answer));
}

/** @throws INVOICE_NOT_FOUND, FILE_EXISTS, FILE_UNWRITABLE */
export async function downloadInvoice(
  orderId: string,
  options: InvoiceOptions,
  output: Output,
): Promise<void> {
  const { output: file, format, creditNote = false } = options;
  await requireAbsent(file);
  const access = await accessOf(options);
  const query = `query Invoice($orderId: ID!, $kind: InvoiceKind!) {
    answer: invoice(orderId: $orderId, kind: $kind) { ${FIELDS.invoices} } }`;
  const kind = creditNote ? 'CREDIT_NOTE' : 'INVOICE';
  const shape = z.object({ answer: ROW.extend({ id: z.string(), number: z.number() }) });
  const { answer } = await ask(access, query, { orderId, kind }, shape);
  const response = await download(access, `/invoices/${answer.id}?format=${format}`);
  await writeNewFile(file, new Uint8Array(await response.arrayBuffer()));
  output.result({ ...answer, file, format }, `number ${answer.number} in ${file}`);
}
