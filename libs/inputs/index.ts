/**
 * inputs: JSON from outside, checked against a schema.
 *
 * Vocabulary: input (what a person or program hands in), problem (where it is not as its schema says, told by its path).
 */
export { parseJson } from './parse-json.ts';
export { requireInput } from './require-input.ts';
