import type { Command } from 'commander';
import { DomainError, type ErrorData } from '#core';
import { withoutSecrets } from './config/secret.ts';
import { type Progress, progressOn } from './progress.ts';
import { painted, progressTerminal } from './terminal.ts';

/** How a command tells its result: one JSON document on standard output with --json, `text` for people. */
export interface Output {
  readonly json: boolean;
  result(data: unknown, text: string): void;
  /** On standard error; silent where that is no terminal, with --json and with --quiet. */
  progress(): Progress;
}

/** A feature's way to the output its command was asked for. */
export type OutputOf = (command: Command) => Output;

export const EXIT = {
  ok: 0,
  /** A rule of the domain was broken, or a check did not hold. */
  refused: 1,
  /** The command line itself is wrong. */
  usage: 2,
  /** A needed party or service does not answer. */
  unavailable: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/**
 * Text for a terminal: what files say in it cannot move the cursor, clear the screen or rename the window, so that nothing is
 * written over what a command says itself, nor hidden. Bold, colours but black and white, and ends of lines stay.
 */
export const printable = (text: string): string =>
  text.replaceAll(/\p{Cc}/gu, (control, at: number) => (isHarmless(text, at) ? control : '\uFFFD'));

function isHarmless(text: string, at: number): boolean {
  const control = text[at];
  if (control === '\u001B') return /^\[(?:0|1|22|3[1-6]|39)?m/.test(text.slice(at + 1, at + 5));
  return control === '\n' || control === '\t' || (control === '\r' && text[at + 1] === '\n');
}

export function createOutput(json: boolean): Output {
  return {
    json,
    result(data, text) {
      process.stdout.write(`${json ? JSON.stringify(data) : printable(text)}\n`);
    },
    progress: () => progressOn(progressTerminal()),
  };
}

/** An error as it is told; with --json as `{"error": …}`. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
  readonly data: ErrorData;
}

/** What looks like a key is cut out: a person may have typed one where its file's name belongs. */
const openly = (_key: string, value: unknown): unknown =>
  typeof value === 'string' ? withoutSecrets(value) : value;

/** Tells an error on standard error: `{"error": {code, message, data}}` with --json, one line without. */
export function tellError(refusal: Refusal, json: boolean): void {
  const { code, data } = refusal;
  const message = withoutSecrets(refusal.message);
  process.stderr.write(
    json
      ? `${JSON.stringify({ error: { code, message, data } }, openly)}\n`
      : `${painted('error', code, 'stderr')}: ${printable(message)}\n`,
  );
}

/** Tells whatever was thrown and returns the exit code it deserves. */
export function tellThrown(error: unknown, json: boolean): ExitCode {
  if (error instanceof DomainError) {
    tellError(error, json);
    return error.kind === 'unavailable' ? EXIT.unavailable : EXIT.refused;
  }
  // A defect, not a refusal: the stack is what its report needs.
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  tellError({ code: 'INTERNAL', message, data: {} }, json);
  return EXIT.refused;
}
