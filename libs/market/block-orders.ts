import { DomainError, type LpSolution, type LpSolve } from '#core';
import { type BlockBook, type BlockOrder, blockBookOf } from './block.ts';
import { type BlockPrices, type BlockResult, blockResult } from './block-certificate.ts';
import { RATIO_TOLERANCE, type ExactAcceptance, exactAcceptance } from './block-fills.ts';
import {
  type BlockColumns,
  type PriceGoal,
  priceProgram,
  scaleOf,
  supportedProgram,
  welfareProgram,
} from './block-program.ts';
import { requireK, requireTie } from './clearing-options.ts';
import { type Mechanism, type TieRule } from './mechanism.ts';

export interface BlockOptions {
  /** Where prices lie between the least and greatest that support the acceptance, default 0: the last accepted offer. */
  readonly k?: number;
  /** Default pro-rata, among plain orders at the margin. */
  readonly tie?: TieRule;
}

/** As the mechanisms of one interval are described; it needs a solver and takes orders of several, see clearBlocks. */
export const blockOrders: Pick<Mechanism, 'name' | 'title' | 'source' | 'properties' | 'traders' | 'takes'> =
  {
    name: 'block-orders',
    title: 'Block and linked orders with minimum acceptance',
    source: 'Bichler et al. 2021; Madani & Van Vyve 2015; EUPHEMIA',
    properties: {
      individuallyRational: true,
      incentiveCompatible: false,
      budgetBalance: 'strong',
      efficiency: 'best-under-rule',
    },
    traders: 'any',
    takes: ['k', 'tie'],
  };

/**
 * Clears plain, block and linked orders of several intervals at one price an interval (day-ahead coupling's rules, EUPHEMIA;
 * Bichler et al. 2021): an integer program accepts what is worth most; if no prices support that without a block that
 * loses by being accepted, another accepts what is worth most of what prices support (Madani & Van Vyve 2015). Blocks may
 * be rejected that would gain: the certificate names them and the welfare forgone. A parent may lose what its children,
 * which need it, gain. Prices: k between the least and greatest of each interval that support the acceptance, the nearest
 * to that which support it together where intervals depend on each other.
 * @throws MARKET_OPTIONS, what blockBookOf and exactAcceptance throw, and codes of the solver
 */
export function clearBlocks(
  orders: readonly BlockOrder[],
  solve: LpSolve,
  options: BlockOptions = {},
): BlockResult {
  const { k = 0, tie = 'pro-rata' } = options;
  requireK(k);
  requireTie(tie);
  const book = blockBookOf(orders);
  if (orders.length === 0) {
    const nothing: ExactAcceptance = { ratio: [], acceptance: [], filledWh: new Map(), books: [] };
    const prices: BlockPrices = { perMwh: [], lowPerMwh: [], highPerMwh: [] };
    return blockResult({
      book,
      best: nothing,
      accepted: nothing,
      prices,
      rules: { k, tie },
      solver: undefined,
    });
  }
  const accept = ({ x }: LpSolution, { ratio, accepted }: BlockColumns): ExactAcceptance =>
    exactAcceptance(
      book,
      ratio.map((column) => x[column]!),
      accepted.map((column) => (column === undefined ? undefined : x[column]! > 0.5)),
      tie,
    );
  const free = welfareProgram(book);
  const unrestricted = solve(free.problem);
  const best = accept(unrestricted, free.columns);
  const prices = pricesOf(book, best, k, solve);
  if (prices)
    return rational(
      blockResult({ book, best, accepted: best, prices, rules: { k, tie }, solver: unrestricted }),
    );
  for (const widening of WIDENINGS) {
    const { problem, columns } = supportedProgram(book, widening);
    const restricted = unlessInfeasible(() => solve(problem));
    const accepted = restricted && accept(restricted, columns);
    const found = accepted && pricesOf(book, accepted, k, solve);
    if (found)
      return rational(
        blockResult({ book, best, accepted, prices: found, rules: { k, tie }, solver: restricted }),
      );
  }
  throw notExact();
}

/** Limits of very unlike size drown each other in the solver's tolerance: nobody trades at a loss by that. @throws BLOCKS_NOT_EXACT */
function rational(result: BlockResult): BlockResult {
  const { buyPerMwh, sellPerMwh } = result.certificate.individualRationality;
  if ((buyPerMwh ?? 0) < 0 || (sellPerMwh ?? 0) < 0) throw notExact();
  return result;
}

const notExact = (): DomainError =>
  new DomainError(
    'BLOCKS_NOT_EXACT',
    'expected prices that support the acceptance, got none within the solver’s tolerance',
    'conflict',
  );

/** How far beyond the limits prices are looked for, in turn: a tight range keeps the integer program's numbers small. */
const WIDENINGS = [1, 30, 1000];

function unlessInfeasible<T>(solved: () => T): T | undefined {
  try {
    return solved();
  } catch (error) {
    if (error instanceof DomainError && error.code === 'LP_INFEASIBLE') return undefined;
    throw error;
  }
}

/** @returns undefined where no prices support the acceptance */
function pricesOf(
  book: BlockBook,
  { acceptance, ratio, filledWh }: ExactAcceptance,
  k: number,
  solve: LpSolve,
): BlockPrices | undefined {
  const isBound = (child: number): boolean =>
    acceptance[child] !== 'rejected' &&
    Math.abs(ratio[child]! - ratio[book.units[child]!.parent!]!) <= RATIO_TOLERANCE;
  const takesPart = (u: number): boolean => acceptance[u] === 'part' || acceptance[u] === 'whole';
  // Ratios that round to no Wh count, and so does what only the tie rule trades.
  const trades = new Set(
    book.units.flatMap(({ orders }, u) =>
      orders
        .filter((order) => takesPart(u) || filledWh.get(order)! > 0)
        .map((order) => book.intervalOf.get(order)!),
    ),
  );
  const scale = scaleOf(book).price;
  const pricesFor = (goal: PriceGoal): number[] => {
    const { problem, price } = priceProgram(book, acceptance, isBound, goal);
    const { x } = solve(problem);
    return price.map((column) => nearInteger(x[column]! * scale));
  };
  const traded = book.intervals.flatMap((_, t) => (trades.has(t) ? [t] : []));
  return unlessInfeasible(() => {
    const low = new Map(traded.map((t) => [t, pricesFor({ sense: 'minimize', interval: t })[t]!]));
    const high = new Map(traded.map((t) => [t, pricesFor({ sense: 'maximize', interval: t })[t]!]));
    const wanted = new Map([...low].map(([t, least]) => [t, least + k * (high.get(t)! - least)]));
    const apart = traded.length > 1 && traded.some((t) => low.get(t) !== high.get(t));
    const together = apart ? pricesFor({ nearest: wanted }) : undefined;
    const byInterval = (of: (t: number) => number): (number | null)[] =>
      book.intervals.map((_, t) => (low.has(t) ? of(t) : null));
    return {
      perMwh: byInterval((t) => Math.round(together?.[t] ?? wanted.get(t)!)),
      lowPerMwh: byInterval((t) => low.get(t)!),
      highPerMwh: byInterval((t) => high.get(t)!),
    };
  });
}

/** The solver's answer without its tolerance where that hides a limit. */
function nearInteger(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= 1e-6 * Math.max(1, Math.abs(value)) ? whole : value;
}
