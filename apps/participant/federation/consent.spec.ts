import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { DomainError } from '#core';
import { SiteStory } from '../../../test/harness/site-story.ts';
import { SiteDirectory } from '../node/site-directory.ts';
import { type ConsentChanges, withChanges } from './consent-changes.ts';
import {
  type Consent,
  type ConsentTerms,
  OPEN_CONSENT,
  readConsent,
  requireConsent,
  requireConsented,
  writeConsent,
} from './consent.ts';
import { FederationLoop } from './federation-loop.ts';

const OWN = { legalId: 'LEI-0' };
const TERMS: ConsentTerms = {
  model: { kind: 'one-shot-ridge' },
  data: { series: ['load_kwh'] },
  release: { threshold: 2 },
  privacy: null,
  roster: [{ legalId: 'LEI-0' }, { legalId: 'LEI-1' }, { legalId: 'LEI-2' }, { legalId: 'LEI-3' }],
};
const LIMITED: Consent = { ...OPEN_CONSENT, budget: { epsilon: 4, delta: 1e-6 }, allowWithoutPrivacy: false };

/** The code of a refusal; null where the task is accepted. */
function codeOf(action: () => unknown): string | null {
  try {
    action();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error.code;
  }
}

const asked = (consent: Partial<Consent>, terms: Partial<ConsentTerms> = {}) =>
  codeOf(() => requireConsented({ ...OPEN_CONSENT, ...consent }, { ...TERMS, ...terms }, OWN));

const within = (kept: readonly string[], { series, organisations }: Consent): Partial<Consent> => ({
  series: kept.filter((name) => series.includes(name)),
  organisations: kept.filter((name) => organisations === '*' || organisations.includes(name)),
});

describe('a consent', () => {
  it('is open where its owner has said nothing', () => {
    expect(asked({})).toBeNull();
    expect(asked({}, { privacy: { epsilon: 900, delta: 0.5 }, model: { kind: 'network' } })).toBeNull();
  });

  it.each<[string, Partial<Consent>, Partial<ConsentTerms>, string]>([
    ['a kind', { taskKinds: ['network'] }, {}, 'CONSENT_KIND'],
    ['a kind nobody knows', {}, { model: { kind: 'lottery' } }, 'CONSENT_KIND'],
    ['a series', { series: ['pv_kwh'] }, {}, 'CONSENT_SERIES'],
    [
      'a column that a model sees beside the series',
      { series: ['load_kwh'] },
      { model: { kind: 'one-shot-ridge', inputs: { ahead: ['temperature_c'], past: [] } } },
      'CONSENT_SERIES',
    ],
    [
      'one of several series',
      { series: ['load_kwh'] },
      { data: { series: ['load_kwh', 'pv_kwh'] } },
      'CONSENT_SERIES',
    ],
    ['an organisation', { organisations: ['LEI-1', 'LEI-2'] }, {}, 'CONSENT_ORGANISATION'],
    ['a threshold', { minimumThreshold: 3 }, {}, 'CONSENT_THRESHOLD'],
    ['an exact sum', LIMITED, {}, 'CONSENT_PRIVACY'],
    ['too large an ε', LIMITED, { privacy: { epsilon: 4.1, delta: 1e-6 } }, 'CONSENT_BUDGET'],
    ['too large a δ', LIMITED, { privacy: { epsilon: 1, delta: 2e-6 } }, 'CONSENT_BUDGET'],
    ['an ε that is none', LIMITED, { privacy: { epsilon: Number.NaN, delta: 0 } }, 'CONSENT_BUDGET'],
  ])('declines %s outside of it', (_what, consent, terms, code) => {
    expect(asked(consent, terms)).toBe(code);
  });

  it('need not name its own organisation', () => {
    expect(
      asked({ organisations: ['LEI-3', 'LEI-2', 'LEI-1'], series: ['load_kwh'], minimumThreshold: 2 }),
    ).toBeNull();
  });

  it('measures its budget by what all tasks take, where somebody accounts for them', () => {
    const terms = { ...TERMS, privacy: { epsilon: 3, delta: 1e-7 } };
    expect(codeOf(() => requireConsented(LIMITED, terms, OWN))).toBeNull();
    expect(codeOf(() => requireConsented(LIMITED, terms, OWN, { epsilon: 6, delta: 2e-7 }))).toBe(
      'CONSENT_BUDGET',
    );
  });

  it('tells nobody the list of what it accepts', () => {
    const secret: Consent = {
      ...OPEN_CONSENT,
      organisations: ['LEI-1', 'Secret Partner'],
      series: ['hidden_kwh'],
    };
    const messages = [secret, { ...secret, series: '*' as const }].map((consent) => {
      try {
        requireConsented(consent, TERMS, OWN);
        return '';
      } catch (error) {
        return (error as Error).message;
      }
    });
    expect(messages).toEqual([
      'expected a series this owner accepts, got load_kwh',
      'expected organisations this owner accepts, got LEI-2',
    ]);
  });

  it('accepts nothing that a wider one declines', () => {
    const names = fc.subarray(['LEI-1', 'LEI-2', 'LEI-3', 'load_kwh', 'pv_kwh']);
    const loss = fc.record({ epsilon: fc.integer({ min: 1, max: 3 }), delta: fc.constantFrom(1e-7, 1e-6) });
    const wide: fc.Arbitrary<Consent> = fc.record({
      format: fc.constant('gridcommons/consent/1' as const),
      series: names,
      taskKinds: fc.subarray<'one-shot-ridge' | 'network'>(['one-shot-ridge', 'network']),
      organisations: fc.oneof(fc.constant('*' as const), names),
      minimumThreshold: fc.option(fc.integer({ min: 2, max: 3 })),
      budget: fc.option(loss),
      allowWithoutPrivacy: fc.boolean(),
    });
    fc.assert(
      fc.property(wide, names, fc.option(loss), loss, (consent, kept, privacy, least) => {
        const { budget } = consent;
        const narrow = {
          ...consent,
          ...within(kept, consent),
          minimumThreshold: Math.max(2, consent.minimumThreshold ?? 2),
          budget: {
            epsilon: Math.min(least.epsilon, budget?.epsilon ?? 9),
            delta: Math.min(least.delta, budget?.delta ?? 1),
          },
        };
        const [inNarrow, inWide] = [asked(narrow, { privacy }), asked(consent, { privacy })];
        expect(inNarrow === null && inWide !== null).toBe(false);
      }),
    );
    expect(asked(OPEN_CONSENT)).toBeNull();
  });
});

