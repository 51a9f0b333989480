import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { buildSchema } from 'graphql';
import type { TestOrganisation } from './harness/platform.ts';
import {
  attempt,
  foreign,
  given,
  outcome,
  poolsOf,
  type Pools,
  type RivalAnswer,
  unknown,
} from './harness/rival.ts';
import { PUBLIC_KINDS, REFUSED_EARLIER } from './harness/rival-examples.ts';
import { type Held, heldBy, markersIn } from './harness/rival-markers.ts';
import { type Door, DOORS, routesOf, tryDoor } from './harness/rival-doors.ts';
import { type Ids, requestOf, rootFields, takesCursor } from './harness/rival-requests.ts';
import { fromBeginning, listener, saidBy, type Stream, untilHeard } from './harness/rival-streams.ts';
import { everyRole, type RivalWorld, startRivalWorld } from './harness/rival-world.ts';

jest.setTimeout(60_000);

const ROOTS = rootFields(buildSchema(readFileSync('schema.graphql', 'utf8')));
/** So many of the victims' objects of each kind are tried. */
const TRIES = [0, 1];
/** The request itself was refused, so that it tried nothing. */
const MADE_WRONG = /^(?:GRAPHQL_|BAD_USER_INPUT|INTERNAL|QUERY_|RATE_LIMITED|MUTATION_)/;
const NO_SUCH = /_(?:NOT_FOUND|UNKNOWN|MISSING)$/;

/** A foreign object's answer beside that of none. */
interface Pair {
  readonly foreign: RivalAnswer;
  readonly none: RivalAnswer;
}

let world: RivalWorld;
let rival: TestOrganisation;
let rivalKey: string;
/** Another, which has bought nothing: the rival subscribes to priced forecasts, as it may. */
let onlooker: TestOrganisation;
let pools: Pools;
let held: Held;
/** When the rival had tried everything, and before the victims themselves did anything else. */
let afterwards: Held;
const answers: RivalAnswer[] = [];
const pairs: Pair[] = [];

async function tryEverything(): Promise<void> {
  const { platform } = world.market;
  for (const root of ROOTS.filter(([operation]) => operation !== 'subscription')) {
    for (const sender of [rivalKey, rival.participant]) {
      const bare = requestOf(root, foreign(pools, 0), true);
      answers.push(await attempt(platform, bare, sender));
      const { kinds } = requestOf(root, foreign(pools, 0));
      for (const n of kinds.length > 0 ? TRIES : []) {
        const theirs = await attempt(platform, requestOf(root, foreign(pools, n)), sender);
        answers.push(theirs);
        if (kinds.every((kind) => kind in PUBLIC_KINDS)) continue;
        const none = await attempt(platform, requestOf(root, unknown(pools, n)), sender);
        pairs.push({ foreign: theirs, none });
      }
    }
  }
}

const without = (text: string, ids: readonly string[]): string =>
  ids.reduce((left, id) => left.replaceAll(id, '<id>'), text);

/** Of the victims' objects that a door is tried with. */
function idsOf(door: Door): string[] {
  const ids: string[] = [];
  door((kind) => {
    ids.push(foreign(pools, 0)(kind));
    return ids.at(-1)!;
  });
  return ids;
}

beforeAll(async () => {
  world = await startRivalWorld();
  const { platform } = world.market;
  held = await heldBy(platform);
  const kinds = new Set(ROOTS.flatMap((root) => requestOf(root, () => '').kinds));
  for (const door of Object.values(DOORS).flatMap((doors) => doors ?? []))
    door((kind) => {
      kinds.add(kind);
      return '';
    });
  pools = await poolsOf(platform, [...kinds]);
  rival = await platform.createOrganisation('Rival');
  onlooker = await platform.createOrganisation('Onlooker');
  rivalKey = await everyRole(world.market, rival);
  await tryEverything();
  afterwards = await heldBy(platform);
}, 240_000);

afterAll(() => world.market.stop());

