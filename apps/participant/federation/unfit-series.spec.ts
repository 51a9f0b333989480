import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { HOUR_MS, isoInstant, parseInstant } from '#core';
import { readingsFromCsv } from '#metering';
import { SiteStory } from '../../../test/harness/site-story.ts';
import { FederationLoop } from './federation-loop.ts';
import { latestRefusals } from './refusals.ts';

const lively = (hour: number) => 2 + Math.sin(hour * hour);

describe('a node whose series is unfit for a task', () => {
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

  /** All of its load, corrected. */
  async function correctLoad(valueAt: (hour: number) => number): Promise<void> {
    const { train, validation } = story.card().data;
    const fromMs = parseInstant(train.start);
    const rows = Array.from(
      { length: (parseInstant(validation.end) - fromMs) / HOUR_MS },
      (_, hour) => `${isoInstant(fromMs + hour * HOUR_MS)},${valueAt(hour)}`,
    );
    await story.node.readings.import(readingsFromCsv(['timestamp,load_kwh', ...rows].join('\n')), {
      name: 'corrected.csv',
      sha256: 'c0'.repeat(32),
      format: 'csv',
      receivedAtMs: 0,
    });
  }

  const posted = () => story.platform.posted.map(({ kind }) => kind);

  it.each<[string, (hour: number) => number]>([
    ['SERIES_CONSTANT', () => 4],
    ['SERIES_SCALE_SUSPECT', (hour) => lively(hour) * (hour < 480 ? 1 : 1000)],
  ])(
    'tells its owner %s, others that it is unfit, and takes part once it is put right',
    async (code, valueAt) => {
      await correctLoad(valueAt);
      for (let i = 0; i < 3; i += 1) await loop.step();
      expect(posted()).toEqual([]);
      expect(story.platform.declined).toMatchObject([
        { code: 'SERIES_UNFIT', reason: 'the node has told its owner why' },
      ]);
      expect(latestRefusals(story.node.directory, 5)).toMatchObject([
        { code, reason: expect.stringContaining('load_kwh') },
      ]);
      await correctLoad(lively);
      await loop.step();
      expect(posted()).toEqual(['deal']);
    },
  );

  it('goes by the yearly total that its owner declares', async () => {
    const file = story.node.directory.file('declared-totals.json');
    writeFileSync(file, JSON.stringify({ load_kwh: 17 }));
    await loop.step();
    expect(latestRefusals(story.node.directory, 5)).toMatchObject([{ code: 'SERIES_SCALE_SUSPECT' }]);
    writeFileSync(file, JSON.stringify({ load_kwh: 17_000 }));
    await loop.step();
    expect(posted()).toEqual(['deal']);
  });
});
