import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { sha256Hex } from '#core';
import { type AnyMessage, type BlobReference, type Payloads } from '#federation';
import {
  codeOf,
  type FederatedTask,
  FederationRound,
  type FederationSite,
  say,
} from './harness/federation-round.ts';
import type { Sender } from './harness/platform.ts';

/*
 * One task from its first phase to its end. One of its four organisations is hostile: its node's keys are used by hand,
 * with correct signatures except where a test says otherwise. Nothing it is refused leaves a trace in the transcript.
 */

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const HASH = 'ab'.repeat(32);
const MINUTES = 60_000;
const LARGEST_BLOB = 2_000_000;
/** Five chunks of three primes times 8 192 residues. */
const UPLOAD_BYTES = 3 * 8_192 * 8;

const namesOf = (sites: readonly FederationSite[]) => sites.map(({ organisationId }) => organisationId);

/** Residues that could be an upload: all 0, the first of them `first`. */
const ciphertext = (first = 0): Uint8Array => {
  const bytes = new Uint8Array(UPLOAD_BYTES);
  bytes[0] = first;
  return bytes;
};

let round: FederationRound;
let task: FederatedTask;
let hostile: FederationSite;
let others: readonly FederationSite[];
/** The platform's, line by line. */
const log: string[] = [];

beforeAll(async () => {
  const env = { GRIDCOMMONS_MAX_BLOB_BYTES: `${LARGEST_BLOB}`, LOG_LEVEL: 'warn' };
  round = await FederationRound.start(4, { env, log: (line) => log.push(line) });
  [hostile, ...others] = round.sites as readonly [FederationSite, ...FederationSite[]];
  task = await round.createTask();
}, 2 * MINUTES);

afterAll(() => round.stop());

/** The code of the refusal; nothing has been stored, and the answer says what was expected. */
async function refusal(
  message: unknown,
  sender: Sender = hostile.participant,
  id = task.id,
): Promise<string> {
  const before = await round.status(task);
  const answer = await round.post({ id }, message, sender);
  const code = codeOf(answer);
  expect(answer.errors![0]!.message).toMatch(/^expected [^\n]{10,300}$/);
  expect(await round.status(task)).toEqual(before);
  return code;
}

const commit = (round_ = 1) =>
  say(hostile, task, { kind: 'commit', round: round_, payload: { commitment: HASH } });
const upload = (reference: BlobReference, site = hostile) =>
  say(site, task, { kind: 'upload', round: 1, payload: { ...reference, model: task.cardHash, attempt: 0 } });
const deal = (shares: readonly BlobReference[], site = hostile) =>
  say(site, task, { kind: 'deal', round: 1, payload: { shares } });

const sealed = () => Promise.all(round.sites.map(() => round.putBlob(hostile, randomBytes(400))));

describe('while sealed shares arrive', () => {
  it('refuses shares that are not stored, differ in size, are oversize, or too few', async () => {
    const shares = await sealed();
    const oversize = await round.putBlob(hostile, randomBytes((1 << 20) + 1));
    expect(await refusal(await deal([{ blob: HASH, bytes: 400 }, ...shares.slice(1)]))).toBe('BLOB_UNKNOWN');
    expect(await refusal(await deal([{ ...shares[0]!, bytes: 401 }, ...shares.slice(1)]))).toBe('BLOB_SIZE');
    expect(await refusal(await deal([oversize, ...shares.slice(1)]))).toBe('BLOB_SIZE');
    expect(await refusal(await deal(shares.slice(1)))).toBe('DEAL_INCOMPLETE');
    expect(await refusal(await deal([...shares.slice(1), shares[1]!]))).toBe('SHARE_COPIED');
  });

  it(
    "refuses a deal that copies another's shares, and a second deal",
    async () => {
      expect(await round.run(task, 'committing', others)).toBe('dealing');
      const state = await round.state(task);
      const theirs = state.deals.get(others[0]!.organisationId)!.shares;
      expect(await refusal(await deal(theirs))).toBe('SHARE_COPIED');
      expect(await refusal(await deal([theirs[2]!, ...(await sealed()).slice(1)]))).toBe('SHARE_COPIED');
      const again = await Promise.all(round.sites.map(() => round.putBlob(others[0]!, randomBytes(400))));
      expect(await refusal(await deal(again, others[0]), others[0]!.participant)).toBe('MESSAGE_REPEATED');
    },
    MINUTES,
  );

  it('refuses what belongs to another phase', async () => {
    const payload = await round.putBlob(hostile, ciphertext());
    expect(await refusal(await upload(payload))).toBe('PHASE_MISMATCH');
    expect(await refusal(await commit())).toBe('PHASE_MISMATCH');
    expect(await refusal(await say(hostile, task, { kind: 'answer', round: 1, payload }))).toBe(
      'PHASE_MISMATCH',
    );
  });
});