describe('a change of consent', () => {
  it('touches what it names and keeps the rest', () => {
    const first = withChanges(OPEN_CONSENT, { series: ['load_kwh'], organisation: ['LEI-1'] });
    const second = withChanges(first, { kind: ['network'], any: ['organisation'] });
    expect(second).toEqual({ ...OPEN_CONSENT, series: ['load_kwh'], taskKinds: ['network'] });
  });

  it('that sets a budget declines exact sums, unless they are allowed by name', () => {
    const budget = { epsilon: 4, delta: 1e-6 };
    expect(withChanges(OPEN_CONSENT, budget)).toEqual(LIMITED);
    expect(withChanges(OPEN_CONSENT, { ...budget, allowWithoutPrivacy: true })).toEqual({
      ...LIMITED,
      allowWithoutPrivacy: true,
    });
    expect(withChanges(LIMITED, { epsilon: 2 }).budget).toEqual({ epsilon: 2, delta: 1e-6 });
  });

  it.each<[ConsentChanges, string]>([
    [{}, 'CONSENT_UNCHANGED'],
    [{ series: ['load_kwh'], any: ['series'] }, 'CONSENT_CONTRADICTION'],
    [{ delta: 1e-6 }, 'CONSENT_BUDGET_INCOMPLETE'],
    [{ requirePrivacy: true }, 'CONSENT_INVALID'],
    [{ epsilon: -1, delta: 1e-6 }, 'CONSENT_INVALID'],
    [{ epsilon: 1, delta: 0 }, 'CONSENT_INVALID'],
    [{ minimumThreshold: 1 }, 'CONSENT_INVALID'],
    [{ series: ['*'] }, 'CONSENT_INVALID'],
  ])('to %j is refused', (changes, code) => {
    expect(codeOf(() => requireConsent(withChanges(OPEN_CONSENT, changes)))).toBe(code);
  });
});

