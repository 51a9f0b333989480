import { styleText } from 'node:util';
import { withoutSecrets } from './config/secret.ts';

/** Where it is shown how far something is. */
export type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'write'> & { readonly columns?: number };

type Look = 'error' | 'heading';

const FORMATS = { error: ['bold', 'red'], heading: ['bold'] } as const;

/** What this process's terminal may be given beside plain text: nothing, until `openTerminal` says otherwise. */
const allowed = { progress: false, stdout: false, stderr: false, traces: false };

/** Colours where Node would print them (a terminal, NO_COLOR, FORCE_COLOR), progress where standard error is a terminal. */
export function openTerminal(): void {
  allowed.progress = process.stderr.isTTY;
  allowed.stdout = styleText('bold', '.', { stream: process.stdout }) !== '.';
  allowed.stderr = styleText('bold', '.', { stream: process.stderr }) !== '.';
}

/** From now on nobody is told how far something is. */
export function hushTerminal(): void {
  allowed.progress = false;
}

/** From now on each step that others answer is told on standard error. */
export function traceToTerminal(): void {
  allowed.traces = true;
}

export function trace(line: string): void {
  if (allowed.traces) process.stderr.write(`${withoutSecrets(line)}\n`);
}

/** Null where nobody is to be told how far something is. */
export const progressTerminal = (): Terminal | null => (allowed.progress ? process.stderr : null);

export function painted(look: Look, text: string, stream: 'stdout' | 'stderr'): string {
  return allowed[stream] ? styleText([...FORMATS[look]], text, { validateStream: false }) : text;
}
