import { createInterface } from 'node:readline/promises';
import { DomainError } from '#core';
import type { Enrolment } from '../node/site-directory.ts';

/** Everything that the setup of a site needs to know. */
export interface Answers {
  readonly platform: string;
  readonly dir: string;
  /** An enrolment token, or the file of an admin's API key that makes one; neither for a directory that is enrolled. */
  readonly token?: string;
  readonly keyFile?: string;
  readonly publish: Enrolment['publish'];
  /** File of readings; absent: imported later. */
  readonly data?: string;
  readonly zone?: string;
  /** Of a file with one column of values, where its header does not say: name and unit. */
  readonly series?: string;
  readonly unit?: string;
}

/** Answers that options gave; `publish` holds those that were given only. */
export type Given = Partial<Omit<Answers, 'publish'>> & { readonly publish: Partial<Enrolment['publish']> };

export interface Surroundings {
  /** What is taken where nobody is asked and nothing is given: only with --yes. */
  readonly takesDefaults: boolean;
  /** Asks the owner; null where nobody sits there. */
  readonly ask: Ask | null;
  readonly defaults: Pick<Answers, 'platform' | 'dir' | 'zone'>;
  /** What a directory is enrolled as already: it needs no credential, and what its owner has chosen stays. */
  readonly enrolledIn: (dir: string) => Pick<Enrolment, 'platformUrl' | 'publish'> | null;
  /** Whether the file's header names no column that can be read. */
  readonly isUnnamed: (file: string) => Promise<boolean>;
}

/** The answer, or `fallback` for an empty line. */
export type Ask = (question: string, fallback?: string) => Promise<string>;

/** What an option must name where nobody can be asked. */
export class OptionMissing extends Error {
  constructor(readonly option: string) {
    super(`required option '${option}' not specified`);
  }
}

/** Options first, then questions, then defaults. @throws OptionMissing where none of them has an answer */
export async function completeAnswers(given: Given, around: Surroundings): Promise<Answers> {
  const { ask, defaults } = around;
  const dir =
    given.dir ?? (await ask?.('Directory for keys, readings and logs', defaults.dir)) ?? defaults.dir;
  const known = around.enrolledIn(dir);
  return {
    dir,
    platform: given.platform ?? known?.platformUrl ?? (await platformOf(around)),
    ...(await credential(given, known !== null, ask)),
    ...(await readings(given, around)),
    publish: await publishing(given.publish, known?.publish ?? USUALLY_PUBLISHED, ask),
  };
}

async function platformOf({ ask, defaults, takesDefaults }: Surroundings): Promise<string> {
  if (ask !== null) return ask('Address of the platform', defaults.platform);
  return takesDefaults ? defaults.platform : missing('--platform <url>');
}

function missing(option: string): never {
  throw new OptionMissing(option);
}

async function credential(
  { token, keyFile }: Given,
  isEnrolled: boolean,
  ask: Ask | null,
): Promise<Pick<Answers, 'token' | 'keyFile'>> {
  if (token !== undefined) return { token };
  if (keyFile !== undefined) return { keyFile };
  if (isEnrolled) return {};
  const answer = await ask?.("Enrolment token (gce_…), or the file of an admin's API key");
  if (!answer) return missing('--token <token>');
  return answer.startsWith('gce_') ? { token: answer } : { keyFile: answer };
}

async function readings(
  given: Given,
  { ask, defaults, isUnnamed }: Surroundings,
): Promise<Pick<Answers, 'data' | 'zone' | 'series' | 'unit'>> {
  const data = given.data ?? (await ask?.('File of readings (empty: later)', ''));
  if (!data) return {};
  // Which zone a meter is in is not guessed without its owner: the machine may stand elsewhere.
  const zone = given.zone ?? (await ask?.('Time zone of its readings', defaults.zone));
  const named = await seriesName(given, data, { ask, isUnnamed });
  return { data, ...(zone ? { zone } : {}), ...named };
}

async function seriesName(
  { series, unit }: Given,
  data: string,
  { ask, isUnnamed }: Pick<Surroundings, 'ask' | 'isUnnamed'>,
): Promise<Pick<Answers, 'series' | 'unit'>> {
  if (series !== undefined) return { series, unit: unit ?? (await ask?.('Its unit', 'kwh')) ?? 'kwh' };
  if (unit !== undefined) return { series: (await ask?.('What it holds', 'load')) ?? 'load', unit };
  if (ask === null || !(await isUnnamed(data))) return {};
  return {
    series: await ask('The header names no unit. What does the column hold (load, pv, …)', 'load'),
    unit: await ask('In which unit (kwh, kw, eur_per_mwh, c, …)', 'kwh'),
  };
}

/** Before its owner has said anything. */
export const USUALLY_PUBLISHED: Enrolment['publish'] = {
  forecasts: true,
  orders: true,
  emissions: true,
  scores: false,
};

async function publishing(
  given: Given['publish'],
  usual: Enrolment['publish'],
  ask: Ask | null,
): Promise<Enrolment['publish']> {
  const asked = async (name: keyof Enrolment['publish'], question: string): Promise<boolean> => {
    const said = given[name];
    if (said !== undefined || ask === null) return said ?? usual[name];
    return isYes(await ask(`${question}? (yes/no)`, usual[name] ? 'yes' : 'no'));
  };
  return {
    forecasts: await asked('forecasts', 'Publish forecasts of the next day'),
    orders: await asked('orders', 'Trade in the local market'),
    emissions: await asked('emissions', 'Publish totals of own emissions'),
    scores: await asked('scores', 'Report daily errors of own forecasts, without unit'),
  };
}

/** @throws ANSWER_INVALID */
function isYes(text: string): boolean {
  if (/^y(?:es)?$/i.test(text)) return true;
  if (/^no?$/i.test(text)) return false;
  throw new DomainError('ANSWER_INVALID', `expected yes or no, got ${JSON.stringify(text.slice(0, 40))}`);
}

/** The column that the readings are stored as; absent: as the header says. */
export const columnOf = ({ series, unit = 'kwh' }: Pick<Answers, 'series' | 'unit'>): string | undefined =>
  series === undefined ? undefined : `${series}_${unit}`.toLowerCase();

/**
 * Asks on a terminal, on `output`, as standard output carries the result. @throws SETUP_CANCELLED where the terminal is closed
 */
export function terminalAsk(
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): { readonly ask: Ask; close(): void } {
  const terminal = createInterface({ input, output });
  const closed = new Promise<never>((_, reject) => {
    terminal.once('close', () =>
      reject(new DomainError('SETUP_CANCELLED', 'expected an answer, got the end of the input')),
    );
  });
  // Closed in good order, nobody waits for it.
  closed.catch(() => undefined);
  return {
    ask: async (question, fallback) => {
      const shown = fallback ? `${question} [${fallback}]: ` : `${question}: `;
      const answer = (await Promise.race([terminal.question(shown), closed])).trim();
      return answer === '' ? (fallback ?? '') : answer;
    },
    close: () => terminal.close(),
  };
}
