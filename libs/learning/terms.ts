import { DomainError } from '#core';

/** The server's rule, with the parameters it alone has. Rates are positive; β in [0, 1). */
export type OptimiserTerms =
  | { readonly kind: 'fedavg'; readonly serverLearningRate: number }
  | {
      readonly kind: 'fedprox';
      readonly serverLearningRate: number;
      /** µ: pull of local training towards the round's starting weights. */
      readonly proximal: number;
    }
  | {
      readonly kind: 'fedadam' | 'fedyogi';
      readonly serverLearningRate: number;
      /** Share of the first and of the second moment that a round keeps. */
      readonly beta1: number;
      readonly beta2: number;
      /** τ: degree of adaptivity, the least denominator. */
      readonly tau: number;
    }
  | {
      readonly kind: 'scaffold';
      readonly serverLearningRate: number;
      /** Largest L2 norm of one site's change of its control variate, in units of a gradient. */
      readonly controlClip: number;
    };

/** A step's model counts only once the next step's sum has judged it. */
export interface VoteTerms {
  /** Sites of the whole roster that a model may not harm, at least. */
  readonly quorum: number;
}

/** How a task trains: plain data of its card, the same for every site. */
export interface LearningTerms {
  readonly optimiser: OptimiserTerms;
  /** Passes over a site's training windows a round. */
  readonly localEpochs: number;
  /** Windows a step. */
  readonly batchSize: number;
  /** η of the sites' plain stochastic gradient descent. */
  readonly learningRate: number;
  /** Largest L2 norm of one site's update; a longer one is shortened to it. */
  readonly clip: number;
  /** Training windows at which a site's weight reaches 1; more count no more. Fixes the unit in which rows are summed. */
  readonly rowsScale: number;
  /** Null or absent: every model is taken as it comes. */
  readonly vote?: VoteTerms | null;
}

/**
 * Day-ahead load of homes, measured with `bench:fedavg`, fifteen rounds with one of twelve homes absent in each: the MLP is
 * level with the pooled one, the GRU 5 % behind its own, the one-shot ridge better than all four. First updates of the
 * MLP have a length of about 3, late ones of about 0.5.
 */
export const DAY_AHEAD_LEARNING: LearningTerms = {
  optimiser: { kind: 'fedavg', serverLearningRate: 1 },
  localEpochs: 3,
  batchSize: 16,
  learningRate: 0.05,
  clip: 4,
  rowsScale: 8760,
};

interface Range {
  readonly low: number;
  readonly high: number;
  readonly whole?: true;
}

const POSITIVE: Range = { low: Number.MIN_VALUE, high: 1e6 };
const SHARE: Range = { low: 0, high: 1 - 2 ** -53 };
const COUNT: Range = { low: 1, high: 1e6, whole: true };

const FIELDS = {
  localEpochs: COUNT,
  batchSize: COUNT,
  learningRate: POSITIVE,
  clip: POSITIVE,
  rowsScale: COUNT,
};
const ADAPTIVE = { serverLearningRate: POSITIVE, beta1: SHARE, beta2: SHARE, tau: POSITIVE };
const OPTIMISER_FIELDS: Readonly<Record<OptimiserTerms['kind'], Readonly<Record<string, Range>>>> = {
  fedavg: { serverLearningRate: POSITIVE },
  fedprox: { serverLearningRate: POSITIVE, proximal: { low: 0, high: 1e6 } },
  fedadam: ADAPTIVE,
  fedyogi: ADAPTIVE,
  scaffold: { serverLearningRate: POSITIVE, controlClip: POSITIVE },
};

const refuse = (field: string, expected: string, got: unknown) =>
  new DomainError('LEARNING_TERMS_INVALID', `expected ${field} ${expected}, got ${String(got)}`, 'invalid', {
    field,
  });

function requireNumber(field: string, got: unknown, { low, high, whole }: Range): void {
  const sound = typeof got === 'number' && got >= low && got <= high && (!whole || Number.isInteger(got));
  if (sound) return;
  const bounds = low === Number.MIN_VALUE ? `above 0 and at most ${high}` : `from ${low} to ${high}`;
  throw refuse(field, `${whole ? 'a whole number' : 'a number'} ${bounds}`, got);
}

/** Sites cannot take back the control variates they kept for a model that is dropped. */
function requireSoundVote({ quorum }: VoteTerms, { kind }: OptimiserTerms): void {
  requireNumber('vote.quorum', quorum, COUNT);
  if (kind === 'scaffold') throw refuse('vote', 'absent for scaffold', `a quorum of ${quorum}`);
}

/**
 * For terms that come from elsewhere: a field an optimiser does not have is refused too, as it would change the card's hash
 * and nothing else.
 * @throws LEARNING_TERMS_INVALID naming the first field that breaks its rule, and its range.
 */
export function requireSoundTerms(terms: LearningTerms): void {
  for (const [field, range] of Object.entries(FIELDS)) {
    requireNumber(field, terms[field as keyof typeof FIELDS], range);
  }
  if (terms.vote) requireSoundVote(terms.vote, terms.optimiser);
  const { kind, ...parameters } = terms.optimiser;
  const ranges = Object.hasOwn(OPTIMISER_FIELDS, kind) ? OPTIMISER_FIELDS[kind] : undefined;
  if (!ranges) throw refuse('optimiser.kind', `one of ${Object.keys(OPTIMISER_FIELDS).join(', ')}`, kind);
  const given = new Map<string, unknown>(Object.entries(parameters));
  for (const [field, range] of Object.entries(ranges)) {
    requireNumber(`optimiser.${field}`, given.get(field), range);
  }
  const foreign = [...given.keys()].find((field) => !Object.hasOwn(ranges, field));
  if (foreign !== undefined) throw refuse(`optimiser.${foreign}`, `absent for ${kind}`, given.get(foreign));
}
