import { DomainError, type LpSolution, type LpSolve } from '#core';
import { type BlockBook, type BlockOrder, blockBookOf } from './block.ts';
import { type BlockPrices, type BlockResult, blockResult } from './block-certificate.ts';
import { type ExactAcceptance, exactAcceptance } from './block-fills.ts';
import {
  type BlockColumns,
  priceProgram,
  scaleOf,
  supportedProgram,
  welfareProgram,
} from './block-program.ts';
import { requireK, requireTie } from './clearing-options.ts';
import { type TieRule } from './mechanism.ts';

export interface BlockOptions {
  /** Where prices lie between the least and greatest that support the acceptance, default 0: the last accepted offer. */
  readonly k?: number;
  /** Default pro-rata, among plain orders at the margin. */
  readonly tie?: TieRule;
}

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
    return blockResult({ book, best, accepted: best, prices, rules: { k, tie }, solver: unrestricted });
  const supported = supportedProgram(book);
  const restricted = solve(supported.problem);
  const accepted = accept(restricted, supported.columns);
  const found = pricesOf(book, accepted, k, solve);
  if (!found) {
    throw new DomainError(
      'BLOCKS_NOT_EXACT',
      'expected prices that support the acceptance, got none within the solver’s tolerance',
      'conflict',
    );
  }
  return blockResult({ book, best, accepted, prices: found, rules: { k, tie }, solver: restricted });
}

/** @returns undefined where no prices support the acceptance */
function pricesOf(
  book: BlockBook,
  { acceptance, ratio }: ExactAcceptance,
  k: number,
  solve: LpSolve,
): BlockPrices | undefined {
  const isBound = (child: number): boolean =>
    acceptance[child] !== 'rejected' && ratio[child] === ratio[book.units[child]!.parent!];
  const scale = scaleOf(book).price;
  const extreme = (sense: 'minimize' | 'maximize', interval: number): number => {
    const { problem, price } = priceProgram(book, acceptance, isBound, { sense, interval });
    return nearInteger(solve(problem).x[price[interval]!]! * scale);
  };
  try {
    const lowPerMwh = book.intervals.map((_, t) => extreme('minimize', t));
    const highPerMwh = book.intervals.map((_, t) => extreme('maximize', t));
    const target = lowPerMwh.map((low, t) => low + k * (highPerMwh[t]! - low));
    const perMwh = target.length === 1 || isPoint(lowPerMwh, highPerMwh) ? target : nearest(target);
    return { perMwh: perMwh.map(Math.round), lowPerMwh, highPerMwh };
  } catch (error) {
    if (error instanceof DomainError && error.code === 'LP_INFEASIBLE') return undefined;
    throw error;
  }

  function nearest(target: readonly number[]): number[] {
    const { problem, price } = priceProgram(book, acceptance, isBound, { target });
    const { x } = solve(problem);
    return price.map((column) => nearInteger(x[column]! * scale));
  }
}

const isPoint = (low: readonly number[], high: readonly number[]): boolean =>
  low.every((value, i) => value === high[i]);

/** The solver's answer without its tolerance where that hides a limit. */
function nearInteger(value: number): number {
  const whole = Math.round(value);
  return Math.abs(value - whole) <= 1e-6 * Math.max(1, Math.abs(value)) ? whole : value;
}
