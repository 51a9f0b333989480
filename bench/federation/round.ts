import { createHash, randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { type Bytes, concat, sha256Hex } from '#core';
import { maskKey } from '#encryption';
import {
  agreementHashOf,
  type AnyMessage,
  chunkCount,
  groupsIn,
  type MemberKind,
  type Payloads,
  shareTestChallenge,
  shareTestSeed,
  signMessage,
  type TaskState,
} from '#federation';
import { Database } from '#persistence';
import { BlobService } from '../../apps/platform/blobs/blob.service.ts';
import { Announcer } from '../../apps/platform/federation/announcer.ts';
import { Combiner } from '../../apps/platform/federation/combiner.service.ts';
import { FederationService } from '../../apps/platform/federation/federation.service.ts';
import { TaskJournal } from '../../apps/platform/federation/task-journal.ts';
import { Ciphers, type Crowd, type NamedBytes, type Site } from './crowd.ts';
import type { Stage, Stand } from './stand.ts';

const DAY_MS = 86_400_000;
const START_MS = Date.UTC(2026, 0, 5);
/** Sites prepared at a time, so that their bytes need not all be in memory. */
const BATCH = 25;
/** 59 bits: a response that lies, the same at every point, on a polynomial of degree 0. */
const CONSTANT_RESPONSE = '1152921504606683136';

interface Prepared {
  readonly site: Site;
  readonly message: AnyMessage;
  readonly blobs: readonly NamedBytes[];
}

export interface RoundBytes {
  /** What one site that is no decryptor sends. */
  readonly uploaderBytes: number;
  /** What one decryptor sends and receives as such: everybody's sealed share, its share test, its answer. */
  readonly decryptorBytes: number;
  /** All messages: what a node reads that verifies the whole task. */
  readonly transcriptBytes: number;
}

/** One task from card to release; sites' own work stands outside what is measured. */
export class Round {
  readonly #service: FederationService;
  readonly #blobs: BlobService;
  #transcriptBytes = 0;

  private constructor(
    private readonly stand: Stand,
    private readonly crowd: Crowd,
    private readonly ciphers: Ciphers,
    private readonly task: { readonly id: string; readonly cardHash: string },
    private readonly progress: (text: string) => void,
  ) {
    this.#service = stand.app.get(FederationService);
    this.#blobs = stand.app.get(BlobService);
  }

  static async open(
    stand: Stand,
    crowd: Crowd,
    decryptors: number,
    progress: (text: string) => void,
  ): Promise<Round> {
    const service = stand.app.get(FederationService);
    const [operator] = crowd.sites;
    const ids = crowd.sites.map(({ organisation }) => organisation);
    const principal = { ...operator!.principal, roles: ['operator'] as const };
    const task = await stand.measured('task', () =>
      service.createTask(principal, {
        series: ['load_kwh'],
        ridge: { statistic: 'moments', stepMinutes: 60, lookback: 168, horizon: 24 },
        zone: 'Europe/Berlin',
        train: { start: START_MS, end: START_MS + 28 * DAY_MS },
        validation: { start: START_MS + 28 * DAY_MS, end: START_MS + 49 * DAY_MS },
        organisationIds: ids,
        decryptorIds: ids.slice(0, decryptors),
        windows: { keys: 86_400, upload: 86_400, answer: 86_400 },
      }),
    );
    const ciphers = await Ciphers.of(await service.card(principal, task.id), task.cardHash, crowd);
    return new Round(stand, crowd, ciphers, task, progress);
  }

  async run(): Promise<RoundBytes> {
    using ciphers = this.ciphers;
    const { decryptors } = ciphers.card.release;
    const committee = this.crowd.sites.slice(0, decryptors.length);
    const dealt = await this.#everybody('deal', (site) => this.#deal(site));
    const tested = await this.#shareTest(committee);
    const uploaded = await this.#everybody('upload', (site) => this.#upload(site));
    await this.stand.measured('sites', () => this.#closed());
    const answered = await this.#answers(committee);
    await this.#requireSum();
    const n = this.crowd.sites.length;
    return {
      uploaderBytes: (dealt + uploaded) / n,
      decryptorBytes: Math.round(
        n * ciphers.sealedShares(0)[0]!.bytes + (tested + answered) / committee.length,
      ),
      transcriptBytes: this.#transcriptBytes,
    };
  }

  /** @returns bytes they sent */
  async #everybody(kind: MemberKind, prepare: (site: Site) => Promise<Prepared>): Promise<number> {
    const { sites } = this.crowd;
    let sent = 0;
    for (let from = 0; from < sites.length; from += BATCH) {
      const batch: Prepared[] = [];
      for (const site of sites.slice(from, from + BATCH)) batch.push(await prepare(site));
      sent += await this.#send('sites', batch);
      // The platform never reads a sealed share, and the simulated decryptors have theirs: room on the disk.
      if (kind === 'deal') await this.#forget(batch);
      if (from % (40 * BATCH) === 0) this.progress(`${kind}: ${from + batch.length} of ${sites.length}`);
    }
    return sent;
  }

  async #send(stage: Stage, batch: readonly Prepared[]): Promise<number> {
    await this.stand.measured(stage, async () => {
      for (const { site, message, blobs } of batch) {
        await Promise.all(blobs.map((blob) => this.#put(site, blob)));
        await this.#service.postMessage(site.principal, this.task.id, message);
      }
      await this.stand.app.get(Announcer).run(this.task.id);
    });
    const messages = batch.reduce((sum, { message }) => sum + JSON.stringify(message).length, 0);
    this.#transcriptBytes += messages;
    return batch.reduce((sum, { blobs }) => sum + blobs.reduce((all, { bytes }) => all + bytes, 0), messages);
  }

  #put({ principal }: Site, { blob, bytes, content }: NamedBytes): Promise<unknown> {
    const options = { audience: 'community', declaredBytes: bytes } as const;
    return this.#blobs.put(principal, blob, once(content), options);
  }

  async #forget(batch: readonly Prepared[]): Promise<void> {
    for (const { blobs } of batch) for (const { blob } of blobs) await rm(this.#blobs.path(blob));
  }

  async #say<K extends MemberKind>(
    site: Site,
    kind: K,
    payload: Payloads[K],
    blobs: readonly NamedBytes[] = [],
  ): Promise<Prepared> {
    const unsigned = { cardHash: this.task.cardHash, round: 1, kind, sender: site.organisation, payload };
    const message = await signMessage(unsigned, site.signing.privateKey);
    return { site, message: message as AnyMessage, blobs };
  }

  #deal(site: Site): Promise<Prepared> {
    const blobs = this.ciphers.sealedShares(site.number);
    return this.#say(site, 'deal', { shares: blobs.map(reference) }, blobs);
  }

  async #upload(site: Site): Promise<Prepared> {
    const upload = this.ciphers.upload(site.number);
    return this.#say(site, 'upload', { ...reference(upload), model: this.task.cardHash, attempt: 0 }, [
      upload,
    ]);
  }

  async #state(): Promise<TaskState> {
    const { app } = this.stand;
    const { state } = await app
      .get(Database)
      .asSystem((manager) => app.get(TaskJournal).load(manager, this.task.id));
    return state;
  }

  async #shareTest(committee: readonly Site[]): Promise<number> {
    const nonces = committee.map(() => randomBytes(32));
    for (const [i, site] of committee.entries()) {
      const commitment = createHash('sha256').update(nonces[i]!).digest('hex');
      await this.#send('task', [await this.#say(site, 'commit', { commitment })]);
    }
    for (const [i, site] of committee.entries()) {
      await this.#send('task', [await this.#say(site, 'reveal', { nonce: nonces[i]!.toString('hex') })]);
    }
    const state = await this.#state();
    const challenge = await shareTestChallenge(state);
    for (const site of committee) await this.#send('task', [await this.#say(site, 'agree', { challenge })]);
    let sent = 0;
    for (const [i, site] of committee.entries()) {
      const responses = [];
      for (const dealer of this.crowd.sites) responses.push(await this.#respond(state, dealer, i + 1));
      sent += await this.#send('task', [await this.#say(site, 'test', { responses })]);
    }
    this.progress('share test done');
    return sent;
  }

  async #respond(state: TaskState, dealer: Site, point: number): Promise<readonly string[]> {
    const { ciphers } = this;
    if (!ciphers.isReal(dealer.number)) {
      return Array.from({ length: 2 * ciphers.card.encryption.primes.length }, () => CONSTANT_RESPONSE);
    }
    const seed = await shareTestSeed(state, dealer.organisation);
    return ciphers.aggregator.shareTest(ciphers.share(dealer.number, point), seed);
  }

  /** U is fixed and, where it is large, its parts are added up. */
  async #closed(): Promise<void> {
    const combiner = this.stand.app.get(Combiner);
    while (!(await combiner.ready(await this.#state()))) await wait(20);
  }

  async #answers(committee: readonly Site[]): Promise<number> {
    const { uploadsHash } = await this.#state();
    for (const site of committee) {
      await this.#send('task', [await this.#say(site, 'ready', { uploadsHash: uploadsHash! })]);
      if ((await this.#state()).phase === 'answering') break;
    }
    const state = await this.#state();
    const perAnswer: number[] = [];
    for (const point of state.active) {
      const bytes = await this.#answer(state, committee, point);
      const named = { blob: await sha256Hex(bytes), bytes: bytes.length, content: bytes };
      const site = committee[point - 1]!;
      perAnswer.push(await this.#send('task', [await this.#say(site, 'answer', reference(named), [named])]));
    }
    await this.stand.measured('task', async () => {
      while ((await this.#state()).phase === 'answering') await wait(20);
    });
    this.progress('answered');
    return perAnswer[0]! * committee.length;
  }

  async #answer(state: TaskState, committee: readonly Site[], index: number): Promise<Bytes> {
    const { cardHash, active, card } = state;
    const own = committee[index - 1]!;
    const others = active.filter((point) => point !== index);
    const maskKeys = new Map(
      others.map((point) => [
        point,
        maskKey(own.agreement.privateKey, committee[point - 1]!.agreement.publicKey, cardHash),
      ]),
    );
    const agreementHash = await agreementHashOf(state.uploadsHash!, active, 0);
    const uploaders = new Set(state.close!.uploads.map(({ organisation }) => organisation));
    const shares = this.crowd.sites
      .filter(({ organisation }) => uploaders.has(organisation))
      .map(({ number }) => this.ciphers.share(number, index));
    const chunks = Array.from({ length: chunkCount(card.encryption) }, (_, chunk) =>
      this.ciphers.aggregator.answer({
        shares,
        index,
        active,
        maskKeys,
        agreementHash,
        component: { cardHash, round: 1, chunk },
      }),
    );
    return concat(...chunks);
  }

  /** The release is the plain sum of what the real sites sent, to the last bit of the fixed point. */
  async #requireSum(): Promise<void> {
    const { phase, releases, failure, card } = await this.#state();
    if (phase !== 'released')
      throw new Error(`expected a release, got ${phase}: ${failure?.code ?? 'waiting'}`);
    const [sum] = groupsIn(await this.#blobs.read(releases[0]!.release.aggregate.blob), card);
    const real = this.crowd.sites.filter(({ number }) => this.ciphers.isReal(number));
    const moments = real.map(({ number }) => this.ciphers.moments(number));
    const slack = (real.length + 1) * 2 ** -card.encryption.fractionBits;
    sum!.forEach((value, i) => {
      const plain = moments.reduce((all, site) => all + site[i]!, 0);
      if (Math.abs(value - plain) > slack + Math.abs(plain) * 1e-12)
        throw new Error(`expected ${plain} as sum ${i}, got ${value}`);
    });
  }
}

const reference = ({ blob, bytes }: NamedBytes) => ({ blob, bytes });

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
