import { DAY_MS, DomainError, interval, repeatedName, sha256Now, utf8 } from '#core';
import { DAY_MINUTES, type DefaultSession, ofTheSilent, standingDefaults } from '#market';

/** A member of one interval's market at which messages may be lost. */
export interface ResilienceTrader {
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly quantityKwh: number;
  /** Worth of a kWh to a buyer, its cost to a seller; both the truth and what the order bids. */
  readonly valuePerKwh: number;
  /** Position declared beforehand that stands where no order arrives: this much, at this limit. */
  readonly fallback?: { readonly quantityKwh: number; readonly limitPerKwh: number };
}

/** How messages travel: lost with a chance, else late by an exponential delay; late is after the gate. */
export interface Channel {
  readonly lossRate: number;
  readonly meanDelaySeconds: number;
  /** From sending to the gate. */
  readonly gateSeconds: number;
}

export interface ResilienceOutcome {
  readonly channel: Channel;
  /** Means over the runs. */
  readonly arrived: number;
  readonly welfare: number;
  /** The same messages without fallbacks: who is not heard does not trade. */
  readonly welfareWithout: number;
}

export interface ResilienceReport {
  /** When every message arrives. */
  readonly best: number;
  readonly outcomes: readonly ResilienceOutcome[];
}

export interface ResilienceOptions {
  readonly runs: number;
  readonly seed: string;
  /** Channels that are done, after each. */
  readonly onChannel?: (done: number) => void;
}

export const RESILIENCE_LIMITS = { traders: 1_000, channels: 200, runs: 1_000, work: 5_000_000 } as const;

/**
 * Welfare of a market against loss and delay of messages. In each run an order is replaced by its member's fallback where its
 * message is not there at the gate; what then clears is the largest surplus of the limits at hand, counted by what energy is
 * truly worth, up to what a member can use or give. A trader's draws depend on the seed, the run and its name only, and are the
 * same for every channel, so that welfares differ by the channel alone.
 * @throws RESILIENCE_INPUT, RESILIENCE_TOO_LARGE
 */
export function simulateResilience(
  traders: readonly ResilienceTrader[],
  channels: readonly Channel[],
  { runs, seed, onChannel }: ResilienceOptions,
): ResilienceReport {
  requireResilience(traders, channels, runs);
  const standing = standingFallbacks(traders);
  const draws = Array.from({ length: runs }, (_, run) => traders.map(({ id }) => drawsOf(seed, run, id)));
  const best = welfareOf(traders, traders.map(orderOf));
  const outcomes = channels.map((channel, place): ResilienceOutcome => {
    const total = { arrived: 0, welfare: 0, welfareWithout: 0 };
    for (const run of draws) {
      const heard = traders.filter((_, i) => arrives(channel, run[i]!));
      total.arrived += heard.length;
      const placed = new Map(heard.map((trader) => [trader.id, orderOf(trader)]));
      total.welfareWithout += welfareOf(traders, positionsOf(traders, placed));
      for (const { participant, fallback } of ofTheSilent(standing, new Set(placed.keys()))) {
        placed.set(participant, fallback);
      }
      total.welfare += welfareOf(traders, positionsOf(traders, placed));
    }
    onChannel?.(place + 1);
    return {
      channel,
      arrived: total.arrived / runs,
      welfare: total.welfare / runs,
      welfareWithout: total.welfareWithout / runs,
    };
  });
  return { best, outcomes };
}

interface Position {
  readonly quantityKwh: number;
  readonly limitPerKwh: number;
}

const NOTHING: Position = { quantityKwh: 0, limitPerKwh: 0 };

const orderOf = ({ quantityKwh, valuePerKwh }: ResilienceTrader): Position => ({
  quantityKwh,
  limitPerKwh: valuePerKwh,
});

const positionsOf = (
  traders: readonly ResilienceTrader[],
  placed: ReadonlyMap<string, Position>,
): readonly Position[] => traders.map(({ id }) => placed.get(id) ?? NOTHING);

/** A market of one slot, whose gate is its beginning. */
const ONE_SLOT: DefaultSession = {
  product: 'energy',
  resolutionMinutes: DAY_MINUTES,
  zone: 'UTC',
  currency: 'XXX',
  day: interval(0, DAY_MS),
  gateMs: 0,
};

