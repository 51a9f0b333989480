/** What an EIC names, by its third character (ENTSO-E, EIC Reference Manual 5.5). */
const OBJECT_TYPES: ReadonlyMap<string, string> = new Map([
  ['A', 'substation'],
  ['T', 'tie line'],
  ['V', 'location'],
  ['W', 'resource object'],
  ['X', 'party'],
  ['Y', 'area'],
  ['Z', 'measurement point'],
]);

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-';
const LENGTH = 16;

export type EicProblem = 'LENGTH' | 'CHARACTER' | 'CHECK_CHARACTER';

export interface EicCheck {
  readonly code: string;
  readonly valid: boolean;
  /** What the 16th character must be; null where the first 15 are not there or not allowed. */
  readonly expectedCheckCharacter: string | null;
  /** What kind of object the code names; null for a letter the manual does not list. */
  readonly type: string | null;
  readonly problem: EicProblem | null;
}

/**
 * Checks an Energy Identification Code: 16 characters of 0-9, A-Z and -, the last of which follows from the others. Capitals
 * only: a code in small letters is another text.
 * Source: ENTSO-E, The Energy Identification Coding Scheme (EIC) Reference Manual, version 5.
 */
export function checkEic(code: string): EicCheck {
  const expected = checkCharacter(code);
  const problem = problemOf(code, expected);
  return {
    code,
    valid: problem === null,
    expectedCheckCharacter: expected,
    type: OBJECT_TYPES.get(code.charAt(2)) ?? null,
    problem,
  };
}

function problemOf(code: string, expected: string | null): EicProblem | null {
  if (code.length !== LENGTH) return 'LENGTH';
  if (Array.from(code).some((character) => !ALPHABET.includes(character))) return 'CHARACTER';
  return code.charAt(LENGTH - 1) === expected ? null : 'CHECK_CHARACTER';
}

/** 36 − ((Σ weight · value − 1) mod 37), weights 16 to 2, as a character. */
function checkCharacter(code: string): string | null {
  const values = Array.from(code.slice(0, LENGTH - 1), (character) => ALPHABET.indexOf(character));
  if (values.length < LENGTH - 1 || values.includes(-1)) return null;
  const sum = values.reduce((total, value, i) => total + (LENGTH - i) * value, 0);
  return ALPHABET.charAt(36 - ((sum + 36) % 37));
}
