import { DomainError, HOUR_MS } from '#core';
import { type ClearingOptions, type Mechanism, mechanismNamed, type Order, OrderBook } from '#market';

const SIZES = [1e3, 1e4, 1e5, 1e6];
const RUNS = 5;
const BOOK_ORDERS = 300_000;
const TRUTHFUL = ['vcg', 'mcafee', 'trade-reduction', 'sbb-trade-reduction', 'muda-vickrey', 'muda-lottery'];
export type Show = (text: string) => void;

const INTERVAL = { startMs: 0, endMs: HOUR_MS };

/** The same numbers on every machine (Park & Miller 1988). */
function uniform(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

export function randomBook(size: number, quantityWh: (next: () => number) => number): Order[] {
  const next = uniform(size);
  return Array.from({ length: size }, (_, i) => ({
    id: `order-${i}`,
    member: `member-${i}`,
    interval: INTERVAL,
    side: i % 2 === 0 ? 'buy' : 'sell',
    quantityWh: quantityWh(next),
    pricePerMwh: Math.floor(next() * 30_000),
    receivedAtMs: Math.floor(next() * 3_600_000),
  }));
}

export const varied = (next: () => number): number => 1 + Math.floor(next() * 5_000);

export function medianSeconds(
  { name, clear }: Mechanism,
  book: readonly Order[],
  options?: ClearingOptions,
): number {
  const seconds = Array.from({ length: RUNS }, () => {
    const started = performance.now();
    const { certificate } = clear(book, options);
    if (certificate.status !== 'CLEARED') throw new Error(`expected ${name} to clear ${book.length} orders`);
    return (performance.now() - started) / 1000;
  });
  return seconds.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!;
}

/** Least squares of log seconds on log size. */
function slopeOf(seconds: readonly number[]): number {
  const points = SIZES.map((size, i) => [Math.log(size), Math.log(seconds[i]!)] as const);
  const mean = (of: 0 | 1): number => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const covariance = points.reduce((sum, [a, b]) => sum + (a - x) * (b - y), 0);
  return covariance / points.reduce((sum, [a]) => sum + (a - x) ** 2, 0);
}

export const rounded = (value: number): number => Number(value.toPrecision(3));

/** `call`: a uniform-price auction of random orders, and how its seconds grow. */
export function callAuction(show: Show): object {
  const mechanism = mechanismNamed('uniform-price');
  const seconds = SIZES.map((size) => medianSeconds(mechanism, randomBook(size, varied)));
  seconds.forEach((each, i) => show(`uniform-price  ${SIZES[i]!} orders  ${each.toFixed(4)} s`));
  const slope = slopeOf(seconds);
  show(`uniform-price  grows as n^${slope.toFixed(2)}`);
  const bySize = SIZES.map((size, i) => [exponent(size), { seconds: rounded(seconds[i]!) }]);
  return { ...Object.fromEntries(bySize), slope: rounded(slope) };
}

const exponent = (size: number): string => `1e${Math.log10(size)}`;

/** Every mechanism made for large books, at a hundred thousand orders of one size. */
export function truthfulAuctions(show: Show): object {
  const book = randomBook(1e5, () => 1_000);
  const measured = TRUTHFUL.map((name) => {
    const seconds = medianSeconds(mechanismNamed(name), book);
    show(`${name}  ${book.length} orders  ${seconds.toFixed(3)} s`);
    return [name, { '1e5': { seconds: rounded(seconds) } }] as const;
  });
  return Object.fromEntries(measured);
}

/** `book`: one that grows to some hundred thousand waiting orders; refused cancellations of what is gone count too. */
export function orderBook(show: Show): object {
  const orders = randomBook(BOOK_ORDERS, varied);
  const next = uniform(BOOK_ORDERS);
  const book = new OrderBook(INTERVAL);
  let [operations, executions] = [0, 0];
  const started = performance.now();
  for (const [at, order] of orders.entries()) {
    executions += book.insert(order, at).executions.length;
    operations++;
    if (at % 3 !== 2) continue;
    const earlier = orders[Math.floor(next() * at)]!;
    operations++;
    try {
      book.cancel(earlier.id, earlier.member, at);
    } catch (error) {
      if (!(error instanceof DomainError) || error.code !== 'BOOK_ORDER_DONE') throw error;
    }
  }
  const opsPerSecond = operations / ((performance.now() - started) / 1000);
  show(`order book  ${operations} operations, ${executions} trades  ${Math.round(opsPerSecond)} a second`);
  return { opsPerSecond: Math.round(opsPerSecond) };
}
