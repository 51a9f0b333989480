/* A task told by one who holds every key: what the specs of this lib verify, change and lie about. */
import { type Bytes, fromHex, generateSigningKey, type Json, sha256Hex, type SigningKey, utf8 } from '#core';
import {
  type AnyMessage,
  type BlobReference,
  cardHashOf,
  defaultPolicy,
  type EncryptionParameters,
  type MessageKind,
  type Payloads,
  PLATFORM,
  replay,
  requireShape,
  shareTestChallenge,
  signMessage,
  type TaskCard,
  uploadsHashOf,
} from '#federation';
import { appendEntry, type TranscriptEntry } from './chain.ts';

/** Stands in a release until its place in the chain is known. */
const UNROOTED = '0'.repeat(64);

/** Four organisations: t = 2, Q = 3, k_min = 3, one block. */
export const ORGANISATIONS = ['north', 'east', 'south', 'west'] as const;
export const ACTIVE = [1, 2] as const;

export interface Parties {
  readonly card: TaskCard;
  readonly cardHash: string;
  readonly keys: ReadonlyMap<string, SigningKey>;
}

/** What one round sums: uploads in roster order, answers in the order of A, the released values. */
export interface Round {
  readonly uploads: readonly Bytes[];
  readonly answers: readonly Bytes[];
  readonly aggregate: Bytes;
  readonly modelHash: string;
}

export async function parties(encryption: EncryptionParameters): Promise<Parties> {
  const senders = [...ORGANISATIONS, PLATFORM];
  const keys = new Map(
    await Promise.all(senders.map(async (sender) => [sender, await generateSigningKey()] as const)),
  );
  const roster = await Promise.all(
    ORGANISATIONS.map(async (organisation) => ({
      organisation,
      legalId: `EIC-${organisation}`,
      signingKey: keys.get(organisation)!.publicKey,
      agreementKey: await sha256Hex(utf8(`agreement ${organisation}`)),
    })),
  );
  const card: TaskCard = {
    format: 'gridcommons/card/3',
    taskId: 'task-1',
    issuedAt: '2026-03-01T00:00:00Z',
    platformKey: keys.get(PLATFORM)!.publicKey,
    model: {
      kind: 'one-shot-ridge',
      statistic: 'moments',
      stepMinutes: 60,
      lookback: 3,
      horizon: 1,
      cycle: 168,
      lambdas: [1],
      inputs: null,
    },
    learning: null,
    data: {
      series: ['load'],
      zone: 'Europe/Berlin',
      train: { start: '2026-01-01T00:00:00Z', end: '2026-02-01T00:00:00Z' },
      validation: { start: '2026-02-01T00:00:00Z', end: '2026-03-01T00:00:00Z' },
    },
    encryption,
    release: defaultPolicy(roster),
    windows: { keys: 60, upload: 60, answer: 60 },
    privacy: null,
    roster,
  };
  return { card, cardHash: await cardHashOf(card), keys };
}

/** Speaks for everybody: the messages of a task whose first round, if there are two, is burned by a silent decryptor. */
export async function messagesOf(story: Parties, rounds: readonly Round[]): Promise<AnyMessage[]> {
  const messages = await keyMessages(story);
  for (const [i, round] of rounds.entries()) {
    messages.push(...(await roundMessages(story, round, i + 1, i < rounds.length - 1)));
  }
  return rooted(story, messages);
}

/** The same messages, each release naming the entry that it follows in their chain. */
export async function rooted(story: Parties, messages: readonly AnyMessage[]): Promise<AnyMessage[]> {
  const entries: TranscriptEntry[] = [];
  for (const message of messages) {
    const previous = entries.at(-1)?.hash;
    const said =
      message.kind === 'release' && previous !== undefined
        ? await say(story, 'release', PLATFORM, { ...message.payload, previous }, message.round)
        : message;
    entries.push(await appendEntry(entries.at(-1) ?? null, said));
  }
  return entries.map(({ message }) => message);
}

export async function chainOf(messages: readonly AnyMessage[]): Promise<TranscriptEntry[]> {
  const entries: TranscriptEntry[] = [];
  for (const message of messages) entries.push(await appendEntry(entries.at(-1) ?? null, message));
  return entries;
}