/** Fallbacks as the market's default orders are: declared before the gate, they stand for who is not heard. */
const standingFallbacks = (traders: readonly ResilienceTrader[]) =>
  standingDefaults(
    traders.flatMap(({ id, quantityKwh, fallback }) =>
      fallback === undefined
        ? []
        : [
            {
              ...ONE_SLOT,
              participant: id,
              declaration: 'fallback',
              firstDay: '1970-01-01',
              lastDay: '1970-01-01',
              orders: [
                {
                  from: '00:00',
                  until: '24:00',
                  fallback: { ...fallback, quantityKwh: Math.min(fallback.quantityKwh, quantityKwh) },
                },
              ],
              declaredAtMs: -1,
              revokedAtMs: null,
            },
          ],
    ),
    ONE_SLOT,
  );

/** Two numbers in [0, 1): one for loss, one for delay. */
function drawsOf(seed: string, run: number, id: string): readonly [loss: number, delay: number] {
  const digest = sha256Now(utf8(JSON.stringify([seed, run, id])));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return [view.getUint32(0) / 2 ** 32, view.getUint32(4) / 2 ** 32];
}

const arrives = (
  { lossRate, meanDelaySeconds, gateSeconds }: Channel,
  [loss, delay]: readonly [number, number],
): boolean => loss >= lossRate && -meanDelaySeconds * Math.log1p(-delay) <= gateSeconds;

/** Merit order of the limits; ties by place, so that members of one limit are served in the order given. */
function welfareOf(traders: readonly ResilienceTrader[], positions: readonly Position[]): number {
  const ranked = (side: 'buy' | 'sell'): number[] => {
    const sign = side === 'buy' ? -1 : 1;
    return traders
      .flatMap((trader, i) => (trader.side === side ? [i] : []))
      .toSorted((a, b) => sign * (positions[a]!.limitPerKwh - positions[b]!.limitPerKwh) || a - b);
  };
  const [buyers, sellers] = [ranked('buy'), ranked('sell')];
  const left = positions.map(({ quantityKwh }) => quantityKwh);
  let [b, s, welfare] = [0, 0, 0];
  while (b < buyers.length && s < sellers.length) {
    const [buyer, seller] = [buyers[b]!, sellers[s]!];
    if (positions[buyer]!.limitPerKwh < positions[seller]!.limitPerKwh) break;
    const traded = Math.min(left[buyer]!, left[seller]!);
    welfare += traded * (traders[buyer]!.valuePerKwh - traders[seller]!.valuePerKwh);
    left[buyer]! -= traded;
    left[seller]! -= traded;
    if (left[buyer] === 0) b += 1;
    if (left[seller] === 0) s += 1;
  }
  return welfare;
}

function requireResilience(
  traders: readonly ResilienceTrader[],
  channels: readonly Channel[],
  runs: number,
): void {
  const { work, ...most } = RESILIENCE_LIMITS;
  const sizes = { traders: traders.length, channels: channels.length, runs };
  for (const [what, limit] of Object.entries(most)) {
    const size = sizes[what as keyof typeof sizes];
    if (size > limit) throw tooLarge(`${limit} ${what}`, size);
  }
  const asked = traders.length * channels.length * runs;
  if (asked > work) throw tooLarge(`${work} traders × channels × runs`, asked);
  if (!(Number.isInteger(runs) && runs >= 1)) throw refused('at least one run', `${runs}`);
  const twice = repeatedName(traders.map(({ id }) => id));
  if (twice !== undefined) throw refused('each trader once', `${twice} twice`);
  const trader = traders.find((each) => !isTrader(each));
  if (trader !== undefined) {
    throw refused('quantities of at least 0 and finite values of every trader', `others of ${trader.id}`);
  }
  const channel = channels.find((each) => !isChannel(each));
  if (channel !== undefined) {
    const { lossRate, meanDelaySeconds, gateSeconds } = channel;
    throw refused(
      'a loss rate within 0 and 1, and times of at least 0, of every channel',
      `${lossRate}, ${meanDelaySeconds} s and ${gateSeconds} s`,
    );
  }
}

const isAmount = (value: number): boolean => value >= 0 && value <= 1e9;

const isTrader = ({ quantityKwh, valuePerKwh, fallback }: ResilienceTrader): boolean =>
  isAmount(quantityKwh) &&
  Number.isFinite(valuePerKwh) &&
  (fallback === undefined || (isAmount(fallback.quantityKwh) && Number.isFinite(fallback.limitPerKwh)));

const isChannel = ({ lossRate, meanDelaySeconds, gateSeconds }: Channel): boolean =>
  isAmount(lossRate) && lossRate <= 1 && isAmount(meanDelaySeconds) && isAmount(gateSeconds);

const refused = (expected: string, got: string): DomainError =>
  new DomainError('RESILIENCE_INPUT', `expected ${expected}, got ${got}`);

const tooLarge = (expected: string, got: number): DomainError =>
  new DomainError('RESILIENCE_TOO_LARGE', `expected at most ${expected}, got ${got}`, 'limit');
