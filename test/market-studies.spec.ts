import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { market } from './harness/market-verb.ts';
import { startPlatform, type Sender, type TestOrganisation, type TestPlatform } from './harness/platform.ts';

interface Study {
  readonly id: string;
  readonly state: 'QUEUED' | 'RUNNING' | 'DONE' | 'FAILED' | 'CANCELLED';
  readonly progress: number | null;
  readonly progressText: string | null;
  readonly result: unknown;
  readonly error: { readonly code: string; readonly message: string; readonly data: unknown } | null;
  readonly solverMs: number | null;
}

const FIELDS = 'id verb method state progress progressText result error { code message data } solverMs';
const SUBMIT = `mutation ($input: SubmitMarketStudyInput!) { submitMarketStudy(input: $input) { ${FIELDS} } }`;
const CANCEL = `mutation ($id: ID!) { cancelMarketStudy(id: $id) { ${FIELDS} } }`;
const STUDY = `query ($id: ID!) { marketStudy(id: $id) { ${FIELDS} input options timeLimitSeconds expiresAt } }`;
const STUDIES = `query ($after: String) {
  marketStudies(first: 2, after: $after) { edges { node { id verb state } } pageInfo { hasNextPage endCursor } }
}`;
const CHANGED = `subscription ($id: ID!) { marketStudyChanged(id: $id) { ${FIELDS} } }`;

const GAME = {
  players: ['A', 'B', 'C'],
  values: { A: 2, B: '4', C: 5, 'B,A': 18, 'A,C': 14, 'B,C': 9, 'C,B,A': 24 },
};
const DISPATCH = {
  horizon: 4,
  resolution: 'PT1H',
  mode: 'community',
  prices: { buy: [0.1, 0.1, '0.40', 0.4], sell: 0.05 },
  members: [
    {
      id: 'north',
      load: 1,
      pv: [0, 3, 0, 0],
      devices: [{ id: 'battery', type: 'battery', capacityKwh: 5, chargeKw: 3, dischargeKw: 3 }],
    },
    { id: 'south', load: [1, 2, 1, 2] },
  ],
};
const FEEDER = {
  base: { kv: 12.66, mva: 10 },
  root: 'grid',
  price: 0.2,
  buses: [{ id: 'grid' }, { id: 'north', p: 900, q: 300, vmin: 0.95, vmax: 1.05 }],
  lines: [{ from: 'grid', to: 'north', r: 1.2, x: 0.8, limit: 2000 }],
};
/** So many orders take minutes. */
const ENDLESS = { verb: 'share', method: 'shapley', input: GAME, options: { samples: 10_000_000, seed: 1 } };

const running = ({ state }: Study): boolean => state === 'RUNNING';

const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

