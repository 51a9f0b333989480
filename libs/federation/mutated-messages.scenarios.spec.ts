import { memoryUsage } from 'node:process';
import { beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type Cast, castOf, memberPayload, open, signed, until } from './cast.ts';
import { type AnyMessage, MEMBER_KINDS, type MessageKind, PLATFORM_KINDS, requireShape } from './message.ts';
import { advance } from './replay.ts';
import type { Phase, TaskState } from './task-state.ts';

/*
 * A member with the right keys says ten thousand wrong things to the state machine that platform, nodes and verifiers
 * share. The same classes meet a running platform in test/federation-malformed.scenarios.spec.ts.
 */

const MINUTES = 60_000;
const MESSAGES = 10_000;
const RESIDENT_SLACK_BYTES = 150 * 2 ** 20;
const HOSTILE = 'org-6';
const PHASES: readonly Phase[] = ['dealing', 'committing', 'revealing', 'agreeing', 'testing', 'uploading', 'preparing', 'answering']; // prettier-ignore
const HASH = /^[0-9a-f]{64}$/;

let cast: Cast;
let states: readonly TaskState[];
beforeAll(async () => {
  cast = await castOf(6);
  let state = await open(cast);
  const reached = [state];
  for (const phase of PHASES.slice(1)) reached.push((state = await until(cast, state, phase)));
  states = reached;
});

const hash = fc.string({
  unit: fc.constantFrom(...'0123456789abcdef'.split('')),
  minLength: 64,
  maxLength: 64,
});
const reference = fc.record({ blob: hash, bytes: fc.nat() });
const phase = fc.nat(PHASES.length - 1);
const name = fc.constantFrom('org-1', 'org-6', 'org-9', 'platform', '');
/** Of the shape of its kind, saying anything. */
const PAYLOADS: Readonly<Partial<Record<MessageKind, fc.Arbitrary<unknown>>>> = {
  deal: fc.record({ shares: fc.array(reference, { maxLength: 5 }) }),
  commit: fc.record({ commitment: hash }),
  reveal: fc.record({ nonce: hash }),
  agree: fc.record({ challenge: hash }),
  test: fc.record({ responses: fc.array(fc.array(fc.nat().map(String)), { maxLength: 8 }) }),
  upload: fc.record({ blob: hash, bytes: fc.nat(), model: hash, attempt: fc.nat() }),
  ready: fc.record({ uploadsHash: hash }),
  answer: reference,
  dealt: fc.record({ dealers: fc.array(fc.constantFrom('org-1', 'org-2')) }),
  close: fc.record({
    model: hash,
    uploads: fc.array(fc.record({ organisation: fc.constant('org-1'), blob: hash })),
  }),
  active: fc.record({ active: fc.array(fc.nat(9)) }),
  burn: fc.record({
    code: fc.constantFrom('DECRYPTOR_SILENT', 'X'),
    organisations: fc.array(fc.constant('org-1')),
  }),
};
const kind = fc.constantFrom(...(Object.keys(PAYLOADS) as MessageKind[]));
const shaped = kind.chain((of) => PAYLOADS[of]!.map((payload) => ({ kind: of, payload })));

interface Wrong {
  readonly at: number;
  readonly change: (honest: AnyMessage, state: TaskState) => Promise<unknown>;
}

const say = (round: number, of: { kind: MessageKind; payload: unknown }, cardHash = cast.cardHash) =>
  signed({ ...cast, cardHash }, round, of.kind, HOSTILE, JSON.parse(JSON.stringify(of.payload)) as never);

