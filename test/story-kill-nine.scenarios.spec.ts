import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHUNK_BYTES } from '#encryption';
import { type AnyMessage, MEMBER_KINDS, type PlatformKind } from '#federation';
import type { TranscriptEntry } from '#transcript';
import { BuiltProcess, type ProcessEvent } from './harness/built-process.ts';
import { KillableCommunity, type KillableSite, type Task } from './harness/killable-community.ts';
import type { Exchange, Meddler, Passage } from './harness/meddling-proxy.ts';
import { otherShare } from './harness/other-share.ts';

const STORY_MS = 600_000;
/** What the platform says in a task without silence; each is written before anybody is told. */
const ANNOUNCEMENTS: readonly PlatformKind[] = ['dealt', 'close', 'active', 'release'];
/** When a site dies: its statement durable but not sent; at the platform but not acknowledged; acknowledged. */
const MOMENTS = ['unsent', 'unacknowledged', 'said'];

const after = (kind: PlatformKind): string => `platform after ${kind}`;

/**
 * Kills a site at each moment of each statement that the state machine knows, one while it encrypts, and the platform in the
 * middle of an upload's bytes, with a signed message of each kind in its hands, when it has made each announcement, and
 * before it can combine the answers. One site's shares are spoilt at home, so that the others have to open theirs.
 */
class Strikes implements Meddler {
  readonly due = new Set([
    ...MEMBER_KINDS.flatMap((kind) => MOMENTS.map((moment) => `${kind} ${moment}`)),
    'site encrypting',
    'platform receiving a ciphertext',
    ...MEMBER_KINDS.map((kind) => `platform receiving ${kind}`),
    ...ANNOUNCEMENTS.map((kind) => `platform after ${kind}`),
    'platform with all answers',
  ]);
  readonly pending: Promise<void>[] = [];
  community: KillableCommunity | undefined;
  /** What else a test does to an answer; undefined withholds it. */
  withAnswer: Meddler['after'] = async (_, answer) => answer;
  private readonly struck = new Set<string>();
  private readonly answered = new Set<string>();

  async before(exchange: Exchange): Promise<Passage> {
    const { kind, method, body } = exchange;
    if (method === 'PUT' && body.length === CHUNK_BYTES && this.take('platform receiving a ciphertext'))
      return 'half, then nothing';
    if (await this.strikeSite(exchange, 'unsent')) return 'drop';
    if (kind === 'reveal') await this.spoil(exchange);
    if (kind !== undefined && this.take(`platform receiving ${kind}`)) return 'all, then nothing';
    return 'pass';
  }

  /** What one site holds of the others' shares is not what they sent: its disk, or they, would be to blame. */
  private async spoil({ participantId, body }: Exchange): Promise<void> {
    const { sites } = this.community!;
    const [victim] = sites;
    if (this.due.size === 0 || participantId !== victim!.participantId) return;
    const { variables } = JSON.parse(body.toString('utf8')) as { variables: { message: AnyMessage } };
    for (const { organisationId } of sites.slice(1)) {
      const file = victim!.directory.file(
        'federation',
        variables.message.cardHash,
        `share-${organisationId}.bin`,
      );
      await writeFile(file, otherShare());
    }
  }

  cut(): Promise<void> {
    return this.community!.killPlatform();
  }

  async after(exchange: Exchange, answer: Buffer): Promise<Buffer | undefined> {
    if (exchange.kind === 'answer') this.answered.add(exchange.participantId);
    const struck = await this.strikeSite(exchange, 'unacknowledged');
    const news = ANNOUNCEMENTS.find(
      (kind) => answer.includes(`"kind":"${kind}"`) && this.due.has(after(kind)),
    );
    const told = news !== undefined && this.take(after(news));
    const all = this.answered.size === 2 && this.take('platform with all answers');
    if (told || all) await this.community!.killPlatform();
    return struck || told ? undefined : this.withAnswer(exchange, answer);
  }

  /** A node says what it did. */
  hear(site: KillableSite, { event }: ProcessEvent): void {
    const strike = event === 'encrypted' ? this.take('site encrypting') : this.takeFrom(site, event, 'said');
    if (strike) this.pending.push(this.community!.killSite(site));
  }