describe('while the share test runs', () => {
  it(
    'refuses a nonce that was not committed to',
    async () => {
      expect(await round.run(task, 'revealing')).toBe('revealing');
      const reveal = await say(hostile, task, { kind: 'reveal', round: 1, payload: { nonce: HASH } });
      expect(await refusal(reveal)).toBe('NONCE_MISMATCH');
    },
    2 * MINUTES,
  );

  it(
    'refuses responses for some of the dealers',
    async () => {
      expect(await round.run(task, 'testing')).toBe('testing');
      const payload = { responses: [['1']] };
      expect(await refusal(await say(hostile, task, { kind: 'test', round: 1, payload }))).toBe(
        'TEST_INCOMPLETE',
      );
    },
    2 * MINUTES,
  );
});

describe('one flipped byte in share, upload, signature, round, card, sender → named error, audit entry', () => {
  let valid: Payloads['upload'];
  let signed: AnyMessage;

  beforeAll(async () => {
    await round.run(task, 'uploading');
    valid = { ...(await round.putBlob(hostile, ciphertext())), model: task.cardHash, attempt: 0 };
    signed = await upload(valid);
  }, 2 * MINUTES);

  it('refuses a message without a signature, with a wrong one, and with that of somebody else', async () => {
    const { signature, ...unsigned } = signed;
    const flipped = signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const stranger = { ...hostile, participant: others[0]!.participant };
    const former = { ...hostile, participant: hostile.firstParticipant };
    expect(await refusal(unsigned)).toBe('MESSAGE_MALFORMED');
    expect(await refusal({ ...signed, signature: '0'.repeat(128) })).toBe('SIGNATURE_INVALID');
    expect(await refusal({ ...signed, signature: flipped })).toBe('SIGNATURE_INVALID');
    expect(await refusal(await upload(valid, stranger))).toBe('SIGNATURE_INVALID');
    expect(await refusal(await upload(valid, former), hostile.firstParticipant)).toBe('SIGNATURE_INVALID');
  });

  it('refuses every change of what was signed', async () => {
    expect(await refusal({ ...signed, payload: { ...valid, bytes: UPLOAD_BYTES + 1 } })).toBe(
      'SIGNATURE_INVALID',
    );
    const other = { ...(await round.putBlob(hostile, ciphertext(9))), model: task.cardHash, attempt: 0 };
    expect(await refusal({ ...signed, payload: other })).toBe('SIGNATURE_INVALID');
    expect(await refusal({ ...signed, round: 2 })).toBe('SIGNATURE_INVALID');
    expect(await refusal({ ...signed, cardHash: HASH })).toBe('SIGNATURE_INVALID');
    const { blob, bytes } = valid;
    expect(await refusal({ ...signed, kind: 'answer', payload: { blob, bytes } })).toBe('SIGNATURE_INVALID');
    expect(await refusal({ ...signed, sender: others[0]!.organisationId })).toBe('SENDER_NOT_ALLOWED');
  });

  it('refuses another sender, the platform as sender and what only the platform says', async () => {
    const theirs = await upload(valid, others[0]);
    expect(await refusal(theirs)).toBe('SENDER_NOT_ALLOWED');
    expect(await refusal({ ...signed, sender: 'platform' })).toBe('SENDER_NOT_ALLOWED');
    const uploads = [{ organisation: hostile.organisationId, blob: valid.blob }];
    const announcements = [
      await say(hostile, task, { kind: 'close', round: 1, payload: { model: task.cardHash, uploads } }),
      await say(hostile, task, {
        kind: 'burn',
        round: 1,
        payload: { code: 'DECRYPTOR_SILENT', organisations: [] },
      }),
      await say(hostile, task, {
        kind: 'fail',
        round: 1,
        payload: { code: 'X', organisations: [], series: null, previous: HASH },
      }),
    ];
    for (const message of announcements) expect(await refusal(message)).toBe('SENDER_NOT_ALLOWED');
    const card = await say(hostile, task, { kind: 'card', round: 1, payload: { card: {} } });
    expect(await refusal(card)).toBe('SENDER_NOT_ALLOWED');
  });

  it('writes down who was refused what, and nothing of what was sent', async () => {
    const { organisationId, participant } = hostile;
    const { signature, payload } = signed;
    const flipped = signature.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    const attempts: readonly [unknown, string][] = [
      [{ ...signed, signature: flipped }, 'SIGNATURE_INVALID'],
      [{ ...signed, round: 3 }, 'SIGNATURE_INVALID'],
      [{ ...signed, cardHash: HASH }, 'SIGNATURE_INVALID'],
      [{ ...signed, sender: others[0]!.organisationId }, 'SENDER_NOT_ALLOWED'],
      [{ ...signed, payload: { ...payload, blob: HASH } }, 'SIGNATURE_INVALID'],
      [{ ...signed, payload: { ...payload, model: HASH } }, 'SIGNATURE_INVALID'],
      [{ anything: 'planted-text' }, 'MESSAGE_MALFORMED'],
    ];
    for (const [message, code] of attempts) {
      log.length = 0;
      expect(await refusal(message)).toBe(code);
      const entry = { task: task.id, organisation: organisationId, principal: participant.id, code };
      expect(log.map((line) => JSON.parse(line) as object)).toEqual([
        expect.objectContaining({ ...entry, msg: 'message refused' }),
      ]);
      expect(log[0]).not.toMatch(new RegExp(`${flipped}|${signature}|${HASH}|planted-text`));
    }
    log.length = 0;
    expect(await refusal(signed, hostile.participant, 'x'.repeat(200))).toBe('TASK_UNKNOWN');
    expect(log[0]).not.toContain('x'.repeat(37));
  });

  it('refuses whoever is not a participant', async () => {
    expect(await refusal(signed, hostile.apiKey)).toBe('SENDER_NOT_ALLOWED');
    expect(await refusal(signed, round.platform.operatorKey)).toBe('SENDER_NOT_ALLOWED');
    expect(codeOf(await round.post(task, signed, undefined))).toBe('UNAUTHENTICATED');
  });

  it('refuses an unknown task, round and card', async () => {
    for (const id of [UNKNOWN, 'nonsense', task.cardHash])
      expect(await refusal(signed, hostile.participant, id)).toBe('TASK_UNKNOWN');
    for (const number of [0, 2, 99]) expect(await refusal(await commit(number))).toBe('ROUND_UNKNOWN');
    const elsewhere = {
      kind: 'upload',
      round: 1,
      payload: { ...valid, model: task.cardHash, attempt: 0 },
    } as const;
    expect(await refusal(await say(hostile, { cardHash: HASH }, elsewhere))).toBe('MESSAGE_OTHER_TASK');
    const second = await round.createTask();
    expect(await refusal(signed, hostile.participant, second.id)).toBe('MESSAGE_OTHER_TASK');
  });

  it('refuses an upload that is not stored, has another size, another length, or a residue that is none', async () => {
    expect(await refusal(await upload({ blob: HASH, bytes: UPLOAD_BYTES }))).toBe('BLOB_UNKNOWN');
    expect(await refusal(await upload({ ...valid, bytes: UPLOAD_BYTES - 1 }))).toBe('BLOB_SIZE');
    expect(await refusal(await upload({ ...valid, bytes: Number.MAX_SAFE_INTEGER }))).toBe('BLOB_SIZE');
    for (const length of [0, 1, UPLOAD_BYTES / 2, UPLOAD_BYTES - 1, UPLOAD_BYTES + 8]) {
      const stored = await round.putBlob(hostile, new Uint8Array(length));
      expect(await refusal(await upload(stored))).toBe('CIPHERTEXT_MALFORMED');
    }
    const [prime] = task.card.encryption.primes;
    for (const residue of [BigInt(prime!), 2n ** 64n - 1n]) {
      const bytes = new Uint8Array(UPLOAD_BYTES);
      new DataView(bytes.buffer).setBigUint64(8 * 700, residue, true);
      expect(await refusal(await upload(await round.putBlob(hostile, bytes)))).toBe('CIPHERTEXT_MALFORMED');
    }
  });

  it('takes no blob larger than it says it takes, nor one that is another', async () => {
    const large = new Uint8Array(LARGEST_BLOB + 1);
    await expect(round.putBlob(hostile, large)).rejects.toMatchObject({ code: 'BLOB_TOO_LARGE' });
    expect(await refusal(await upload({ blob: await sha256Hex(large), bytes: large.length }))).toBe(
      'BLOB_UNKNOWN',
    );
    const name = await sha256Hex(new Uint8Array(3));
    const { participant: sender } = hostile;
    const response = await round.platform.request('PUT', `/blobs/${name}`, {
      sender,
      body: new Uint8Array(4),
    });
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'DIGEST_MISMATCH' } }] });
  });

  it('takes the same message twice as one entry and nothing else in its place', async () => {
    const first = await round.post(task, signed, hostile.participant);
    const again = await round.post(task, signed, hostile.participant);
    expect(first.errors).toBeUndefined();
    expect(again.data).toEqual(first.data);
    const entries = await round.entries(task);
    expect(entries.filter(({ message }) => message.sender === hostile.organisationId && message.kind === 'upload')).toHaveLength(1); // prettier-ignore

    const other = { ...(await round.putBlob(hostile, ciphertext(1))), model: task.cardHash, attempt: 0 };
    expect(await refusal(await upload(other))).toBe('MESSAGE_REPEATED');
    expect(await refusal({ ...signed, payload: other })).toBe('SIGNATURE_INVALID');
    expect(await refusal({ ...signed, payload: { ...valid, blob: other.blob } })).toBe('SIGNATURE_INVALID');
  });
});