/** What is wrong, and the codes one of which it must meet. */
const CLASSES: Readonly<Record<string, { wrong: fc.Arbitrary<Wrong>; codes: RegExp }>> = {
  'an envelope with a field of another type': {
    wrong: fc
      .tuple(
        phase,
        fc.constantFrom('cardHash', 'round', 'kind', 'sender', 'payload', 'signature', 'more'),
        fc.jsonValue(),
      )
      .filter(
        ([, field, value]) =>
          field === 'more' ||
          !['string', 'number', 'object'].includes(typeof value) ||
          value === null ||
          (typeof value === 'string' && !HASH.test(value) && field !== 'sender'),
      ) // prettier-ignore
      .map(([at, field, value]) => ({ at, change: async (honest) => ({ ...honest, [field]: value }) })),
    codes: /^MESSAGE_MALFORMED$/,
  },
  'a payload of any JSON': {
    wrong: fc
      .tuple(
        phase,
        fc.constantFrom(...MEMBER_KINDS),
        fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { maxKeys: 4 }),
      )
      .map(([at, of, payload]) => ({
        at,
        change: async (_, state) => say(state.round, { kind: of, payload }),
      })),
    codes: /^MESSAGE_MALFORMED$/,
  },
  'something that is no message': {
    wrong: fc.tuple(phase, fc.jsonValue()).map(([at, value]) => ({ at, change: async () => value })),
    codes: /^MESSAGE_MALFORMED$/,
  },
  'another round': {
    wrong: fc
      .tuple(phase, shaped, fc.integer({ min: 2, max: 2 ** 31 }))
      .map(([at, of, round]) => ({ at, change: async () => say(round, of) })),
    codes: /^ROUND_UNKNOWN$/,
  },
  'another card': {
    wrong: fc
      .tuple(phase, shaped, hash)
      .map(([at, of, card]) => ({ at, change: async (_, state) => say(state.round, of, card) })),
    codes: /^MESSAGE_OTHER_TASK$/,
  },
  'another signature or signer': {
    wrong: fc.tuple(phase, fc.nat(127), name).map(([at, place, sender]) => ({
      at,
      change: async (honest) => {
        const digits = honest.signature.split('');
        digits[place] = digits[place] === '0' ? '1' : '0';
        return { ...honest, ...(sender === 'org-1' ? { sender } : { signature: digits.join('') }) };
      },
    })),
    codes: /^SIGNATURE_INVALID$/,
  },
  'what only the platform says': {
    wrong: fc
      .tuple(
        phase,
        shaped.filter(({ kind: of }) => (PLATFORM_KINDS as readonly string[]).includes(of)),
      )
      .map(([at, of]) => ({ at, change: async (_, state) => say(state.round, of) })),
    codes: /^SENDER_NOT_ALLOWED$/,
  },
  'what is well formed, of this round, and wrong or untimely': {
    wrong: fc
      .tuple(
        phase,
        shaped.filter(({ kind: of }) => ['reveal', 'upload', 'ready', 'answer', 'deal'].includes(of)),
      )
      .map(([at, of]) => ({ at, change: async (_, state) => say(state.round, of) })),
    codes: /^(?:PHASE_MISMATCH|DEAL_INCOMPLETE|MESSAGE_REPEATED|NONCE_MISMATCH|MODEL_OTHER|READY_OTHER_UPLOADS|NOT_ACTIVE|SHARE_COPIED)$/, // prettier-ignore
  },
};

describe('10^4 mutated messages of ≥ 5 classes from a correctly signing hostile member → each class reaches its named refusal, parent alive, memory bounded', () => {
  const names = Object.keys(CLASSES);
  const perClass = Math.ceil(MESSAGES / names.length);

  it.each(names)(
    '%s',
    async (of) => {
      const { wrong, codes } = CLASSES[of]!;
      const honest = await signed(cast, 1, 'deal', HOSTILE, await memberPayload(states[0]!, 'deal', HOSTILE));
      const residentBytes = memoryUsage().rss;
      let refused = 0;
      await fc.assert(
        fc.asyncProperty(wrong, async ({ at, change }) => {
          const state = states[at]!;
          const message = await change(honest, state);
          const outcome = await (async () => {
            requireShape(message);
            return advance(state, message);
          })().catch((error: unknown) => error);
          expect(outcome).toMatchObject({ code: expect.stringMatching(codes) });
          refused += 1;
        }),
        { numRuns: perClass },
      );
      expect(refused).toBeGreaterThanOrEqual(perClass);
      expect(memoryUsage().rss).toBeLessThan(residentBytes + RESIDENT_SLACK_BYTES);
      // None of it changed what the state machine goes on from.
      await expect(advance(states[0]!, honest)).resolves.toMatchObject({ phase: 'dealing' });
    },
    2 * MINUTES,
  );
});
