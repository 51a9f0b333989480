import {
  compareSchemes,
  competePlatforms,
  type CompetitionOutcome,
  type DesignOutcome,
  type Scheme,
} from '#games';
import { z } from 'zod';
import { decimal, identifier } from './decimal-schema.ts';
import { PRICE_RULES, ruleOf, ruleTerms } from './price-input.ts';
import { noOptions, type Study, type StudyContext } from './study.ts';

const number = decimal.transform(Number);
const series = z.array(number).min(1).max(35_136);
const rule = z.enum(PRICE_RULES);

/** Input of `market design`. */
const designInput = z.strictObject({
  members: z
    .array(
      z.strictObject({
        id: identifier,
        load: series,
        generation: series.optional(),
        stiffness: number
          .optional()
          .describe('β of the discomfort β·Δ²/2 of moving load; absent: none moves'),
        platform: identifier.optional().describe('with platforms: where it is at first'),
        stickiness: number.optional().describe('with platforms: what a change has to gain it'),
      }),
    )
    .min(1)
    .max(1_000),
  retail: number.describe('price of energy from outside, per unit'),
  feedIn: number.describe('price of energy sold outside, per unit'),
  intensity: series.optional().describe('emissions per unit imported, of each slot'),
  unit: z.string().max(20).default('kWh'),
  schemes: z
    .array(
      z.strictObject({
        id: identifier.optional(),
        scheme: z.enum(['alone', 'call-auction', ...PRICE_RULES]),
        k: number.optional().describe('call-auction: where in the efficient interval the price lies'),
        ...ruleTerms,
      }),
    )
    .min(1)
    .max(50)
    .default([
      { scheme: 'alone' },
      { scheme: 'bill-sharing' },
      { scheme: 'mmr' },
      { scheme: 'sdr' },
      { scheme: 'call-auction' },
    ])
    .describe('what is compared'),
  platforms: z
    .array(z.strictObject({ id: identifier, rule, commission: number.default(0), ...ruleTerms }))
    .min(1)
    .max(20)
    .optional()
    .describe('platforms that compete for the members: each keeps `commission` of what they save'),
});

type DesignInput = z.infer<typeof designInput>;

export interface DesignResult {
  readonly schemes: readonly DesignOutcome[];
  /** The scheme that is best by each criterion; ties to the earlier. */
  readonly best: Readonly<
    Record<'welfare' | 'fairness' | 'leastGain' | 'selfSufficiency' | 'peak' | 'emissions', string | null>
  >;
  readonly competition?: CompetitionOutcome;
}

/** @throws PRICE_RULE_TERMS and the codes of compareSchemes and competePlatforms */
function designOf(
  { members, schemes, platforms, retail, feedIn, intensity }: DesignInput,
  { progress }: StudyContext,
): DesignResult {
  const ids = members.map(({ id }) => id);
  const terms = { retail, feedIn, intensity };
  const filled = members.map((member) => ({
    ...member,
    generation: member.generation ?? member.load.map(() => 0),
  }));
  const outcomes = compareSchemes(
    filled.map(({ id, load, generation, stiffness }) => ({ id, load, generation, stiffness })),
    schemes.map((scheme) => schemeOf(scheme, ids)),
    terms,
    (done) => progress({ share: done / schemes.length, text: `${done} of ${schemes.length} schemes` }),
  );
  const result = { schemes: outcomes, best: bestOf(outcomes) };
  if (platforms === undefined) return result;
  const competing = platforms.map(({ id, rule: kind, commission, ...own }) => ({
    id,
    rule: ruleOf(kind, own, ids),
    commission,
  }));
  return { ...result, competition: competePlatforms(competing, filled, terms) };
}

function schemeOf(
  { id, scheme, k, ...own }: DesignInput['schemes'][number],
  members: readonly string[],
): Scheme {
  const name = id ?? scheme;
  if (scheme === 'alone') return { id: name, kind: scheme };
  if (scheme === 'call-auction') return { id: name, kind: scheme, k };
  return { id: name, kind: 'price-rule', rule: ruleOf(scheme, own, members) };
}

function bestOf(outcomes: readonly DesignOutcome[]): DesignResult['best'] {
  const most = (of: (outcome: DesignOutcome) => number | null): string | null => {
    const rated = outcomes.flatMap((outcome) => {
      const value = of(outcome);
      return value === null ? [] : [{ scheme: outcome.scheme, value }];
    });
    return rated.reduce((best, next) => (next.value > best.value ? next : best), rated[0]!)?.scheme ?? null;
  };
  return {
    welfare: most(({ welfare }) => welfare),
    fairness: most(({ gini }) => (gini === null ? null : -gini)),
    leastGain: most(({ leastGain }) => leastGain),
    selfSufficiency: most(({ selfSufficiency }) => selfSufficiency),
    peak: most(({ peak }) => -peak),
    emissions: most(({ emissions }) => -emissions),
  };
}

/** `market design`. */
export const designStudy: Study<DesignInput, object, DesignResult> = {
  verb: 'design',
  method: null,
  title: 'compare trading schemes on the same members',
  input: designInput,
  options: noOptions,
  run: (input, _options, context) => designOf(input, context),
};
