/*
 * What hostile sites do to a model that twelve real homes learn together, and what each defence saves: 1 and 2 of 12 sites
 * attack in every step and lie about losses in their favour. Sums go through the protocol's lanes, without its encryption.
 * Errors are WAPE (Σ|error| / Σ load, in %) on test days that no model, profile or vote has seen, as MAPE has no meaning where
 * loads are near zero. `npm run bench:poisoning` needs DATA_DIR; the last line is JSON; `-- --json` prints it alone,
 * `-- --steps 3` trains for fewer steps than 15.
 */
import { cpus } from 'node:os';
import { testEnvironment } from '#config';
import type { LearningPlan, NetworkModel } from '#federation';
import { DAY_AHEAD_LEARNING } from '#learning';
import { backendOfThread, backendText } from '#training';
import { type Attack, ATTACKS } from './poisoning/attacks.ts';
import { type Course, finalModel, type Hostility, wape } from './poisoning/course.ts';
import { readHomes } from './poisoning/homes.ts';
import { taskCard } from './poisoning/task.ts';
import { Trainings } from './poisoning/training.ts';

const MODEL: Omit<NetworkModel, 'initial'> = {
  kind: 'network',
  architecture: 'mlp',
  lookback: 168,
  horizon: 24,
  stepMinutes: 60,
  cycle: 168,
  stride: 24,
  hidden: 16,
  seed: 7,
};
const onlyJson = process.argv.includes('--json');
const stepsAt = process.argv.indexOf('--steps');
const PLAN: LearningPlan = {
  ...DAY_AHEAD_LEARNING,
  localEpochs: 3,
  rowsScale: 365,
  steps: stepsAt === -1 ? 15 : Number(process.argv[stepsAt + 1]),
  patience: null,
  combine: 'mean',
  vote: null,
};
/** A majority of the twelve, which leaves a block of three room to be outvoted. */
const VOTE = { quorum: 7 };

interface Defence {
  readonly name: string;
  readonly plan: LearningPlan;
  readonly rule: Course['rule'];
}
const DEFENCES: readonly Defence[] = [
  { name: 'mean', plan: PLAN, rule: 'unclipped mean' },
  { name: 'clip', plan: PLAN, rule: 'product' },
  { name: 'buckets', plan: { ...PLAN, combine: 'median' }, rule: 'product' },
  { name: 'buckets + vote', plan: { ...PLAN, combine: 'median', vote: VOTE }, rule: 'product' },
];
/** Blocks are of three in roster order. */
const PLACES: readonly (readonly [string, readonly number[]])[] = [
  ['1', [0]],
  ['2 in one block', [0, 1]],
  ['2 in two blocks', [0, 3]],
];

interface Row {
  readonly attack: string;
  readonly attackers: string;
  readonly defence: string;
  readonly mapeClean: number;
  readonly mapeAttacked: number;
  /** Models that the vote dropped; 0 without one. */
  readonly dropped: number;
}

const print = (text: string) => {
  if (!onlyJson) process.stdout.write(`${text}\n`);
};
const tell = (text: string) => process.stderr.write(`${text}\n`);
const rounded = (value: number) => Number(value.toPrecision(4));

const started = performance.now();
const seconds = () => (performance.now() - started) / 1000;
const homes = readHomes(testEnvironment().dataDir, MODEL);
const trainings = new Trainings(MODEL, PLAN);
const engine = backendText(await backendOfThread());
print(`${homes.length} homes, ${homes[0]!.train.rows} training windows each, backend ${engine}`);

async function run({ plan, rule }: Defence, hostility: Hostility | null) {
  const card = await taskCard(MODEL, plan);
  const { state, verdicts } = await finalModel({ card, homes, trainings, rule, hostility });
  const dropped = verdicts.filter((verdict) => verdict === 'dropped').length;
  return { error: rounded(await wape(card, homes, state.weights)), dropped };
}

const clean = new Map<Defence, number>();
for (const defence of DEFENCES) {
  const { error, dropped } = await run(defence, null);
  clean.set(defence, error);
  tell(`clean, ${defence.name}: ${error} %, ${dropped} dropped, ${seconds().toFixed(0)} s`);
}

async function rowOf(attack: Attack, place: (typeof PLACES)[number], defence: Defence): Promise<Row> {
  const [attackers, sites] = place;
  const { error, dropped } = await run(defence, { attack, sites });
  tell(
    `${attack.name}, ${attackers}, ${defence.name}: ${error} %, ${dropped} dropped, ${seconds().toFixed(0)} s`,
  );
  return {
    attack: attack.name,
    attackers,
    defence: defence.name,
    mapeClean: clean.get(defence)!,
    mapeAttacked: error,
    dropped,
  };
}

const rows: Row[] = [];
for (const attack of ATTACKS) {
  for (const place of PLACES) {
    for (const defence of DEFENCES) rows.push(await rowOf(attack, place, defence));
  }
}

print(`| Attack | Attackers of 12 | ${DEFENCES.map(({ name }) => name).join(' | ')} |`);
print(`| --- | --- | ${DEFENCES.map(() => '---').join(' | ')} |`);
print(`| none | 0 | ${DEFENCES.map((defence) => clean.get(defence)).join(' | ')} |`);
for (let i = 0; i < rows.length; i += DEFENCES.length) {
  const { attack, attackers } = rows[i]!;
  const errors = rows.slice(i, i + DEFENCES.length).map(({ mapeAttacked }) => mapeAttacked);
  print(`| ${attack} | ${attackers} | ${errors.join(' | ')} |`);
}
const machine = { cpu: cpus()[0]!.model, cores: cpus().length, node: process.version, backend: engine };
process.stdout.write(
  `${JSON.stringify({ measure: 'WAPE %, test days', rows, machine, seconds: rounded(seconds()) })}\n`,
);
