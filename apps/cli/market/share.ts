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
import { readInput } from '../input.ts';
import type { Output } from '../output.ts';
import { byName, renderKeys, requireEachOnce, type ShareResult } from './share-result.ts';
import type { ShareMethod, ShareOptions } from './share-methods.ts';
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

const schemaOf = (method: ShareMethod) =>
  method === 'nash'
    ? nashInput
    : method === 'barter'
      ? barterInput
      : method === 'talmud'
        ? talmudInput
        : gameInput;

export function printShareSchema(method: ShareMethod, output: Output): void {
  const schema = z.toJSONSchema(schemaOf(method), { io: 'input' });
  output.result(schema, JSON.stringify(schema, null, 2));
}

/** @throws the codes of readInput and of the method */
export async function shareFile(path: string, options: ShareOptions, output: Output): Promise<void> {
  const result = await shareOf(path, options);
  output.result(result, renderKeys(result));
}

async function shareOf(path: string, options: ShareOptions): Promise<ShareResult> {
  const { method } = options;
  if (method === 'nash') return shareNash(await readInput(path, nashInput));
  if (method === 'barter') return shareBarter(await readInput(path, barterInput));
  if (method === 'talmud') return shareTalmud(await readInput(path, talmudInput));
  return shareGame(await readInput(path, gameInput), { ...options, method }, await loadSolver());
}

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
  { method, samples, seed }: Pick<ShareOptions, 'method' | 'samples' | 'seed'>,
  solver: LpSolver,
): ShareResult {
  if (samples !== undefined && method !== 'shapley') {
    throw new DomainError('INPUT_INVALID', `expected --samples with --method shapley, got it with ${method}`);
  }
  const game = gameFromKeys(players, values);
  const nucleolusOptions = NUCLEOLI[method];
  if (nucleolusOptions !== undefined) {
    return withCheck(
      game,
      nucleolus(game, (problem) => solver.solve(problem), nucleolusOptions),
    );
  }
  if (method === 'contribution') return withCheck(game, contributionShares(game));
  if (samples === undefined) return withCheck(game, shapleyValue(game));
  const { shares, standardErrors } = sampledShapleyValue(
    players.length,
    (coalition) => game.values[coalition.reduce((set, player) => set + 2 ** player, 0)]!,
    { samples, seed },
  );
  return { ...withCheck(game, shares), standardError: byName(players, standardErrors), samples, seed };
}

function withCheck(game: CoalitionGame, shares: readonly number[]): ShareResult {
  const { inCore, maxExcess, objection } = coreCheck(game, shares);
  return {
    shares: byName(game.players, shares),
    inCore,
    maxExcess: maxExcess === null ? null : maxExcess + 0,
    objection: objection === null ? null : coalitionKey(game, objection),
  };
}
