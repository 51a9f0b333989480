import { z } from 'zod';

/** The part of a model version that is told on the command line; all of it, but for where rows of a list end. */
export const MODEL_FIELDS = `taskId cardHash modelHash transcriptRoot kind method series zone stepMinutes lookback horizon
  train { start end } validation { start end } cohort steps validationLoss validationMae
  privacy { epsilon delta } latestScore { day organisations mase coverage pinball } releasedAt`;

const EPOCH = z.object({ start: z.string(), end: z.string() });

export const MODEL = z.object({
  taskId: z.string(),
  cardHash: z.string(),
  modelHash: z.string(),
  transcriptRoot: z.string(),
  kind: z.string(),
  method: z.string(),
  series: z.array(z.string()),
  zone: z.string(),
  stepMinutes: z.number(),
  lookback: z.number(),
  horizon: z.number(),
  train: EPOCH,
  validation: EPOCH,
  cohort: z.array(z.string()),
  steps: z.number(),
  validationLoss: z.number().nullable(),
  validationMae: z.number().nullable(),
  privacy: z.object({ epsilon: z.number(), delta: z.number() }).nullable(),
  latestScore: z
    .object({
      day: z.string(),
      organisations: z.number(),
      mase: z.number(),
      coverage: z.number(),
      pinball: z.number().nullable(),
    })
    .nullable(),
  releasedAt: z.string(),
});

export type Model = z.infer<typeof MODEL>;

export const PRODUCT_FIELDS = `id name series zone resolution horizon organisationId champion { modelHash taskId }
  challengers { modelHash taskId } retraining { everyDays onDrift leastGapDays trainDays validationDays lagDays nextAt }`;

const CONTENDER = z.object({ modelHash: z.string(), taskId: z.string() });

export const PRODUCT = z.object({
  id: z.string(),
  name: z.string(),
  series: z.string(),
  zone: z.string(),
  resolution: z.string(),
  horizon: z.number(),
  organisationId: z.string(),
  champion: CONTENDER.nullable(),
  challengers: z.array(CONTENDER),
  retraining: z
    .object({
      everyDays: z.number().nullable(),
      onDrift: z.boolean(),
      leastGapDays: z.number(),
      trainDays: z.number(),
      validationDays: z.number(),
      lagDays: z.number(),
      nextAt: z.string().nullable(),
    })
    .nullable(),
});

export type Product = z.infer<typeof PRODUCT>;

/** A page as every list of the platform has it. */
export const pageOf = <T extends z.ZodType>(node: T) =>
  z.object({
    edges: z.array(z.object({ node })),
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullable() }),
  });

/** Enough of a hash to recognise it. */
const short = (hash: string): string => hash.slice(0, 12);

export const modelLine = ({
  modelHash,
  series,
  method,
  validationLoss,
  cohort,
  releasedAt,
}: Model): string => {
  const loss = validationLoss === null ? '' : `  validation ${validationLoss.toPrecision(4)}`;
  return `${short(modelHash)}  ${releasedAt}  ${series.join(', ')}  ${method}  ${cohort.length} organisations${loss}`;
};

export function modelText(model: Model): string {
  const { privacy } = model;
  const cost = privacy ? `ε ${privacy.epsilon} at δ ${privacy.delta}` : 'exact sums';
  return [
    `model ${model.modelHash}`,
    `  task ${model.taskId}, card ${model.cardHash}`,
    `  transcript root ${model.transcriptRoot}`,
    `  ${model.kind}, ${model.method}: ${model.series.join(', ')} in ${model.zone}, ${model.lookback} steps of ${model.stepMinutes} min for ${model.horizon}`,
    `  trained on ${model.train.start}/${model.train.end}, validated on ${model.validation.start}/${model.validation.end}`,
    `  ${model.cohort.length} organisations, ${model.steps} released sums, ${cost}`,
    `  validation loss ${model.validationLoss ?? 'unknown'}`,
    `  ${scoreText(model.latestScore)}`,
  ].join('\n');
}

function scoreText(score: Model['latestScore']): string {
  if (!score) return 'no scores yet';
  const { day, organisations, mase, coverage, pinball } = score;
  const loss = pinball === null ? '' : `, pinball ${pinball.toFixed(3)}`;
  return `${day}: MASE ${mase.toFixed(3)}${loss}, ${(100 * coverage).toFixed(0)} % within 80 %, ${organisations} organisations`;
}

export function productText({
  id,
  name,
  series,
  resolution,
  horizon,
  champion,
  challengers,
  retraining,
}: Product): string {
  const rivals = challengers.map(({ modelHash }) => short(modelHash)).join(', ');
  return [
    `${id}  ${name}: ${series}, ${horizon} × ${resolution}`,
    `  champion ${champion ? short(champion.modelHash) : 'none'}${rivals === '' ? '' : `, challengers ${rivals}`}`,
    ...(retraining ? [`  ${retrainingText(retraining)}`] : []),
  ].join('\n');
}

function retrainingText({
  everyDays,
  onDrift,
  trainDays,
  validationDays,
  nextAt,
}: NonNullable<Product['retraining']>): string {
  const when = [
    ...(everyDays === null ? [] : [`every ${everyDays} days, next ${nextAt}`]),
    ...(onDrift ? ['on drift'] : []),
  ];
  return `trained again ${when.join(' and ')} on ${trainDays} + ${validationDays} days`;
}
