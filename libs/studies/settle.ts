import { Decimal } from 'decimal.js';
import {
  bestFixedKeys,
  type CommunitySettlement,
  type PriceRule,
  settleCommunity,
  type Tariff,
} from '#community';
import { DomainError, energyWhFromKwh, isoInstant, parseInstant } from '#core';
import { z } from 'zod';
import { decimal, identifier, nonNegative } from './decimal-schema.ts';
import { ruleOf, ruleTerms } from './price-input.ts';
import { type SlotTable, slotTable } from './slot-table.ts';
import { noOptions, type Study } from './study.ts';

/** Input of `market settle`: the terms; readings come from a CSV file. */
export const settleInput = z.strictObject({
  retail: decimal.describe('price of a kWh from outside, in major units'),
  feedIn: decimal.describe('price of a kWh sold outside, in major units'),
  members: z
    .array(z.strictObject({ id: identifier, retail: decimal.optional(), feedIn: decimal.optional() }))
    .max(10_000)
    .default([])
    .describe('members with tariffs of their own'),
  currencyDigits: z.int().min(0).max(4).default(2).describe('decimals of the money that bills are paid in'),
  net: z
    .boolean()
    .default(false)
    .describe('own generation covers own load first; else both count as metered'),
  ...ruleTerms,
  curve: ruleTerms.curve.describe('curve: prices per kWh in major units'),
  keys: z
    .union([
      z.literal('best-fixed').describe('fixed keys that share most in hindsight'),
      ruleTerms.keys.unwrap(),
    ])
    .optional(),
});

export type SettleInput = z.infer<typeof settleInput>;

const kwhReading = nonNegative.transform(Number).refine((kwh) => kwh < 1e12, 'expected less than 1e12 kWh');

const settleStudyInput = settleInput.extend({
  readings: z
    .array(
      z.strictObject({
        start: z.string().max(40).describe('ISO 8601 with an offset'),
        member: identifier,
        load: kwhReading.describe('drawn in the slot, in kWh'),
        generation: kwhReading.describe('fed in, in kWh'),
      }),
    )
    .max(1_000_000)
    .describe('a row a member and slot'),
});

type SettleStudyInput = z.infer<typeof settleStudyInput>;

const KWH_PER_MWH = 1_000;

/** Money in major units with the currency's digits, energy in kWh. */
export interface SettleResult {
  readonly rule: PriceRule['kind'];
  readonly from: string;
  readonly to: string;
  readonly slots: number;
  readonly resolutionMinutes: number;
  readonly shared: number;
  readonly shareable: number;
  readonly bills: readonly {
    readonly id: string;
    readonly load: number;
    readonly generation: number;
    readonly bought: number;
    readonly sold: number;
    readonly amount: number;
    readonly alone: number;
    readonly saving: number;
  }[];
  readonly retailer: number;
  readonly operator: number;
  /** With fixed keys found in hindsight: what they are. */
  readonly keys?: Readonly<Record<string, number>>;
  readonly currencyDigits: number;
}

/** @throws TARIFF_TOO_FINE, PRICE_RULE_TERMS and the codes of settleCommunity */
export function settleTable(
  kind: PriceRule['kind'],
  input: SettleInput,
  { slots, resolutionMs }: SlotTable,
): SettleResult {
  const { keys: wanted, currencyDigits: digits, members, net, ...terms } = input;
  const keys = wanted === 'best-fixed' ? bestFixedKeys(slots) : wanted;
  const ids = slots[0]?.readings.map(({ member }) => member) ?? [];
  const rule = inMinorPerMwh(ruleOf(kind, { ...terms, keys }, ids), digits);
  const tariffOf = (own: {
    retail?: string | number | undefined;
    feedIn?: string | number | undefined;
  }): Tariff => ({
    retailPerMwh: minorPerMwh(own.retail ?? input.retail, digits),
    feedInPerMwh: minorPerMwh(own.feedIn ?? input.feedIn, digits),
  });
  const settled = settleCommunity(slots, {
    rule,
    tariff: tariffOf({}),
    ownTariffs: Object.fromEntries(members.map(({ id, ...own }) => [id, tariffOf(own)])),
    net,
  });
  const times = [slots[0]!.startMs, slots.at(-1)!.startMs + resolutionMs] as const;
  return {
    rule: kind,
    from: isoInstant(times[0]),
    to: isoInstant(times[1]),
    slots: settled.slots,
    resolutionMinutes: resolutionMs / 60_000,
    ...amountsOf(settled, digits),
    ...(wanted === 'best-fixed' ? { keys: keys as Record<string, number> } : {}),
    currencyDigits: digits,
  };
}

const kwh = (wh: number): number => new Decimal(wh).div(1_000).toNumber();

function amountsOf(
  settled: CommunitySettlement,
  digits: number,
): Pick<SettleResult, 'shared' | 'shareable' | 'bills' | 'retailer' | 'operator'> {
  const money = (minor: number): number => new Decimal(minor).div(new Decimal(10).pow(digits)).toNumber();
  return {
    shared: kwh(settled.sharedWh),
    shareable: kwh(settled.shareableWh),
    bills: settled.members.map(({ member, ...of }) => ({
      id: member,
      load: kwh(of.loadWh),
      generation: kwh(of.generationWh),
      bought: kwh(of.boughtWh),
      sold: kwh(of.soldWh),
      amount: money(of.billMinor),
      alone: money(of.aloneMinor),
      saving: money(of.savingMinor),
    })),
    retailer: money(settled.retailerMinor),
    operator: money(settled.operatorMinor),
  };
}

/** Prices of a rule's own, as the settlement wants them. */
function inMinorPerMwh(rule: PriceRule, digits: number): PriceRule {
  const scaled = (price: Decimal.Value): Decimal => new Decimal(price).times(KWH_PER_MWH).times(10 ** digits);
  if (rule.kind === 'curve')
    return { ...rule, points: rule.points.map(({ ratio, price }) => ({ ratio, price: scaled(price) })) };
  if (rule.kind !== 'keys' || rule.localPrice === undefined) return rule;
  return { ...rule, localPrice: scaled(rule.localPrice) };
}

function minorPerMwh(price: string | number, digits: number): number {
  const exact = new Decimal(price).times(KWH_PER_MWH).times(10 ** digits);
  if (exact.isInteger()) return exact.toNumber();
  throw new DomainError(
    'TARIFF_TOO_FINE',
    `expected at most ${digits + 3} decimals of a price per kWh, got ${price}`,
    'limit',
  );
}

/** `market settle` by a rule, with the readings in its input. */
export const settleStudy = (rule: PriceRule['kind']): Study<SettleStudyInput, object, SettleResult> => ({
  verb: 'settle',
  method: rule,
  title: 'bill a community on metered slots',
  input: settleStudyInput,
  options: noOptions,
  run: ({ readings, ...terms }) => {
    const rows = readings.map(({ start, member, load, generation }) => ({
      startMs: parseInstant(start),
      reading: { member, loadWh: energyWhFromKwh(load), generationWh: energyWhFromKwh(generation) },
    }));
    return settleTable(rule, terms, slotTable(rows));
  },
});
