import { labelsOf, parsePolicy } from '#exchange';
import type { PolicyTermType } from './catalogue.types.ts';

/** A policy in plain words, each with who enforces it. */
export const toTerms = (policy: object): PolicyTermType[] =>
  labelsOf(parsePolicy(policy)).map(({ label, text }) => ({ enforcement: label, text }));