describe('a rival tenant with every role, which tries every field of the schema on others’ objects', () => {
  it('asks each query and mutation in a form that the platform understands', () => {
    expect(new Set(answers.map(({ request }) => request.field)).size).toBe(
      ROOTS.filter(([operation]) => operation !== 'subscription').length,
    );
    const wrong = answers.filter(({ codes }) => codes.some((code) => MADE_WRONG.test(code)));
    expect(wrong.map(({ request, text }) => `${request.field} ${text}`)).toEqual([]);
  });

  it('is shown no id, name, key or number of theirs that is not public by design', () => {
    const leaks = answers.flatMap(({ request, text }) =>
      markersIn(text, held, given(request.variables)).map((marker) => `${request.field}: ${marker}`),
    );
    expect([...new Set(leaks)]).toEqual([]);
  });

  it('would be caught: the same scan finds the victims’ own in what they themselves are answered', async () => {
    const { platform, firms } = world.market;
    const key = await everyRole(world.market, firms.buyer);
    const seen = new Set<string>();
    for (const root of ROOTS.filter(([operation]) => operation === 'query')) {
      const { text, request } = await attempt(platform, requestOf(root, foreign(pools, 0), true), key);
      if (markersIn(text, held, given(request.variables)).length > 0) seen.add(request.field);
    }
    expect([...seen]).toEqual(
      expect.arrayContaining([
        'allowanceAccount',
        'certificates',
        'footprints',
        'forecastAgreements',
        'ledger',
        'marketStudies',
        'tasks',
      ]),
    );
  });

  it('cannot tell what it may not see from what does not exist', () => {
    const told = pairs
      .map((pair) => ({
        field: pair.foreign.request.field,
        theirs: outcome(pair.foreign),
        none: outcome(pair.none),
      }))
      .filter(({ theirs, none }) => theirs !== none);
    expect(told).toEqual([]);
  });

  it('comes as far as the objects, or is known to be refused before', () => {
    const reached = new Set<string>();
    for (const {
      foreign: { codes, request },
    } of pairs)
      if (codes.length === 0 || codes.some((code) => NO_SUCH.test(code))) reached.add(request.field);
    const early = [...new Set(pairs.map((pair) => pair.foreign.request.field))].filter(
      (field) => !reached.has(field),
    );
    expect(early.toSorted()).toEqual(Object.keys(REFUSED_EARLIER).toSorted());
  });

  it('changes nothing of theirs', async () => {
    const { platform } = world.market;
    const { me } = await platform.data<{ me: { organisation: { id: string } } }>(
      '{ me { organisation { id } } }',
      {},
      platform.operatorKey,
    );
    // Where processes share it in the database: the operator let the rival in, at its own expense.
    const spent = `request_budget: {"tenant_id":"${me.organisation.id}"`;
    const gone = [...held.rows].filter((row) => !afterwards.rows.has(row) && !row.startsWith(spent));
    expect(gone).toEqual([]);
  });

  it('hears nothing of theirs in any stream, from the first event on', async () => {
    const { platform } = world.market;
    const listening = listener(platform, await everyRole(world.market, onlooker));
    const streams: Stream[] = [];
    const told: (readonly [Stream, Stream])[] = [];
    for (const root of ROOTS.filter(([operation]) => operation === 'subscription')) {
      const ask = (ids: Ids, bare = false): Stream =>
        listening.listen(fromBeginning(requestOf(root, ids, bare), takesCursor(root[1])));
      streams.push(ask(foreign(pools, 0), true));
      const theirs = ask(foreign(pools, 0));
      streams.push(theirs);
      if (theirs.request.kinds.some((kind) => !(kind in PUBLIC_KINDS)))
        told.push([theirs, ask(unknown(pools, 0))]);
    }
    await untilHeard(platform, world.desk);
    const leaks = streams.flatMap(({ request, heard }) =>
      markersIn(heard.join(' '), held, given(request.variables)).map(
        (marker) => `${request.field}: ${marker}`,
      ),
    );
    expect(leaks).toEqual([]);
    for (const [theirs, none] of told) expect(saidBy(theirs)).toBe(saidBy(none));
    expect(told.length).toBeGreaterThan(2);
    await listening.stop();
  });

  it('finds every other door as closed as if nothing were behind it', async () => {
    const { platform } = world.market;
    expect(routesOf(platform).toSorted()).toEqual(Object.keys(DOORS).toSorted());
    for (const [route, doors] of Object.entries(DOORS))
      for (const door of doors ?? []) {
        const theirs = await tryDoor(platform, onlooker, route, door(foreign(pools, 0)));
        const made = new Map<string, string>();
        const invent: Ids = (kind) => made.get(kind) ?? made.set(kind, unknown(pools, 0)(kind)).get(kind)!;
        const ids = idsOf(door);
        expect([route, markersIn(theirs, held, ids)]).toEqual([route, []]);
        const none = await tryDoor(platform, onlooker, route, door(invent));
        expect([route, without(theirs, ids)]).toEqual([route, without(none, [...made.values()])]);
      }
  });
});
