import { type PriceRule, priceSlot, requireSlot, settleCommunity } from '#community';
import { DomainError } from '#core';
import type { CommunityPricesInput, CommunityPricesType } from './community-prices.types.ts';

/** Members of one request; a larger community settles with the command line. */
const MAX_REQUEST_MEMBERS = 1_000;
const MAX_ID_CHARACTERS = 64;

/**
 * Prices and settles one interval, and keeps nothing.
 * @throws COMMUNITY_MEMBERS, PRICE_RULE_TERMS, and the codes of settleCommunity
 */
export function communityPrices(input: CommunityPricesInput): CommunityPricesType {
  const { members, retailPerMwh, feedInPerMwh } = input;
  requireMembers(members.map(({ id }) => id));
  const rule = ruleOf(input);
  const tariff = { retailPerMwh, feedInPerMwh };
  const own = members.map((member) => ({
    id: member.id,
    load: member.netImportWh,
    generation: member.netExportWh,
    retail: member.retailPerMwh ?? retailPerMwh,
    feedIn: member.feedInPerMwh ?? feedInPerMwh,
  }));
  const settled = settleCommunity(
    [
      {
        startMs: 0,
        readings: own.map(({ id, load, generation }) => ({
          member: id,
          loadWh: load,
          generationWh: generation,
        })),
      },
    ],
    {
      rule,
      tariff,
      ownTariffs: Object.fromEntries(
        own.map(({ id, retail, feedIn }) => [id, { retailPerMwh: retail, feedInPerMwh: feedIn }]),
      ),
    },
  );
  const priced = priceSlot(rule, requireSlot(own, {}));
  return {
    poolPricePerMwh: priced.poolPrice.toNumber(),
    buyPricePerMwh: priced.buyPrice.toNumber(),
    sellPricePerMwh: priced.sellPrice.toNumber(),
    sharedWh: settled.sharedWh,
    shareableWh: settled.shareableWh,
    bills: settled.members.map(({ member, billMinor, aloneMinor, boughtWh, soldWh }) => ({
      id: member,
      billMinor,
      aloneMinor,
      boughtWh,
      soldWh,
    })),
    retailerMinor: settled.retailerMinor,
    operatorMinor: settled.operatorMinor,
  };
}

function requireMembers(ids: readonly string[]): void {
  const named = ids.every((id) => id.length >= 1 && id.length <= MAX_ID_CHARACTERS);
  if (named && ids.length >= 1 && ids.length <= MAX_REQUEST_MEMBERS) return;
  throw new DomainError(
    'COMMUNITY_MEMBERS',
    `expected 1–${MAX_REQUEST_MEMBERS} members with ids of 1–${MAX_ID_CHARACTERS} characters, got ${ids.length}`,
    'limit',
  );
}

function ruleOf({ rule, compensation, prune, curve, members }: CommunityPricesInput): PriceRule {
  switch (rule) {
    case 'mmr':
    case 'sdr':
      return { kind: rule, prune };
    case 'sdr-compensated':
      return { kind: rule, compensation, prune };
    case 'curve':
      return {
        kind: rule,
        points: (curve ?? []).map(({ ratio, pricePerMwh }) => ({ ratio, price: pricePerMwh })),
      };
    case 'keys':
      return { kind: rule, allocation: { kind: 'static', coefficients: keysOf(members) } };
    case 'bill-sharing':
    case 'crossing':
      return { kind: rule };
  }
}

function keysOf(members: CommunityPricesInput['members']): Record<string, number> {
  const keys = members.flatMap(({ id, key }) =>
    key === undefined || key === null ? [] : [[id, key] as const],
  );
  if (keys.length > 0) return Object.fromEntries(keys);
  throw new DomainError('PRICE_RULE_TERMS', 'expected keys of members for the rule keys, got none');
}