describe('once the uploads are closed', () => {
  it(
    'refuses READY for another list',
    async () => {
      expect(await round.run(task, 'preparing', others)).toBe('preparing');
      const ready = await say(hostile, task, { kind: 'ready', round: 1, payload: { uploadsHash: HASH } });
      expect(await refusal(ready)).toBe('READY_OTHER_UPLOADS');
    },
    2 * MINUTES,
  );

  it(
    'refuses an answer of somebody who was not asked',
    async () => {
      expect(await round.run(task, 'answering', others)).toBe('answering');
      const state = await round.state(task);
      expect(state.active).toEqual([2, 3]);
      const answer = await say(hostile, task, {
        kind: 'answer',
        round: 1,
        payload: await round.putBlob(hostile, ciphertext()),
      });
      expect(await refusal(answer)).toBe('NOT_ACTIVE');
    },
    2 * MINUTES,
  );

  it(
    'releases nothing where an upload was none: others answer, then it falls out with its block',
    async () => {
      expect(await round.run(task, 'released', others)).toBe('uploading');
      const burned = await round.state(task);
      expect(burned).toMatchObject({ round: 2, releases: [], repeats: namesOf(round.sites) });
      expect((await round.entries(task)).findLast(({ message: { kind } }) => kind === 'burn')).toMatchObject({
        message: {
          payload: { code: 'SUM_UNREADABLE', organisations: namesOf(others.slice(0, 2)) },
        },
      });
      await round.expireWindow(task);
      expect(await round.state(task)).toMatchObject({ round: 3, attempt: 1, repeats: null });
      await round.run(task, 'released', others);
      await round.expireWindow(task);
      const state = await round.state(task);
      expect(state).toMatchObject({
        phase: 'failed',
        releases: [],
        failure: { code: 'COHORT_TOO_SMALL', organisations: namesOf([hostile]) },
      });
      expect(await refusal(await commit(3))).toBe('PHASE_MISMATCH');
    },
    2 * MINUTES,
  );
});
