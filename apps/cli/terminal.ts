import { styleText } from 'node:util';

/** Where it is shown how far something is. */
export type Terminal = Pick<NodeJS.WriteStream, 'isTTY' | 'write'> & { readonly columns?: number };

type Look = 'error' | 'heading';

const FORMATS = { error: ['bold', 'red'], heading: ['bold'] } as const;

/** What this process's terminal may be given beside plain text: nothing, until `openTerminal` says otherwise. */
const allowed = { progress: false, stdout: false, stderr: false };

/** Colours where Node would print them (a terminal, NO_COLOR, FORCE_COLOR), progress where standard error is a terminal and `quiet` is not wanted. */
export function openTerminal({ quiet }: { readonly quiet: boolean }): void {
  allowed.progress = process.stderr.isTTY && !quiet;
  allowed.stdout = styleText('bold', '.', { stream: process.stdout }) !== '.';
  allowed.stderr = styleText('bold', '.', { stream: process.stderr }) !== '.';
}

/** Null where nobody is to be told how far something is. */
export const progressTerminal = (): Terminal | null => (allowed.progress ? process.stderr : null);

export function painted(look: Look, text: string, stream: 'stdout' | 'stderr'): string {
  return allowed[stream] ? styleText([...FORMATS[look]], text, { validateStream: false }) : text;
}
