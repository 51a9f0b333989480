import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { AnyMessage } from '#federation';
import {
  codeOf,
  type FederatedTask,
  FederationRound,
  type FederationSite,
  say,
  type TaskStatus,
} from './harness/federation-round.ts';

const HASH = 'ab'.repeat(32);
const MINUTES = 60_000;

const HEX = '0123456789abcdef'.split('');
const hash = fc.string({ unit: fc.constantFrom(...HEX), minLength: 64, maxLength: 64 });
const blob = fc.record({ blob: hash, bytes: fc.nat() });
const residues = fc.array(fc.array(fc.bigInt({ min: 0n, max: 2n ** 63n }).map(String)));

interface Mutant {
  readonly kind: string;
  readonly payload: unknown;
  readonly round: number;
  readonly code: string;
  /** Another card's hash where it is not the task's. */
  readonly card?: string;
  /** Place of a hexadecimal digit of the signature that is changed. */
  readonly flipped?: number;
}

const said = (kind: string, payload: fc.Arbitrary<unknown>, code: string): fc.Arbitrary<Mutant> =>
  fc.record({ kind: fc.constant(kind), payload, round: fc.constant(1), code: fc.constant(code) });

/** Well formed, of this task and round, signed: refused for what they say or when they say it. */
const WELL_FORMED = fc.oneof(
  said(
    'deal',
    fc.record({
      shares: fc.uniqueArray(blob, { minLength: 4, maxLength: 4, selector: (item) => item.blob }),
    }),
    'BLOB_UNKNOWN',
  ),
  said('deal', fc.constant({ shares: [] }), 'DEAL_INCOMPLETE'),
  said(
    'upload',
    fc.record({ blob: hash, bytes: fc.nat(), model: hash, attempt: fc.nat() }),
    'PHASE_MISMATCH',
  ),
  said('open', fc.constant({ openings: [] }), 'PHASE_MISMATCH'),
  said('answer', blob, 'PHASE_MISMATCH'),
  said('commit', fc.record({ commitment: hash }), 'PHASE_MISMATCH'),
  said('reveal', fc.record({ nonce: hash }), 'PHASE_MISMATCH'),
  said('agree', fc.record({ challenge: hash }), 'PHASE_MISMATCH'),
  said('test', fc.record({ responses: residues }), 'PHASE_MISMATCH'),
  said('ready', fc.record({ uploadsHash: hash }), 'PHASE_MISMATCH'),
);
const COMMIT = said('commit', fc.record({ commitment: hash }), 'PHASE_MISMATCH');
/** NUL and halves of surrogate pairs, as JSON writes them: refused before anything is read as a message. */
const NO_TEXT = /\\u0000|\\ud[89a-f]/i;

const MUTANTS: Readonly<Record<string, fc.Arbitrary<Mutant>>> = {
  wellFormed: WELL_FORMED,
  anyJson: fc
    .tuple(WELL_FORMED, fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue(), { maxKeys: 4 }))
    .map(([mutant, payload]) => ({ ...mutant, payload, code: 'MESSAGE_MALFORMED' })),
  oddText: fc
    .tuple(WELL_FORMED, fc.constantFrom('a\u0000b', '\ud800', '\u202e', 'ａ'.repeat(64)))
    .map(([mutant, text]) => ({ ...mutant, payload: { blob: text, bytes: 1 }, code: 'MESSAGE_MALFORMED' })),
  otherRound: fc
    .tuple(COMMIT, fc.nat())
    .map(([mutant, round]) => ({ ...mutant, round: round === 1 ? 0 : round, code: 'ROUND_UNKNOWN' })),
  otherCard: fc
    .tuple(COMMIT, hash)
    .map(([mutant, card]) => ({ ...mutant, card, code: 'MESSAGE_OTHER_TASK' })),
  otherSignature: fc
    .tuple(COMMIT, fc.nat(127))
    .map(([mutant, flipped]) => ({ ...mutant, flipped, code: 'SIGNATURE_INVALID' })),
  announcement: fc.oneof(
    said('dealt', fc.record({ dealers: fc.array(fc.uuid()) }), 'SENDER_NOT_ALLOWED'),
    said('active', fc.record({ active: fc.array(fc.nat()) }), 'SENDER_NOT_ALLOWED'),
    said(
      'release',
      fc.record({
        aggregate: blob,
        modelHash: hash,
        final: fc.boolean(),
        privacy: fc.constant(null),
        metrics: fc.constant(null),
        previous: hash,
      }),
      'SENDER_NOT_ALLOWED',
    ),
    said('card', fc.record({ card: fc.dictionary(fc.string(), fc.jsonValue()) }), 'SENDER_NOT_ALLOWED'),
  ),
};

