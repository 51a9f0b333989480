import { DomainError } from '#core';

/** What a check found. ok: nothing to do; warning: it works, something should be done; failed: it will not work. */
export interface Check {
  readonly check:
    | 'node'
    | 'encryption'
    | 'directory'
    | 'platform'
    | 'tls'
    | 'clock'
    | 'key'
    | 'data'
    | 'findings'
    | 'units'
    | 'look-back';
  readonly status: 'ok' | 'warning' | 'failed';
  /** Null where it is ok. */
  readonly code: string | null;
  readonly found: string;
  /** What to do; null where it is ok. */
  readonly todo: string | null;
}

export const ok = (check: Check['check'], found: string): Check => ({
  check,
  status: 'ok',
  code: null,
  found,
  todo: null,
});

/** What stands against it, and what to do about that. */
type Doubt = Readonly<Record<'code' | 'found' | 'todo', string>>;

export const warning = (check: Check['check'], doubt: Doubt): Check => ({
  check,
  status: 'warning',
  ...doubt,
});

export const failed = (check: Check['check'], doubt: Doubt): Check => ({ check, status: 'failed', ...doubt });

/** Codes of a platform that does not answer: it may do so later. */
const UNAVAILABLE = new Set(['PLATFORM_UNAVAILABLE', 'ANSWER_MALFORMED']);

/**
 * @throws PLATFORM_UNAVAILABLE where the platform is all that failed, else CHECKS_FAILED: both name what failed and what to do
 */
export function requirePassed(checks: readonly Check[]): void {
  const failures = checks.filter(({ status }) => status === 'failed');
  if (failures.length === 0) return;
  const isDown = failures.every(({ code }) => UNAVAILABLE.has(code ?? ''));
  throw new DomainError(
    isDown ? 'PLATFORM_UNAVAILABLE' : 'CHECKS_FAILED',
    ['expected every check to pass, got', ...failures.map(checkLine)].join('\n  '),
    isDown ? 'unavailable' : 'invalid',
    { failed: failures.map(({ check, code }) => `${check}: ${code}`) },
  );
}

function checkLine({ check, status, code, found, todo }: Check): string {
  const line = `${status.padEnd(7)}  ${check.padEnd(10)}  ${found}`;
  return todo === null ? line : `${line} (${code}): ${todo}`;
}

/** One line a check, for people. */
export const checksText = (checks: readonly Check[]): string => checks.map(checkLine).join('\n');
