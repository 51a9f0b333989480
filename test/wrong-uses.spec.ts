import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runInProcess } from './harness/in-process.ts';
import { type NegotiationDesk, negotiationDesk } from './harness/negotiation-desk.ts';
import { startPlatform, type TestPlatform } from './harness/platform.ts';
import { ASKED, CLI, CONSOLE, DAY, FILES, TRANSCRIPT } from './harness/wrong-uses.ts';

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-wrong-'));
  for (const [name, content] of Object.entries(FILES)) await writeFile(join(directory, name), content);
  const changed = (await readFile(TRANSCRIPT, 'utf8')).replace('"kind":"upload"', '"kind":"answer"');
  await writeFile(join(directory, 'tampered.transcript'), changed);
  await writeFile(join(directory, 'day.json'), DAY);
  await runInProcess([
    'carbon',
    'report',
    '--input',
    join(directory, 'day.json'),
    '--output',
    join(directory, 'report.json'),
  ]);
  const report = await readFile(join(directory, 'report.json'), 'utf8');
  await writeFile(join(directory, 'tampered.json'), report.replace('North works', 'South works'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const here = (text: string): string => text.replaceAll('@', directory);

describe('a wrong use of the command line', () => {
  it.each(CLI)('%s: %s', async (_, line, exitCode, told) => {
    const run = await runInProcess(here(line).split(' '));
    expect(run).toEqual({ exitCode, stdout: '', stderr: `${here(told)}\n` });
  });

  it.each([
    ['carbon verify', 'tampered.json', 'REPORT_HASH: expected '],
    ['verify-transcript', 'tampered.transcript', 'MESSAGE_MALFORMED: expected '],
  ])('%s of a file that was changed names the check that fails', async (verb, name, told) => {
    const { exitCode, stdout, stderr } = await runInProcess([...verb.split(' '), join(directory, name)]);
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toContain(told);
    expect(stdout).toMatch(/NOT VERIFIED/);
  });
});

describe('a wrong use of a platform', () => {
  let platform: TestPlatform;
  let desk: NegotiationDesk;
  let series: string;
  let about: { readonly negotiationId: string; readonly offerId: string };
  const keys = new Map<string, string>();

  beforeAll(async () => {
    platform = await startPlatform();
    desk = await negotiationDesk(platform);
    const { provider, consumer } = desk;
    keys.set('provider', provider.apiKey).set('consumer', consumer.apiKey).set('nobody', 'gck_of_nobody');
    keys.set('analyst', await desk.key(provider.apiKey, 'analyst'));
    await writeFile(join(directory, 'firm.key'), provider.apiKey);
    await writeFile(join(directory, 'analyst.key'), keys.get('analyst')!);
    const input = {
      key: 'load',
      unit: 'kWh',
      zone: 'Europe/Berlin',
      resolution: 'PT15M',
      declaredOpen: true,
    };
    series = (await platform.data<{ createSeries: { id: string } }>('mutation ($input: CreateSeriesInput!) { createSeries(input: $input) { id } }', { input }, provider.apiKey)).createSeries.id; // prettier-ignore
    const offerId = await desk.offer();
    const { id: negotiationId } = await desk.ask(
      'request',
      { input: { offerId, consumerPid: 'urn:asked' } },
      consumer,
    );
    about = { negotiationId, offerId };
  }, 60_000);

  afterAll(() => platform.stop());

  it.each(ASKED)('%s: %s', async (_, line, exitCode, told) => {
    const words = here(line).replace('%S', series).split(' ');
    const access = [
      ...(line.includes('--platform') ? [] : ['--platform', platform.url]),
      ...(line.includes('--key-file') ? [] : ['--key-file', here('@/firm.key')]),
    ];
    const run = await runInProcess([...words, ...access]);
    expect(run).toEqual({ exitCode, stdout: '', stderr: `${here(told)}\n` });
  });

  it.each(CONSOLE)('%s, in the console', async (_, document, variables, by, told) => {
    const { errors } = await platform.graphql(document, variables(about), keys.get(by));
    expect(`${errors?.[0]?.extensions.code}: ${errors?.[0]?.message}`).toBe(told);
  });
});
