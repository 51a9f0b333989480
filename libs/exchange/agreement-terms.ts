import { canonicalJson, hashJson, type Json } from '#core';
import type { Policy, Rule } from './policy.ts';
import type { FulfilledDuty } from './policy-request.ts';
import type { PriceModel } from './price-model.ts';
import { isPaidBy } from './priced-policy.ts';

/**
 * SHA-256 of what a policy permits, forbids and obliges to, whatever it is called, whoever offers it and whichever asset it names:
 * by it terms that came back over the wire, where a rule has one action and neither target nor assigner, are the terms that went.
 */
export function rulesHash({ conflict, permissions, prohibitions, obligations }: Policy): Promise<string> {
  const terms = {
    conflict,
    permissions: bareRules(permissions),
    prohibitions: bareRules(prohibitions),
    obligations,
  };
  return hashJson(terms as unknown as Json);
}

const bareRules = (list: readonly Rule[]): Json =>
  list
    .flatMap((rule) => rule.actions.map((action) => bare(rule, action)))
    .toSorted((a, b) => (canonicalJson(a) < canonicalJson(b) ? -1 : 1));

function bare({ targets: _targets, assigner: _assigner, actions: _actions, ...rule }: Rule, action: string) {
  return { ...rule, action } as unknown as Json;
}

/** What was paid once its order is, and to whom: a price, and names of the seller. */
export interface PaidPrice {
  readonly price: PriceModel;
  readonly seller: readonly string[];
}

/**
 * What a consumer has done of a policy's duties: attribution it promised by agreeing, compensation where the price it has paid
 * pays all that is asked.
 */
export function fulfilledDuties(policy: Policy, paid: PaidPrice | null): FulfilledDuty[] {
  const duties = [...policy.obligations, ...policy.permissions.flatMap((permission) => permission.duties)];
  const isPaid = paid !== null && isPaidBy(policy, paid.price, paid.seller);
  return duties.flatMap((duty): FulfilledDuty[] => {
    if (duty.action === 'attribute') return [{ action: 'attribute', party: duty.party }];
    if (duty.action !== 'compensate' || !isPaid) return [];
    const { action, amount, currency, party } = duty;
    return [{ action, amount, currency, party }];
  });
}
