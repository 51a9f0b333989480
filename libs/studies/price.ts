import type { Decimal } from 'decimal.js';
import {
  type Bill,
  type MemberFee,
  type PriceRule,
  type Pricing,
  priceSlot,
  requirePriceRule,
  requireSlot,
  sharedEnergyFees,
} from '#community';
import { type PriceInput, priceInput, ruleOf } from './price-input.ts';
import { noOptions, type Study } from './study.ts';

/** Prices and bills in the caller's units; positive bills are owed. */
export interface PriceResult {
  readonly rule: PriceRule['kind'];
  readonly buyPrice: number;
  readonly sellPrice: number;
  readonly poolPrice: number;
  readonly shared: number;
  readonly shareable: number;
  /** In the order of the input. */
  readonly bills: readonly {
    readonly id: string;
    readonly amount: number;
    readonly alone: number;
    readonly bought: number;
    readonly sold: number;
    readonly fee?: number;
  }[];
  readonly utility: number;
  readonly operator: number;
}

/** @throws PRICE_RULE_TERMS and the codes of requireSlot, requirePriceRule, priceSlot and sharedEnergyFees */
function priceCommunity(kind: PriceRule['kind'], input: PriceInput): PriceResult {
  const { members, retail, feedIn, net, fees } = input;
  const rule = ruleOf(
    kind,
    input,
    members.map(({ id }) => id),
  );
  requirePriceRule(rule);
  const priced = priceSlot(rule, requireSlot(members, { retail, feedIn }, { net }));
  const zones = Object.fromEntries(
    members.flatMap(({ id, zone }) => (zone === undefined ? [] : [[id, zone]])),
  );
  const charged =
    fees === undefined ? [] : sharedEnergyFees(priced, zones, { kind: fees.kind, fees: fees.matrix });
  return resultOf(kind, priced, charged, new Map(members.map(({ id }, i) => [id, i])));
}

function resultOf(
  rule: PriceRule['kind'],
  priced: Pricing,
  fees: readonly MemberFee[],
  rank: ReadonlyMap<string, number>,
): PriceResult {
  const fee = new Map(fees.map((charged) => [charged.id, charged.fee]));
  return {
    rule,
    buyPrice: plain(priced.buyPrice),
    sellPrice: plain(priced.sellPrice),
    poolPrice: plain(priced.poolPrice),
    shared: plain(priced.shared),
    shareable: plain(priced.shareable),
    bills: priced.bills
      .map((bill) => billOf(bill, fee.get(bill.id)))
      .toSorted((a, b) => rank.get(a.id)! - rank.get(b.id)!),
    utility: plain(priced.utility),
    operator: plain(priced.operator),
  };
}

const billOf = (
  { id, amount, alone, bought, sold }: Bill,
  fee: Decimal | undefined,
): PriceResult['bills'][number] => ({
  id,
  amount: plain(amount),
  alone: plain(alone),
  bought: plain(bought),
  sold: plain(sold),
  ...(fee === undefined ? {} : { fee: plain(fee) }),
});

/** Never −0. */
const plain = (value: Decimal): number => value.toNumber() + 0;

/** `market price` by a rule. */
export const priceStudy = (rule: PriceRule['kind']): Study<PriceInput, object, PriceResult> => ({
  verb: 'price',
  method: rule,
  title: 'price one slot of a community without orders',
  input: priceInput,
  options: noOptions,
  run: (input) => priceCommunity(rule, input),
});