describe('consent.json', () => {
  let site: SiteDirectory;
  beforeEach(() => {
    site = new SiteDirectory(mkdtempSync(join(tmpdir(), 'consent-')));
  });
  afterEach(() => rmSync(site.path, { recursive: true }));

  it('says what was written, to its owner only', () => {
    expect(readConsent(site)).toEqual(OPEN_CONSENT);
    writeConsent(site, LIMITED);
    expect(readConsent(site)).toEqual(LIMITED);
    expect(statSync(site.file('consent.json')).mode & 0o777).toBe(0o600);
  });

  it.each<[string, object, object]>([
    ['another format', { format: 'gridcommons/consent/2' }, { code: 'CONSENT_INVALID' }],
    ['no format', {}, { code: 'CONSENT_INVALID' }],
    [
      'a key it does not know',
      { series: '*', serie: [] },
      { code: 'CONSENT_KEY_UNKNOWN', data: { keys: ['serie'] } },
    ],
    [
      'one inside the budget',
      { budget: { epsilon: 1, delta: 1e-6, eps: 2 } },
      { data: { keys: ['budget.eps'] } },
    ],
    ['a kind it does not know', { taskKinds: ['lottery'] }, { code: 'CONSENT_INVALID' }],
    ['a series that is no list', { series: 'load_kwh' }, { code: 'CONSENT_INVALID' }],
  ])('with %s is refused, and never taken for an open one', (_what, fields, error) => {
    const format = _what === 'no format' ? {} : { format: 'gridcommons/consent/1' };
    writeFileSync(site.file('consent.json'), JSON.stringify({ ...format, ...fields }));
    expect(() => readConsent(site)).toThrow(expect.objectContaining(error));
  });

  it('keeps what was there where a change is invalid', () => {
    writeConsent(site, LIMITED);
    expect(() => writeConsent(site, { ...LIMITED, budget: null })).toThrow(DomainError);
    expect(JSON.parse(readFileSync(site.file('consent.json'), 'utf8'))).toEqual(LIMITED);
  });
});

describe('a node whose owner does not accept a task', () => {
  let story: SiteStory;
  let loop: FederationLoop;
  beforeEach(async () => {
    story = await SiteStory.start();
    await story.open();
    loop = new FederationLoop(story.node);
  });
  afterEach(async () => {
    loop.close();
    await story.stop();
  });

  const consent = (changes: Partial<Consent>) =>
    writeConsent(story.node.directory, { ...OPEN_CONSENT, ...changes });
  const steps = async (count: number) => {
    for (let i = 0; i < count; i++) await loop.step();
  };
  const said = () => story.platform.posted.map(({ kind }) => kind);
  const declined = () => story.platform.declined.map(({ code }) => code);
  const reported = () => story.node.events.filter(({ event }) => event === 'refused').length;

  it('says so once, also after a restart, and nothing in the task', async () => {
    consent({ series: ['pv_kwh'] });
    await steps(3);
    loop.close();
    loop = new FederationLoop(story.node);
    await steps(2);
    expect(said()).toEqual([]);
    expect(story.platform.declined).toEqual([
      expect.objectContaining({
        code: 'CONSENT_SERIES',
        reason: 'expected a series this owner accepts, got load_kwh',
      }),
    ]);
    expect(reported()).toBe(2);
  });

  it('takes it up as soon as the owner does', async () => {
    consent({ organisations: [] });
    await steps(2);
    consent({ organisations: ['LEI-1', 'LEI-2', 'LEI-3'] });
    await steps(2);
    expect(said()).toEqual(['deal']);
    expect(declined()).toEqual(['CONSENT_ORGANISATION']);
  });

  it('says nothing more where consent is withdrawn, and goes on where it is given again', async () => {
    await steps(1);
    for (const member of [1, 2, 3]) await story.platform.append(await story.deal(await hash(), member));
    const dealt = {
      kind: 'dealt',
      round: 1,
      payload: { dealers: story.members.map(({ organisation }) => organisation) },
    } as const;
    await story.platform.append(await story.say(await hash(), 'platform', dealt));
    consent({ taskKinds: [] });
    await steps(3);
    loop.close();
    loop = new FederationLoop(story.node);
    await steps(2);
    expect({ said: said(), declined: declined() }).toEqual({ said: ['deal'], declined: ['CONSENT_KIND'] });
    consent({});
    await steps(1);
    expect(said()).toEqual(['deal', 'commit']);
  });

  it('takes a consent it cannot read for none', async () => {
    writeFileSync(story.node.directory.file('consent.json'), '{');
    await steps(2);
    expect(said()).toEqual([]);
    expect(story.platform.declined).toEqual([
      expect.objectContaining({ code: 'FILE_NOT_JSON', reason: 'the node has told its owner why' }),
    ]);
    consent({});
    await steps(1);
    expect(said()).toEqual(['deal']);
  });

  it('tells it later where the platform does not answer', async () => {
    consent({ series: [] });
    story.platform.unreachable = true;
    await steps(2);
    expect(declined()).toEqual([]);
    story.platform.unreachable = false;
    await steps(2);
    expect(declined()).toEqual(['CONSENT_SERIES']);
    expect(reported()).toBe(1);
  });

  const hash = async () => story.platform.entries[0]!.message.cardHash;
});