export async function blobsOf(...contents: readonly Bytes[]): Promise<Map<string, Bytes>> {
  return new Map(await Promise.all(contents.map(async (bytes) => [await sha256Hex(bytes), bytes] as const)));
}

export async function say<K extends MessageKind>(
  { cardHash, keys }: Parties,
  kind: K,
  sender: string,
  payload: Payloads[K],
  round = 1,
): Promise<AnyMessage> {
  const unsigned = { cardHash, round, kind, sender, payload };
  const message: unknown = await signMessage(unsigned, keys.get(sender)!.privateKey);
  requireShape(message);
  return message;
}

const reference = async (bytes: Bytes): Promise<BlobReference> => ({
  blob: await sha256Hex(bytes),
  bytes: bytes.length,
});

const everybody = <T>(speak: (organisation: string, index: number) => Promise<T>): Promise<T[]> =>
  Promise.all(ORGANISATIONS.map(speak));

const nonceOf = (organisation: string): Promise<string> => sha256Hex(utf8(`nonce ${organisation}`));

const sealed = (from: string, to: string): Promise<BlobReference> =>
  reference(utf8(`sealed for ${to} by ${from}`));

async function keyMessages(story: Parties): Promise<AnyMessage[]> {
  const dealers = [...ORGANISATIONS];
  const card: Json = JSON.parse(JSON.stringify(story.card));
  const residues = story.card.encryption.primes.flatMap(() => ['7', '9']);
  const said = [
    await say(story, 'card', PLATFORM, { card }, 0),
    ...(await everybody(async (sender) =>
      say(story, 'deal', sender, { shares: await everybody((to) => sealed(sender, to)) }),
    )),
    await say(story, 'dealt', PLATFORM, { dealers }),
    ...(await everybody(async (sender) => {
      const nonce = fromHex(await nonceOf(sender));
      return say(story, 'commit', sender, { commitment: await sha256Hex(nonce) });
    })),
    ...(await everybody(async (sender) => say(story, 'reveal', sender, { nonce: await nonceOf(sender) }))),
  ];
  // A card that is no card has no state, and what is said under it is refused before that matters.
  const challenge = await replay(said).then(shareTestChallenge, () => '0'.repeat(64));
  const responses = dealers.map(() => residues);
  return [
    ...said,
    ...(await everybody((sender) => say(story, 'agree', sender, { challenge }))),
    ...(await everybody((sender) => say(story, 'test', sender, { responses }))),
  ];
}

async function roundMessages(
  story: Parties,
  { uploads, answers, aggregate, modelHash }: Round,
  round: number,
  burned: boolean,
): Promise<AnyMessage[]> {
  const references = await Promise.all(uploads.map(reference));
  const model = story.cardHash;
  const close = {
    model,
    uploads: ORGANISATIONS.map((organisation, i) => ({ organisation, blob: references[i]!.blob })),
  };
  const uploadsHash = await uploadsHashOf(close);
  // East was silent in the first round, where that was burned.
  const active = round === 1 ? ACTIVE : [1, 3];
  const answering = burned ? answers.slice(0, 1) : answers;
  return [
    ...(await everybody((sender, i) =>
      say(story, 'upload', sender, { ...references[i]!, model, attempt: 0 }, round),
    )),
    await say(story, 'close', PLATFORM, close, round),
    ...(await Promise.all(
      ORGANISATIONS.slice(0, 3).map((sender) => say(story, 'ready', sender, { uploadsHash }, round)),
    )),
    await say(story, 'active', PLATFORM, { active }, round),
    ...(await Promise.all(
      answering.map(async (answer, i) =>
        say(story, 'answer', ORGANISATIONS[active[i]! - 1]!, await reference(answer), round),
      ),
    )),
    burned
      ? await say(story, 'burn', PLATFORM, { code: 'DECRYPTOR_SILENT', organisations: ['east'] }, round)
      : await say(
          story,
          'release',
          PLATFORM,
          {
            aggregate: await reference(aggregate),
            modelHash,
            final: true,
            privacy: null,
            metrics: null,
            previous: UNROOTED,
          },
          round,
        ),
  ];
}