describe('market studies', () => {
  let platform: TestPlatform;
  let firm: TestOrganisation;
  let rival: TestOrganisation;
  const lines: string[] = [];

  beforeAll(async () => {
    platform = await startPlatform({ env: { LOG_LEVEL: 'debug' }, log: (line) => lines.push(line) });
    [firm, rival] = [await platform.createOrganisation(), await platform.createOrganisation()];
  }, 60_000);

  afterAll(() => platform.stop());

  const ask = (input: object, sender: Sender = firm.apiKey) =>
    platform.graphql(SUBMIT, { input: { idempotencyKey: randomUUID(), ...input } }, sender);

  async function submitted(input: object, sender: Sender = firm.apiKey): Promise<Study> {
    const { data, errors } = await ask(input, sender);
    expect(errors).toBeUndefined();
    return (data as unknown as { submitMarketStudy: Study }).submitMarketStudy;
  }

  const refusal = async (input: object) => (await ask(input)).errors![0]!.extensions;

  /** Every state of a study, over WebSocket, until `enough` of it or its end. */
  async function followed(id: string, enough: (study: Study) => boolean = () => false): Promise<Study[]> {
    const client = createClient({
      url: `${platform.url.replace('http', 'ws')}/graphql`,
      connectionParams: bearer(firm.apiKey),
      retryAttempts: 0,
    });
    const seen: Study[] = [];
    try {
      for await (const { data } of client.iterate<{ marketStudyChanged: Study }>({
        query: CHANGED,
        variables: { id },
      })) {
        seen.push(data!.marketStudyChanged);
        if (enough(seen.at(-1)!)) break;
      }
      return seen;
    } finally {
      await client.dispose();
    }
  }

  const study = async (id: string, sender: Sender = firm.apiKey): Promise<Study> =>
    (await platform.data<{ marketStudy: Study }>(STUDY, { id }, sender)).marketStudy;

  it.each([
    ['share', 'nucleolus', GAME, ['share', '--method', 'nucleolus']],
    ['dispatch', null, DISPATCH, ['dispatch']],
    ['network', 'dlmp', FEEDER, ['network', 'dlmp']],
  ])('give what the command line gives of the same input: %s %s', async (verb, method, input, words) => {
    const { id } = await submitted({ verb, method, input });
    const done = (await followed(id)).at(-1)!;
    expect(done).toMatchObject({ state: 'DONE', progress: 1, error: null, solverMs: expect.any(Number) });
    expect(done.result).toEqual((await market(words, input)).answer);
    expect(await study(id)).toMatchObject({
      state: 'DONE',
      result: done.result,
      input,
      options: {},
      timeLimitSeconds: 60,
    });
  });

  it('tell how far they are, and end when they are cancelled', async () => {
    const { id } = await submitted(ENDLESS);
    const seen = await followed(id, ({ progress }) => progress !== null && progress > 0);
    expect(seen.at(-1)).toMatchObject({
      state: 'RUNNING',
      progressText: expect.stringMatching(/^\d+ of 10000000 orders$/),
      result: null,
    });
    const following = followed(id);
    const { cancelMarketStudy } = await platform.data<{ cancelMarketStudy: Study }>(
      CANCEL,
      { id },
      firm.apiKey,
    );
    expect(cancelMarketStudy).toMatchObject({ state: 'CANCELLED', result: null, error: null });
    expect((await following).at(-1)).toMatchObject({ state: 'CANCELLED' });
    // Again it changes nothing; and its place is free for the next one.
    expect(await platform.data(CANCEL, { id }, firm.apiKey)).toMatchObject({
      cancelMarketStudy: { state: 'CANCELLED' },
    });
    const next = await submitted({ verb: 'share', method: 'core', input: GAME });
    expect((await followed(next.id)).at(-1)).toMatchObject({ state: 'DONE' });
    const { errors } = await platform.graphql(CANCEL, { id: next.id }, firm.apiKey);
    expect(errors![0]!.extensions.code).toBe('STUDY_FINISHED');
  });

  it('end in a code when their time is over', async () => {
    const { id } = await submitted({ ...ENDLESS, timeLimitSeconds: 1 });
    expect((await followed(id)).at(-1)).toMatchObject({
      state: 'FAILED',
      result: null,
      error: { code: 'STUDY_TIME_OUT', data: { seconds: 1 } },
    });
  });

  it('refuse what the command line refuses, with its code: input when it is submitted, the rest when it runs', async () => {
    const unknownKey = { players: ['A'], values: { A: 1 }, worth: 1 };
    for (const input of [unknownKey, { players: [], values: {} }]) {
      const { answer } = await market(['share', '--method', 'core'], input);
      const told = await refusal({ verb: 'share', method: 'core', input });
      expect(told.code).toBe((answer as { error: { code: string } }).error.code);
    }
    const nobody = { players: ['A', 'B'], values: { A: 3, B: 2, 'A,B': 4 } };
    const { id } = await submitted({ verb: 'share', method: 'nucleolus', input: nobody });
    const failed = (await followed(id)).at(-1)!;
    const { answer } = await market(['share', '--method', 'nucleolus'], nobody);
    expect(failed).toMatchObject({ state: 'FAILED', error: (answer as { error: object }).error });
  });

  it('refuse verbs, options, times and keys that are none, and who may not ask', async () => {
    const input = { verb: 'share', method: 'core', input: GAME };
    expect((await refusal({ ...input, verb: 'dice' })).code).toBe('STUDY_KIND_UNKNOWN');
    expect((await refusal({ ...input, method: 'dice' })).code).toBe('STUDY_KIND_UNKNOWN');
    expect((await refusal({ ...input, options: { luck: 1 } })).code).toBe('INPUT_KEY_UNKNOWN');
    expect((await refusal({ ...input, timeLimitSeconds: 601 })).code).toBe('STUDY_TIME_LIMIT');
    expect((await refusal({ ...input, idempotencyKey: 'two words' })).code).toBe('STUDY_KEY_MALFORMED');
    const { errors } = await platform.graphql(SUBMIT, { input: { ...input, idempotencyKey: 'k' } });
    expect(errors![0]!.extensions.code).toBe('UNAUTHENTICATED');
  });

  it('are the same study for the same key, and no other', async () => {
    const input = {
      verb: 'price',
      method: 'mmr',
      idempotencyKey: 'mmr-1',
      input: { members: [{ id: 'home', load: 3 }], retail: 0.3, feedIn: '0.08' },
    };
    const { id } = await submitted(input);
    expect((await submitted(input)).id).toBe(id);
    expect((await refusal({ ...input, method: 'sdr' })).code).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await submitted(input, rival.apiKey)).id).not.toBe(id);
  });

  it('are nobody else’s: not to be seen, followed or ended', async () => {
    const { id } = await submitted(ENDLESS);
    for (const [query, variables] of [
      [STUDY, { id }],
      [CANCEL, { id }],
    ] as const) {
      const { errors } = await platform.graphql(query, variables, rival.apiKey);
      expect(errors![0]!.extensions.code).toBe('STUDY_UNKNOWN');
    }
    const { marketStudies } = await platform.data<{ marketStudies: { edges: { node: { id: string } }[] } }>(
      STUDIES,
      {},
      rival.apiKey,
    );
    expect(marketStudies.edges.map(({ node }) => node.id)).not.toContain(id);
    expect(await platform.data(CANCEL, { id }, firm.participant)).toMatchObject({
      cancelMarketStudy: { state: 'CANCELLED' },
    });
  });

  it('are listed newest first, page by page', async () => {
    const seen: string[] = [];
    let after: string | null = null;
    do {
      interface Page {
        marketStudies: {
          edges: { node: { id: string } }[];
          pageInfo: { hasNextPage: boolean; endCursor: string | null };
        };
      }
      const { marketStudies }: Page = await platform.data<Page>(STUDIES, { after }, firm.apiKey);
      seen.push(...marketStudies.edges.map(({ node }) => node.id));
      after = marketStudies.pageInfo.hasNextPage ? marketStudies.pageInfo.endCursor : null;
    } while (after !== null);
    expect(seen.length).toBeGreaterThan(4);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it('begin again where the platform ended while they ran', async () => {
    const { id } = await submitted(ENDLESS);
    expect(running((await followed(id, running)).at(-1)!)).toBe(true);
    await platform.restart();
    expect(running((await followed(id, running)).at(-1)!)).toBe(true);
    await platform.data(CANCEL, { id }, firm.apiKey);
  });

  it('are told of by kind, with the schemas of what each takes', async () => {
    interface Kinds {
      marketStudyKinds: {
        verb: string;
        method: string | null;
        title: string;
        inputSchema: { properties?: object };
        optionsSchema: object;
      }[];
    }
    const query = `query ($verb: String) { marketStudyKinds(verb: $verb) { verb method title inputSchema optionsSchema } }`;
    const { marketStudyKinds } = await platform.data<Kinds>(query, {}, firm.apiKey);
    expect(marketStudyKinds.map(({ verb }) => verb)).toEqual(
      expect.arrayContaining(['share', 'dispatch', 'network', 'game', 'clear', 'price', 'storage', 'hub', 'resilience', 'design', 'fees', 'settle', 'bids', 'inventory', 'residual-mix']), // prettier-ignore
    );
    const shared = await platform.data<Kinds>(query, { verb: 'network' }, firm.apiKey);
    expect(shared.marketStudyKinds.map(({ method }) => method)).toEqual(['powerflow', 'dlmp', 'envelope']);
    expect(Object.keys(shared.marketStudyKinds[0]!.inputSchema.properties!)).toContain('buses');
  });

  it('leave nothing of what they are given and find in the log', async () => {
    const secret = `plant-${randomUUID()}`;
    const input = { players: [secret], values: { [secret]: 1 } };
    const { id } = await submitted({ verb: 'share', method: 'core', input });
    await followed(id);
    await refusal({ verb: 'share', method: 'core', input: { ...input, [secret]: 1 } });
    expect(lines.join('\n')).not.toContain(secret);
  });
});