  private async strikeSite({ participantId, kind }: Exchange, moment: string): Promise<boolean> {
    const site = this.community?.site(participantId);
    if (!site || kind === undefined || !this.takeFrom(site, kind, moment)) return false;
    await this.community!.killSite(site);
    return true;
  }

  /** Each site dies at one moment of a statement at most; only two say `answer`, so one of them dies twice. */
  private takeFrom(site: KillableSite, kind: string, moment: string): boolean {
    const again = kind === 'answer' && moment === 'said';
    if (!again && this.struck.has(`${site.name} ${kind}`)) return false;
    if (!this.take(`${kind} ${moment}`)) return false;
    this.struck.add(`${site.name} ${kind}`);
    return true;
  }

  private take(strike: string): boolean {
    return this.due.delete(strike);
  }
}

describe('kill −9 (a real process) of platform or participant at every transition of the state-machine table, before and after each durable write → resumes, same final model hash for the same cohort', () => {
  const strikes = new Strikes();
  let community: KillableCommunity;

  beforeAll(async () => {
    community = await KillableCommunity.start(strikes);
    strikes.community = community;
    community.onEvent = (site, event) => strikes.hear(site, event);
    await community.until(() => community.sites.every((site) => has(site, 'started')), 'four nodes');
  }, STORY_MS);

  afterAll(() => community.stop());

  const released = (task: Task, sites = community.sites): Promise<void> =>
    community.until(
      () => sites.every((site) => has(site, 'model', task)),
      `the model of task ${task.id} at ${sites.length} sites`,
    );
  const messagesOf = async (task: Task): Promise<AnyMessage[]> => {
    const { transcript } = await (
      await community.api()
    ).request<{ transcript: TranscriptEntry[] }>(
      'query ($id: ID!) { transcript(taskId: $id, first: 100) { message } }',
      { id: task.id },
    );
    return transcript.map(({ message }) => message);
  };

  it(
    'a second process on a directory in use is refused',
    async () => {
      const { url } = community.database;
      const [{ directory }] = community.sites as [KillableSite];
      const second = [
        BuiltProcess.command(['participant', 'start', '--dir', directory.path, '--json']),
        // Any number of platforms share a database server.
        ...(url === undefined ? [BuiltProcess.platform(community.platformEnvironment(0))] : []),
      ];
      for (const refused of second) {
        expect(await refused.end).toEqual({ exitCode: 1, signal: null });
        expect(refused.errors).toContain('DATA_DIR_IN_USE');
      }
    },
    STORY_MS,
  );

  it(
    'loses nothing, says nothing twice, and ends with one model',
    async () => {
      const task = await community.createTask();
      await released(task);
      await Promise.all(strikes.pending);
      expect([...strikes.due]).toEqual([]);
      const hashes = community.sites.flatMap(({ events }) =>
        events.filter(({ event }) => event === 'model').map(({ modelHash }) => modelHash),
      );
      expect(new Set(hashes).size).toBe(1);

      const messages = await messagesOf(task);
      const said = messages.map(({ kind, round, sender }) => `${kind} ${round} ${sender}`);
      expect(new Set(said).size).toBe(said.length);
      expect(messages.map(({ kind }) => kind).filter((kind) => kind === 'burn' || kind === 'fail')).toEqual(
        [],
      );
      for (const { organisationId, directory } of community.sites) {
        const own = messages.filter(({ sender }) => sender === organisationId);
        const disputing = organisationId === community.sites[0]!.organisationId;
        const expected = MEMBER_KINDS.slice(0, 6).filter((kind) => kind !== 'open' || !disputing);
        expect(own.map(({ kind }) => kind).slice(0, expected.length)).toEqual(expected);
        const written = await outboxOf(directory.file('federation', task.cardHash));
        expect(new Set(written.map(({ kind, round }) => `${kind} ${round}`)).size).toBe(written.length);
        // Three READY make a quorum: the fourth may come after the active set was announced.
        const inTime = (message: AnyMessage): boolean =>
          message.kind !== 'ready' || own.length === written.length;
        expect(own).toEqual(written.filter(inTime));
      }
      expect(messages.filter(({ kind }) => kind === 'ready').length).toBeGreaterThanOrEqual(3);
      expect(messages.filter(({ kind }) => kind === 'answer')).toHaveLength(2);

      const file = await community.exportTranscript(task);
      const verification = BuiltProcess.command(['verify-transcript', file, '--json']);
      expect(await verification.end).toEqual({ exitCode: 0, signal: null });
      expect(verification.events.at(-1)).toMatchObject({ verified: true });
    },
    STORY_MS,
  );

  it(
    'a site that dies while it trains begins the step again, and says of it one thing',
    async () => {
      const trainers = new Map<string, Set<BuiltProcess>>();
      community.onEvent = (site, { event, step, done }) => {
        if (event !== 'training') return;
        const name = `${site.name} ${Number(step)}`;
        const processes = (trainers.get(name) ?? new Set()).add(site.process);
        // In each step another dies, in the middle of its work.
        const dies = !trainers.has(name) && community.sites[Number(step)] === site && Number(done) < 100;
        trainers.set(name, processes);
        if (dies) strikes.pending.push(community.killSite(site));
      };
      const learning = { steps: 2, localEpochs: 20, rowsScale: 48 };
      const task = await community.createTask({ network: { hidden: 4 }, learning });
      await released(task);
      await Promise.all(strikes.pending);
      for (const step of [0, 1]) expect(trainers.get(`${community.sites[step]!.name} ${step}`)!.size).toBe(2);
      const messages = await messagesOf(task);
      const uploads = messages.filter(({ kind }) => kind === 'upload');
      expect(uploads.map(({ round, sender }) => `${round} ${sender}`).toSorted()).toEqual(
        [1, 2]
          .flatMap((round) => community.sites.map(({ organisationId }) => `${round} ${organisationId}`))
          .toSorted(),
      );
      const hashes = community.sites.map(
        ({ events }) => events.findLast(({ event }) => event === 'model')!['modelHash'],
      );
      expect(new Set(hashes).size).toBe(1);
    },
    STORY_MS,
  );

  it(
    'a site whose log was restored from an older copy says nothing more in the task',
    async () => {
      const last = community.sites.toSorted((a, b) => (a.name < b.name ? 1 : -1))[0]!;
      const others = community.sites.filter((site) => site !== last);
      let folder = '';
      let restored = false;
      strikes.withAnswer = async ({ kind, participantId }, answer) => {
        if (participantId !== last.participantId) return answer;
        if (kind === 'commit')
          await Promise.all(LOGS.map((log) => copyFile(join(folder, log), join(folder, `${log}.older`))));
        if (kind !== 'upload') return restored ? shortPage(answer) : answer;
        restored = true;
        await community.killSite(last, async () => {
          for (const log of LOGS) await copyFile(join(folder, `${log}.older`), join(folder, log));
        });
        return undefined;
      };
      const task = await community.createTask();
      folder = last.directory.file('federation', task.cardHash);
      await released(task, others);
      const refusals = () =>
        last.events.filter(({ event, task: id }) => event === 'refused' && id === task.id);
      await community.until(() => refusals().length > 0, 'a refusal');
      expect(refusals()).toMatchObject([{ code: 'LOG_OLDER_THAN_TRANSCRIPT' }]);
      const own = (await messagesOf(task)).filter(({ sender }) => sender === last.organisationId);
      expect(own.map(({ kind }) => kind)).toEqual(['deal', 'commit', 'reveal', 'agree', 'test', 'upload']);
      expect((await outboxOf(folder)).map(({ kind }) => kind)).toEqual(['deal', 'commit']);
    },
    STORY_MS,
  );
});

const has = ({ events }: KillableSite, name: string, task?: Task): boolean =>
  events.some(({ event, task: id }) => event === name && (task === undefined || id === task.id));

/** What a site remembers of a task. */
const LOGS = ['outbox.jsonl', 'transcript.jsonl'];

const outboxOf = async (folder: string): Promise<AnyMessage[]> =>
  (await readFile(join(folder, 'outbox.jsonl'), 'utf8'))
    .trimEnd()
    .split('\n')
    .map((line) => (JSON.parse(line) as { message: AnyMessage }).message);

/** A transcript told one entry at a time. */
function shortPage(answer: Buffer): Buffer {
  const { data } = JSON.parse(answer.toString('utf8')) as { data: { transcript?: unknown[] } };
  return data.transcript
    ? Buffer.from(JSON.stringify({ data: { transcript: data.transcript.slice(0, 1) } }))
    : answer;
}
