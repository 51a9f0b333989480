import { DomainError } from '#core';
import { amountText, minorUnits } from './currency.ts';
import { parsePolicy } from './parse-policy.ts';
import type { Compensation, Duty, Policy } from './policy.ts';
import type { PriceModel } from './price-model.ts';
import { toOdrl } from './to-odrl.ts';

const isCompensation = (duty: Duty): duty is Compensation => duty.action === 'compensate';

/** Whether the policy itself asks for a payment: then it says nothing of the price beside it. */
const asksPayment = ({ obligations, permissions }: Policy): boolean =>
  [...obligations, ...permissions.flatMap(({ duties }) => duties)].some(isCompensation);

/**
 * Whether a price can stand in the policy as its one obligation to compensate, for readers that know no price beside it: nothing
 * or a flat one. What is due by readings, periods or revenue has no word in ODRL.
 */
export const isPriceInPolicy = (policy: Policy, price: PriceModel): boolean =>
  (price.kind === 'free' || price.kind === 'flat') && !asksPayment(policy);

/** The policy with its flat price as an obligation to compensate; as it is where the price cannot stand in it. */
export function withPrice(policy: Policy, price: PriceModel): Policy {
  if (price.kind !== 'flat' || !isPriceInPolicy(policy, price)) return policy;
  const { amountMinor, currency } = price;
  const duty: Compensation = {
    action: 'compensate',
    amount: amountText(amountMinor, currency),
    currency,
    party: null,
  };
  return parsePolicy(toOdrl({ ...policy, obligations: [...policy.obligations, duty] }));
}

/**
 * Whether a price, once paid to a seller, pays all that each permission of a policy asks, obligations of the policy with it: not
 * more than the price, in its currency, to nobody by name or to the seller. By readings and revenue nothing is paid before a
 * read, so that they pay no such duty.
 * @param seller names of it
 */
export function isPaidBy(policy: Policy, price: PriceModel, seller: readonly string[]): boolean {
  const { obligations, permissions } = policy;
  return [[], ...permissions.map(({ duties }) => duties)].every((duties) => {
    const payments = [...obligations, ...duties].filter(isCompensation);
    if (payments.length === 0) return true;
    if (price.kind === 'free') return false;
    const { currency } = price;
    const isDueToSeller = payments.every(
      (duty) => duty.currency === currency && (duty.party === null || seller.includes(duty.party)),
    );
    const askedMinor = payments.reduce((sum, duty) => sum + minorUnits(duty.amount, duty.currency), 0);
    return isDueToSeller && askedMinor <= upFrontMinor(price);
  });
}

const upFrontMinor = (price: PriceModel): number =>
  price.kind === 'flat' || price.kind === 'subscription' ? price.amountMinor : 0;

/**
 * Refuses terms whose price would be paid in vain, as what the policy itself asks is not paid by it. Without a price the policy
 * is left to ask what nobody pays: nothing is read under it.
 * @throws POLICY_PRICE_SHORT
 */
export function requirePaidBy(policy: Policy, price: PriceModel, seller: readonly string[]): void {
  if (price.kind === 'free' || isPaidBy(policy, price, seller)) return;
  throw new DomainError(
    'POLICY_PRICE_SHORT',
    'expected duties to compensate that the price pays, to the seller and in its currency, got others',
  );
}

/**
 * A policy that carries its price, as withPrice writes it, in its two parts; without an obligation to compensate it is free.
 * @throws POLICY_PRICE_UNCLEAR for several payments, one to a third party, or one that a permission asks
 */
export function takePrice(policy: Policy): { readonly policy: Policy; readonly price: PriceModel } {
  const [payment, ...more] = policy.obligations.filter(isCompensation);
  const obligations = policy.obligations.filter((duty) => !isCompensation(duty));
  const bare = parsePolicy(toOdrl({ ...policy, obligations }));
  if (more.length > 0 || (payment?.party ?? null) !== null || asksPayment(bare)) {
    throw new DomainError(
      'POLICY_PRICE_UNCLEAR',
      'expected at most one obligation to compensate, to nobody by name, got other payments',
    );
  }
  if (payment === undefined) return { policy: bare, price: { kind: 'free' } };
  const { amount, currency } = payment;
  return {
    policy: bare,
    price: { kind: 'flat', currency, amountMinor: minorUnits(amount, currency) },
  };
}
