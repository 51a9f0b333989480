import { rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import {
  codeOf,
  type FederatedTask,
  FederationRound,
  type FederationSite,
} from './harness/federation-round.ts';
import type { Sender, TestOrganisation } from './harness/platform.ts';
import { SERIES } from './harness/site-readings.ts';

/*
 * What operators and members see of a task under way: whom it waits for, who keeps out of it and why, and its news. And
 * what an owner sees to: a node takes part in what consent.json allows.
 */

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const MINUTES = 60_000;

const PROGRESS = `query ($id: ID!) {
  task(id: $id) { phase awaited uploads decryptors failure { code organisationIds } declines { organisationId code reason } }
}`;
const DECLINE = `mutation ($taskId: ID!, $code: String!, $reason: String!) {
  declineTask(taskId: $taskId, code: $code, reason: $reason) { organisationId code reason }
}`;
const CHANGED = `subscription ($id: ID!, $after: Int) {
  taskChanged(taskId: $id, after: $after) { index kind round sender task { id phase awaited } }
}`;
const ANY_CHANGED = 'subscription { tasksChanged { index kind task { id } } }';

interface Progress {
  readonly phase: string;
  readonly awaited: readonly string[];
  readonly uploads: number;
  readonly decryptors: number;
  readonly failure: { readonly code: string; readonly organisationIds: readonly string[] } | null;
  readonly declines: readonly {
    readonly organisationId: string;
    readonly code: string;
    readonly reason: string;
  }[];
}

interface Change {
  readonly index: number;
  readonly kind: string;
  readonly task: { readonly id: string; readonly phase: string };
}

let round: FederationRound;
let four: readonly FederationSite[];
let stranger: TestOrganisation;

beforeAll(async () => {
  round = await FederationRound.start(5);
  four = round.sites.slice(0, 4);
  stranger = await round.platform.createOrganisation('Stranger');
}, 2 * MINUTES);

afterAll(() => round.stop());

const idsOf = (sites: readonly FederationSite[]) => sites.map(({ organisationId }) => organisationId);

const progress = async (
  { id }: FederatedTask,
  sender: Sender = round.platform.operatorKey,
): Promise<Progress> => (await round.platform.data<{ task: Progress }>(PROGRESS, { id }, sender)).task;

const decline = (taskId: string, sender: Sender, said = { code: 'CONSENT_SERIES', reason: 'not this one' }) =>
  round.platform.graphql(DECLINE, { taskId, ...said }, sender);

const consentFile = ({ node }: FederationSite) => node.directory.file('consent.json');
const consent = (site: FederationSite, terms: object) =>
  writeFile(consentFile(site), JSON.stringify({ format: 'gridcommons/consent/1', ...terms }));

/** Changes as a member hears them: `take` asks for the next ones. */
function follow(query: string, variables: Record<string, unknown>, key: string) {
  const client = createClient({
    url: `${round.platform.url.replace('http', 'ws')}/graphql`,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  });
  const events = client.iterate<Record<string, Change>>({ query, variables });
  return {
    events,
    async take(count: number): Promise<Change[]> {
      const taken: Change[] = [];
      while (taken.length < count) {
        // One after the other, in order.
        const { value } = await events.next();
        taken.push(Object.values((value as { data: Record<string, Change> }).data)[0]!);
      }
      return taken;
    },
    stop: () => client.dispose(),
  };
}

describe('the progress of a task', () => {
  it(
    'names whom the phase waits for, counts uploads and decryptors, and shows it to members and the operator alike',
    async () => {
      const task = await round.createTask(four);
      expect(await progress(task)).toEqual({
        phase: 'dealing',
        awaited: idsOf(four),
        uploads: 0,
        decryptors: 0,
        failure: null,
        declines: [],
      });
      await round.run(task, 'uploading', four);
      await four[0]!.loop.step();
      expect(await progress(task, four[2]!.participant)).toMatchObject({
        uploads: 1,
        awaited: idsOf(four.slice(1)),
      });
      await round.run(task, 'answering', four);
      const answering = await progress(task, four[3]!.apiKey);
      expect(answering).toMatchObject({ uploads: 4, decryptors: 2, awaited: idsOf(four.slice(0, 2)) });
      await round.run(task, 'released', four);
      await round.settle(four);
      expect(await progress(task)).toMatchObject({ phase: 'released', awaited: [], failure: null });
      expect(codeOf(await round.platform.graphql(PROGRESS, { id: task.id }, stranger.apiKey))).toBe(
        'TASK_UNKNOWN',
      );
    },
    3 * MINUTES,
  );

  it('says why a task failed and whom it lacked', async () => {
    const task = await round.createTask(four, SERIES[1]);
    await round.expireWindow(task);
    expect(await progress(task, four[0]!.apiKey)).toMatchObject({
      phase: 'failed',
      awaited: [],
      failure: { code: 'DEALERS_TOO_FEW', organisationIds: idsOf(four) },
    });
    await round.settle(four);
  });
});

describe('a site whose owner does not accept a task', () => {
  it(
    'declines it before all members, once, and takes part after all when its owner consents',
    async () => {
      const site = four[2]!;
      await consent(site, { series: ['pv_kwh'] });
      const task = await round.createTask(four, SERIES[1]);
      await round.run(task, 'released', four);
      const declines = [
        {
          organisationId: site.organisationId,
          code: 'CONSENT_SERIES',
          reason: `expected a series this owner accepts, got ${SERIES[1]}`,
        },
      ];
      for (const sender of [round.platform.operatorKey, four[0]!.apiKey, site.participant]) {
        expect(await progress(task, sender)).toMatchObject({
          phase: 'dealing',
          awaited: [site.organisationId],
          declines,
        });
      }
      const told = () =>
        site.events.filter(({ event, facts }) => event === 'refused' && facts['task'] === task.id);
      expect(told()).toHaveLength(1);

      await rm(consentFile(site));
      expect(await round.run(task, 'released', four)).toBe('released');
      expect(await progress(task)).toMatchObject({ declines: [] });
      expect((await round.state(task)).close!.uploads.map(({ organisation }) => organisation)).toContain(
        site.organisationId,
      );
      await round.settle(four);
      expect(told()).toHaveLength(1);
    },
    4 * MINUTES,
  );

  it(
    'stops where consent is withdrawn, while the others upload',
    async () => {
      const site = four[3]!;
      const others = four.slice(0, 3);
      const task = await round.createTask(round.sites, SERIES[2]);
      await round.run(task, 'uploading');
      await consent(site, { organisations: [] });
      await site.loop.step();
      expect(await progress(task)).toMatchObject({
        awaited: idsOf(round.sites),
        declines: [{ organisationId: site.organisationId, code: 'CONSENT_ORGANISATION' }],
      });
      await round.run(task, 'preparing');
      const { uploads } = await round.state(task);
      expect(idsOf(others).every((id) => uploads.has(id))).toBe(true);
      expect(uploads.has(site.organisationId)).toBe(false);
      await rm(consentFile(site));
      await round.expireWindow(task);
      await round.settle();
    },
    4 * MINUTES,
  );
});

describe('a decline', () => {
  let task: FederatedTask;
  beforeAll(async () => {
    task = await round.createTask(four, SERIES[2]);
  });

  it('is the last word of an organisation, and no word in the transcript', async () => {
    const [, , , site] = four;
    const before = (await round.status(task)).headIndex;
    await decline(task.id, site!.participant);
    const { data } = await decline(task.id, site!.participant, {
      code: 'CONSENT_KIND',
      reason: 'nor this kind',
    });
    const said = { organisationId: site!.organisationId, code: 'CONSENT_KIND', reason: 'nor this kind' };
    expect(data).toEqual({ declineTask: said });
    expect((await progress(task)).declines).toEqual([said]);
    expect((await round.status(task)).headIndex).toBe(before);
  });

  it('comes from participants of the roster only', async () => {
    expect(codeOf(await decline(task.id, four[0]!.apiKey))).toBe('PARTICIPANT_REQUIRED');
    expect(codeOf(await decline(task.id, round.platform.operatorKey))).toBe('PARTICIPANT_REQUIRED');
    for (const outsider of [stranger.participant, round.sites[4]!.participant]) {
      expect(codeOf(await decline(task.id, outsider))).toBe('TASK_UNKNOWN');
      expect(codeOf(await decline(UNKNOWN, outsider))).toBe('TASK_UNKNOWN');
    }
    expect(codeOf(await decline(task.id, undefined))).toBe('UNAUTHENTICATED');
  });

  it.each([
    [{ code: 'lower', reason: 'x' }, 'DECLINE_CODE'],
    [{ code: 'A'.repeat(65), reason: 'x' }, 'DECLINE_CODE'],
    [{ code: 'CONSENT_KIND', reason: '' }, 'DECLINE_REASON'],
    [{ code: 'CONSENT_KIND', reason: 'x'.repeat(301) }, 'DECLINE_REASON'],
    [{ code: 'CONSENT_KIND', reason: 'clears\u001b[2J the terminal' }, 'DECLINE_REASON'],
    [{ code: 'CONSENT_KIND', reason: 'a\u0000b' }, 'TEXT_INVALID'],
    [{ code: 'CONSENT_KIND', reason: 'turns \u202e text' }, 'DECLINE_REASON'],
  ])('of another shape is refused: %j', async (said, code) => {
    expect(codeOf(await decline(task.id, four[1]!.participant, said))).toBe(code);
  });

  it('comes too late where the task has ended', async () => {
    await round.expireWindow(task);
    expect(codeOf(await decline(task.id, four[1]!.participant))).toBe('TASK_ENDED');
    await round.settle(four);
  });
});

describe('a subscription', () => {
  it(
    "brings each of a task's entries once and in order, from the index asked for",
    async () => {
      const task = await round.createTask(four, SERIES[0]);
      const whole = follow(CHANGED, { id: task.id, after: -1 }, round.platform.operatorKey);
      const news = follow(CHANGED, { id: task.id }, four[1]!.apiKey);
      expect(await whole.take(1)).toMatchObject([
        { index: 0, kind: 'card', task: { id: task.id, phase: 'dealing' } },
      ]);
      const [firstNews] = [news.take(3), await pause(1_500)];
      await round.run(task, 'testing', four);
      const { headIndex } = await round.status(task);
      const changes = await whole.take(headIndex);
      const entries = await round.entries(task);
      expect(changes.map(({ index, kind }) => [index, kind])).toEqual(
        entries.slice(1).map(({ index, message }) => [index, message.kind]),
      );
      expect((await firstNews).map(({ index }) => index)).toEqual([1, 2, 3]);
      await Promise.all([whole.stop(), news.stop()]);
      await round.expireWindow(task);
      await round.settle(four);
    },
    3 * MINUTES,
  );

  it("to all tasks brings those of one's own, new ones with their card, and never another's", async () => {
    const mine = follow(ANY_CHANGED, {}, four[0]!.apiKey);
    const theirs = follow(ANY_CHANGED, {}, round.sites[4]!.apiKey);
    const [first, none] = [mine.take(2), theirs.events.next()];
    await pause(1_500);
    const task = await round.createTask(four, SERIES[0]);
    await round.expireWindow(task);
    expect(await first).toMatchObject([
      { index: 0, kind: 'card', task: { id: task.id } },
      { index: 1, kind: 'fail', task: { id: task.id } },
    ]);
    const silence = await Promise.race([none.then(() => 'an event'), pause(1_500).then(() => 'silence')]);
    expect(silence).toBe('silence');
    await Promise.all([mine.stop(), theirs.stop()]);
    await round.settle(four);
  });

  it('to a task of others is refused like one to no task', async () => {
    const task = await round.createTask(four, SERIES[0]);
    for (const id of [task.id, UNKNOWN, 'x']) {
      const { events, stop } = follow(CHANGED, { id }, stranger.apiKey);
      const { value } = await events.next();
      expect(value).toMatchObject({ errors: [{ extensions: { code: 'TASK_UNKNOWN' } }] });
      await stop();
    }
    await round.expireWindow(task);
    await round.settle(four);
  });
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
