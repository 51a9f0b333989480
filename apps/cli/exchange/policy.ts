import { DomainError } from '#core';
import {
  assertSatisfiable,
  evaluateOdrl,
  labelsOf,
  parsePolicy,
  policyHash,
  type PolicyRequest,
  toOdrl,
} from '#exchange';
import { z } from 'zod';
import { readInput } from '../input.ts';
import { EXIT, type Output } from '../output.ts';

const name = z.string().min(1).max(256);
const instant = z.union([z.string(), z.int()]);

/** Documents the request; the evaluator itself judges it, so that what is not understood is a decision, DENY. */
const requestSchema = z.strictObject({
  action: z
    .enum(['use', 'aggregate', 'train', 'derive', 'distribute', 'anonymize'])
    .describe('what is to be done with the data; one action a request'),
  at: instant.describe('when: ISO 8601 with an offset, or milliseconds since 1970 UTC'),
  purpose: name.optional().describe('the one purpose; research/load is a kind of research'),
  count: z
    .int()
    .min(1)
    .optional()
    .describe('number of this execution, from 1: those already made and this one'),
  recipient: name.optional().describe('who receives the result'),
  spatial: name.optional().describe('where the action happens; DE-BY is part of DE'),
  resolution: z.string().optional().describe('ISO 8601 duration of one interval of what is read: PT15M'),
  agreedAt: instant.optional().describe('since when the agreement holds; elapsedTime counts from it'),
  fulfilled: z
    .array(
      z.strictObject({
        action: z.enum(['compensate', 'attribute']),
        amount: z.union([z.string(), z.number()]).optional().describe('decimal amount that was paid'),
        currency: z.string().length(3).optional().describe('ISO 4217'),
        party: name.nullable().optional().describe('to whom; as the duty names it'),
      }),
    )
    .max(100)
    .optional()
    .describe('duties already fulfilled: payments made, attributions promised'),
  target: name.optional().describe('the data set; may be left out where the policy names one only'),
  assignee: name.optional().describe('who asks'),
}) satisfies z.ZodType<PolicyRequest>;

export function tellRequestSchema(output: Output): void {
  const printed = z.toJSONSchema(requestSchema, { io: 'input' });
  output.result(printed, JSON.stringify(printed, null, 2));
}

/** Decides and tells why. @throws FILE_UNREADABLE, INPUT_NOT_JSON */
export async function tellDecision(policyFile: string, requestFile: string, output: Output): Promise<void> {
  const policy = await readInput(policyFile, z.unknown());
  const request = await readInput(requestFile, z.unknown());
  const { decision, reasons } = evaluateOdrl(policy, request as PolicyRequest);
  const lines = reasons.map(
    ({ code, term, message }) => `  ${code}${term === null ? '' : ` at ${term}`}: ${message}`,
  );
  output.result({ decision, reasons }, [decision, ...lines].join('\n'));
}

/** Tells a policy as it is understood. @throws what parsePolicy throws */
export async function tellPolicy(file: string, output: Output): Promise<void> {
  const policy = parsePolicy(await readInput(file, z.unknown()));
  const problem = unsatisfiable(() => assertSatisfiable(policy));
  const [hash, labels] = [await policyHash(policy), labelsOf(policy)];
  const result = { policy: toOdrl(policy), hash, satisfiable: problem === null, problem, labels };
  const text = [
    `hash ${hash}`,
    problem === null ? 'its terms can hold' : `${problem.code}: ${problem.message}`,
    ...labels.map(({ label, text: words }) => `${label.padEnd(11)} ${words}`),
  ];
  output.result(result, text.join('\n'));
  if (problem !== null) process.exitCode = EXIT.refused;
}

function unsatisfiable(check: () => void): { readonly code: string; readonly message: string } | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, message: error.message };
    throw error;
  }
}