describe('mutated messages to a running platform: malformed messages of a member', () => {
  let round: FederationRound;
  let task: FederatedTask;
  let hostile: FederationSite;
  let signed: AnyMessage;
  let before: TaskStatus;

  beforeAll(async () => {
    round = await FederationRound.start(4);
    task = await round.createTask();
    hostile = round.sites[0]!;
    const payload = { blob: HASH, bytes: 983_040, model: HASH, attempt: 0 };
    signed = await say(hostile, task, { kind: 'upload', round: 1, payload });
    before = await round.status(task);
  }, 2 * MINUTES);

  afterAll(async () => {
    await round.stop();
  });

  const refusal = async (message: unknown): Promise<string> =>
    codeOf(await round.post(task, message, hostile.participant));

  it.each<{ field: string; values: readonly unknown[] }>([
    { field: 'cardHash', values: [undefined, null, 7, HASH.toUpperCase(), HASH.slice(1), `${HASH}0`] },
    { field: 'round', values: [undefined, null, '1', -1, 1.5, 2 ** 53, true] },
    { field: 'kind', values: [undefined, null, 5, 'Upload', 'constructor', '__proto__', ''] },
    { field: 'sender', values: [undefined, null, 5, '', 'x'.repeat(201), ['platform']] },
    { field: 'signature', values: [undefined, null, 5, '', 'A'.repeat(128), '0'.repeat(127)] },
    { field: 'payload', values: [undefined, null, [], 'text', 5, {}, [HASH, 1], { blob: HASH }] },
    { field: 'more', values: [1, null, {}] },
  ])('are refused for their $field', async ({ field, values }) => {
    for (const value of values)
      expect(await refusal({ ...signed, [field]: value })).toBe('MESSAGE_MALFORMED');
    expect(await round.status(task)).toEqual(before);
  });

  const reference = { blob: HASH, bytes: 1 };
  it.each<{ kind: string; payloads: readonly unknown[] }>([
    {
      kind: 'upload',
      payloads: [
        reference,
        { ...reference, attempt: 0, model: HASH.slice(1) },
        { ...reference, model: HASH, attempt: -1 },
        { ...reference, model: HASH, attempt: 0, more: 1 },
        { ...reference, model: HASH, attempt: 0, blob: HASH.slice(1) },
        { ...reference, model: HASH, attempt: 0, blob: 1 },
        { ...reference, model: HASH, attempt: 0, bytes: -1 },
        { ...reference, model: HASH, attempt: 0, bytes: 0.5 },
        { ...reference, model: HASH, attempt: 0, bytes: '9' },
        { ...reference, model: HASH, attempt: 0, bytes: 2 ** 60 },
      ],
    },
    { kind: 'answer', payloads: [{ blob: HASH }, { bytes: 1 }, { ...reference, round: 1 }] },
    { kind: 'deal', payloads: [{ shares: reference }, { shares: [HASH] }, { shares: [{ blob: HASH }] }, {}] },
    { kind: 'commit', payloads: [{ commitment: HASH.toUpperCase() }, { commitment: '' }, { nonce: HASH }] },
    { kind: 'reveal', payloads: [{ nonce: [HASH] }, { nonce: 0 }, { commitment: HASH }] },
    { kind: 'agree', payloads: [{ challenge: HASH.slice(1) }, { challenge: HASH, responses: [] }, {}] },
    { kind: 'test', payloads: [{ responses: ['1'] }, { responses: [['-1']] }, { responses: [['01']] }, { responses: [[1]] }, { challenge: HASH, responses: [] }] }, // prettier-ignore
    { kind: 'open', payloads: [{ openings: [HASH] }, { openings: [{ decryptor: 'x', share: reference }] }, {}] }, // prettier-ignore
    { kind: 'ready', payloads: [{ uploadsHash: 'x' }, { uploadsHash: HASH, more: HASH }, {}] },
  ])('are refused for the payload of $kind', async ({ kind, payloads }) => {
    for (const payload of payloads)
      expect(await refusal({ ...signed, kind, payload })).toBe('MESSAGE_MALFORMED');
    expect(await round.status(task)).toEqual(before);
  });

  it.each([[[]], ['text'], [5], [{}], [[[[]]]]])('are refused where they are %j', async (value) => {
    expect(await refusal(value)).toBe('MESSAGE_MALFORMED');
  });

  it('are refused by GraphQL where they are not there', async () => {
    const { errors } = await round.post(task, null, hostile.participant);
    expect(errors).toEqual([expect.objectContaining({ message: expect.stringContaining('"$message"') })]);
  });

  it.each([
    [50, 'SIGNATURE_INVALID'],
    [60, 'BODY_TOO_DEEP'],
    [400_000, 'BODY_TOO_DEEP'],
  ])('are refused where they are %d levels deeper: %s', async (depth, code) => {
    // Written by hand: the JSON of this process does not go that deep.
    const deep = JSON.stringify({ ...signed, kind: 'card', payload: { card: { deep: 0 } } }).replace(
      '0}}',
      `${'['.repeat(depth)}${']'.repeat(depth)}}}`,
    );
    const query =
      'mutation ($id: ID!, $message: JSON!) { postMessage(taskId: $id, message: $message) { index } }';
    const body = Buffer.from(
      `{"query":${JSON.stringify(query)},"variables":{"id":"${task.id}","message":${deep}}}`,
    );
    const headers = { 'content-type': 'application/json', 'idempotency-key': `deep-${depth}` };
    const sender = hostile.participant;
    const response = await round.platform.request('POST', '/graphql', { sender, body, headers });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] });
  });

  it.each(Object.keys(MUTANTS))(
    'that mutate, correctly signed, meet the refusal of their class: %s',
    async (name) => {
      await fc.assert(
        fc.asyncProperty(MUTANTS[name]!, async ({ code, card = task.cardHash, flipped, ...mutant }) => {
          // Plain JSON: what fast-check makes has no prototype.
          const unsigned = JSON.parse(JSON.stringify(mutant)) as never;
          const message = await say(hostile, { cardHash: card }, unsigned);
          const digits = message.signature.split('');
          if (flipped !== undefined) digits[flipped] = digits[flipped] === '0' ? '1' : '0';
          const expected = NO_TEXT.test(JSON.stringify(message.payload)) ? 'TEXT_INVALID' : code;
          expect(await refusal({ ...message, signature: digits.join('') })).toBe(expected);
        }),
        { numRuns: 60 },
      );
      expect(await round.status(task)).toEqual(before);
      expect((await round.platform.request('GET', '/health/live')).status).toBe(200);
    },
    MINUTES,
  );
});
