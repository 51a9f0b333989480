import { groupQuantiles, type HourForecast, swansonMean, swansonVariance } from '#forecasting';
import { MIN_ORGANISATIONS } from '../carbon/accounting.ts';

/** The latest version of one participant's forecast of one hour, in Wh. */
export interface PublishedForecast extends HourForecast {
  readonly organisationId: string;
  readonly intervalStartMs: number;
}

export interface CommunityTerms {
  /** Whose forecast is of the community as a whole. */
  readonly operatorId: string;
  /** Participants of all other organisations: the operator's forecast is of them all. */
  readonly participants: number;
  /** Of every two members' errors, in [0, 1]. */
  readonly correlation: number;
  /** Organisations of a group that is asked for beside the community. */
  readonly group?: ReadonlySet<string> | undefined;
  /** Least a sum can be: 0, or −∞ of what changes sign. */
  readonly floorWh: number;
}

/** Whole Wh; null where too few organisations are in the sum, or left of the community without it. */
export interface SumForecast {
  readonly organisations: number;
  readonly meanWh: number | null;
  readonly p10Wh: number | null;
  readonly p50Wh: number | null;
  readonly p90Wh: number | null;
}

export interface CommunityHour {
  readonly intervalStartMs: number;
  /** `wls`: reconciled with the operator's own forecast. */
  readonly method: 'bottom-up' | 'wls';
  readonly community: SumForecast;
  readonly group: SumForecast | null;
}

/** Sums of the members' forecasts by hour, in time order; hours without a member's forecast are left out. */
export function communityHours(
  forecasts: readonly PublishedForecast[],
  terms: CommunityTerms,
): CommunityHour[] {
  const byHour = new Map<number, PublishedForecast[]>();
  for (const forecast of forecasts) {
    const hour = byHour.get(forecast.intervalStartMs) ?? [];
    hour.push(forecast);
    byHour.set(forecast.intervalStartMs, hour);
  }
  return [...byHour]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([intervalStartMs, published]) => {
      const members = published.filter(({ organisationId }) => organisationId !== terms.operatorId);
      const own = published.find(({ organisationId }) => organisationId === terms.operatorId);
      return members.length === 0 ? [] : [{ intervalStartMs, ...communityHour(members, own, terms) }];
    });
}

function communityHour(
  members: readonly PublishedForecast[],
  own: HourForecast | undefined,
  terms: CommunityTerms,
): Omit<CommunityHour, 'intervalStartMs'> {
  // The sum of some members is not what the operator's forecast is of.
  const isComplete = members.length === terms.participants;
  const reconciled = own && isComplete ? reconciledWith(own, members, terms.correlation) : null;
  const parts = reconciled?.members ?? members;
  const sum = reconciled?.sum ?? sumOf(members, terms.correlation);
  const all = organisationsOf(members);
  const community = told(sum, all, all >= MIN_ORGANISATIONS, terms.floorWh);
  const method = reconciled ? 'wls' : 'bottom-up';
  return { method, community, group: groupSum(parts, all, terms) };
}

/** Told where four or none are left without it: what the community has beyond the group is a sum too. */
function groupSum(
  members: readonly PublishedForecast[],
  all: number,
  { group, correlation, floorWh }: CommunityTerms,
): SumForecast | null {
  if (group === undefined) return null;
  const parts = members.filter(({ organisationId }) => group.has(organisationId));
  const organisations = organisationsOf(parts);
  const left = all - organisations;
  const isTold = organisations >= MIN_ORGANISATIONS && (left === 0 || left >= MIN_ORGANISATIONS);
  return told(sumOf(parts, correlation), organisations, isTold, floorWh);
}

const organisationsOf = (members: readonly PublishedForecast[]): number =>
  new Set(members.map(({ organisationId }) => organisationId)).size;

/** A sum's mean, which adds up, and its quantiles, which need not. */
interface Sum extends HourForecast {
  readonly mean: number;
}

const sumOf = (members: readonly HourForecast[], correlation: number): Sum => ({
  ...groupQuantiles(members, correlation),
  mean: members.reduce((sum, member) => sum + swansonMean(member), 0),
});

/**
 * The members and the operator's forecast of their sum, made to add up by weighted least squares with the variances that each
 * states: what the sum of members falls short is shared by their covariances with it, s_i·((1 − ρ)·s_i + ρ·Σs), the rest is the
 * operator's (`projection` of a sum and its parts, in closed form). Members' intervals move and keep their widths; those of the
 * sum are the two forecasts' averaged at each level with the weights of the means, for both err on the same energy.
 * Null where nobody admits an error.
 */
export function reconciledWith(
  own: HourForecast,
  members: readonly PublishedForecast[],
  correlation: number,
): { readonly sum: Sum; readonly members: readonly PublishedForecast[] } | null {
  const bottom = sumOf(members, correlation);
  const spreads = members.map((member) => Math.sqrt(swansonVariance(member)));
  const spread = spreads.reduce((sum, value) => sum + value, 0);
  const shares = spreads.map((value) => value * ((1 - correlation) * value + correlation * spread));
  const ofMembers = shares.reduce((sum, value) => sum + value, 0);
  const total = ofMembers + swansonVariance(own);
  if (total === 0) return null;
  const difference = swansonMean(own) - bottom.mean;
  const weight = ofMembers / total;
  const between = (level: keyof HourForecast) => weight * own[level] + (1 - weight) * bottom[level];
  return {
    sum: {
      mean: bottom.mean + weight * difference,
      p10: between('p10'),
      p50: between('p50'),
      p90: between('p90'),
    },
    members: members.map((member, i) => {
      const shift = (shares[i]! / total) * difference;
      const { p10, p50, p90 } = member;
      return { ...member, p10: p10 + shift, p50: p50 + shift, p90: p90 + shift };
    }),
  };
}

function told(sum: Sum, organisations: number, isTold: boolean, floorWh: number): SumForecast {
  const wh = (value: number) => (isTold ? Math.round(Math.max(floorWh, value)) : null);
  return {
    organisations,
    meanWh: wh(sum.mean),
    p10Wh: wh(sum.p10),
    p50Wh: wh(sum.p50),
    p90Wh: wh(sum.p90),
  };
}
