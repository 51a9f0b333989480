import { DomainError } from '#core';
import { type LpSolver, loadSolver } from '#optimization';
import {
  type CoalitionGame,
  type NucleolusOptions,
  barter,
  coalitionKey,
  contributionShares,
  coreCheck,
  gameFromKeys,
  nashBargain,
  nucleolus,
  sampledShapleyValue,
  shapleyValue,
  talmudShares,
} from '#sharing';
import { z } from 'zod';
import { byName, requireEachOnce, type ShareResult } from './share-result.ts';
import {
  type BarterInput,
  type GameInput,
  type NashInput,
  type TalmudInput,
  barterInput,
  gameInput,
  nashInput,
  talmudInput,
} from './share-input.ts';
import { type Study, type StudyContext, toldSolve, UNHEARD } from './study.ts';

export const SHARE_METHODS = [
  'nash',
  'barter',
  'shapley',
  'nucleolus',
  'prenucleolus',
  'per-capita-nucleolus',
  'core',
  'least-core',
  'contribution',
  'talmud',
] as const;

export type ShareMethod = (typeof SHARE_METHODS)[number];

export interface ShareOptions {
  readonly samples?: number | undefined;
  readonly seed: number;
}

const shareOptions = z.strictObject({
  samples: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .optional()
    .describe('shapley from so many random orders, with standard errors'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0)
    .describe('of the random orders'),
});

const sharing = <Input>(
  method: ShareMethod,
  title: string,
  input: z.ZodType<Input>,
  run: (input: Input, options: ShareOptions, context: StudyContext) => ShareResult | Promise<ShareResult>,
): Study<Input, ShareOptions, ShareResult> => ({
  verb: 'share',
  method,
  title,
  input,
  options: shareOptions,
  run,
});

const gameSharing = (method: ShareMethod, title: string): Study<GameInput, ShareOptions, ShareResult> =>
  sharing(method, title, gameInput, async (input, options, context) => {
    const solver = await loadSolver();
    return shareGame(input, { ...options, method }, solver, context);
  });

const SHARES = {
  nash: sharing('nash', 'an aggregator’s gain by generalised Nash bargaining', nashInput, shareNash),
  barter: sharing(
    'barter',
    'goods that change hands so that the product of gains is greatest',
    barterInput,
    shareBarter,
  ),
  shapley: gameSharing('shapley', 'by what each adds, over every order of joining'),
  nucleolus: gameSharing('nucleolus', 'so that the greatest objection is least, then the next'),
  prenucleolus: gameSharing('prenucleolus', 'the nucleolus without asking that nobody loses by joining'),
  'per-capita-nucleolus': gameSharing('per-capita-nucleolus', 'the nucleolus of objections a head'),
  core: gameSharing('core', 'the most central division, and whether it is in the core'),
  'least-core': gameSharing('least-core', 'the most central division, and its largest excess'),
  contribution: gameSharing('contribution', 'in proportion to what each adds to all others'),
  talmud: sharing('talmud', 'an estate among claims, as Aumann and Maschler do', talmudInput, shareTalmud),
} satisfies Record<ShareMethod, unknown>;

/** `market share` by each method. */
export const shareStudy = (method: ShareMethod): Study<unknown, ShareOptions, ShareResult> => SHARES[method];

export function shareNash({ aggregatorGain, memberSavings }: NashInput): ShareResult {
  const bargain = nashBargain(aggregatorGain, memberSavings);
  const names = memberSavings.map(({ id }) => id);
  return {
    totalSurplus: bargain.totalSurplus,
    payments: byName(names, bargain.payments),
    memberNet: byName(names, bargain.memberNet),
    aggregatorNet: bargain.aggregatorNet,
    logNashProduct: Number.isFinite(bargain.logNashProduct) ? bargain.logNashProduct : null,
  };
}

export function shareBarter({ members, goods }: BarterInput): ShareResult {
  requireEachOnce(members);
  requireEachOnce(goods.map(({ id }) => id));
  const read = goods.map(({ id, owner, utilities }) => ({
    id,
    owner: members.indexOf(owner),
    utilities: members.map((member) => utilities[member] ?? NaN),
  }));
  const { holders, gains, product } = barter(members.length, read);
  return {
    holders: Object.fromEntries(goods.map(({ id }, g) => [id, members[holders[g]!]!])),
    moved: goods.filter(({ owner }, g) => members[holders[g]!] !== owner).map(({ id }) => id),
    gains: byName(members, gains),
    product,
  };
}

export function shareTalmud({ estate, claims }: TalmudInput): ShareResult {
  const shares = talmudShares(
    estate,
    claims.map(({ claim }) => claim),
  );
  return {
    shares: byName(
      claims.map(({ id }) => id),
      shares,
    ),
  };
}

const NUCLEOLI: Readonly<Partial<Record<ShareMethod, NucleolusOptions>>> = {
  nucleolus: {},
  'per-capita-nucleolus': { excess: 'per-capita' },
  prenucleolus: { individuallyRational: false },
  // The most central division of the least core, and of the core where there is one.
  core: { individuallyRational: false },
  'least-core': { individuallyRational: false },
};

export function shareGame(
  { players, values }: GameInput,
  { method, samples, seed }: ShareOptions & { readonly method: ShareMethod },
  solver: LpSolver,
  context: StudyContext = UNHEARD,
): ShareResult {
  if (samples !== undefined && method !== 'shapley') {
    throw new DomainError('INPUT_INVALID', `expected --samples with --method shapley, got it with ${method}`);
  }
  const game = gameFromKeys(players, values);
  const nucleolusOptions = NUCLEOLI[method];
  if (nucleolusOptions !== undefined) {
    return withCheck(game, nucleolus(game, toldSolve(solver, context), nucleolusOptions));
  }
  if (method === 'contribution') return withCheck(game, contributionShares(game));
  if (samples === undefined) return withCheck(game, shapleyValue(game));
  const { shares, standardErrors } = sampledShapleyValue(players.length, toldValue(game, samples, context), {
    samples,
    seed,
  });
  return { ...withCheck(game, shares), standardError: byName(players, standardErrors), samples, seed };
}

/** Value of a coalition; whenever everybody is in it, one more order has been gone through. */
function toldValue(
  { players, values }: CoalitionGame,
  samples: number,
  { progress }: StudyContext,
): (coalition: readonly number[]) => number {
  let orders = 0;
  return (coalition) => {
    if (coalition.length === players.length) {
      orders += 1;
      if (orders % ORDERS_AT_ONCE === 0)
        progress({ share: orders / samples, text: `${orders} of ${samples} orders` });
    }
    return values[coalition.reduce((set, player) => set + 2 ** player, 0)]!;
  };
}

const ORDERS_AT_ONCE = 1_000;

function withCheck(game: CoalitionGame, shares: readonly number[]): ShareResult {
  const { inCore, maxExcess, objection } = coreCheck(game, shares);
  return {
    shares: byName(game.players, shares),
    inCore,
    maxExcess: maxExcess === null ? null : maxExcess + 0,
    objection: objection === null ? null : coalitionKey(game, objection),
  };
}
