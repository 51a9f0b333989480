import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';
import { ROOF, TERMS } from './harness/footprints.ts';

const COMPANY = { companyIds: ['urn:company:example:north'] };

describe('carbon footprint', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const footprint = (...options: string[]) =>
    run(['carbon', 'footprint', '--input', at('roof.json'), '--json', ...options]);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'footprint-'));
    const input = JSON.stringify({ subject: { name: 'North works' }, inventory: ROOF });
    await run(['carbon', 'report', '--input', '-', '--out', at('roof.json')], { stdin: input });
    await writeFile(at('terms.json'), JSON.stringify({ ...TERMS, ...COMPANY }));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is the data model’s JSON, of one id however often it is made', async () => {
    const [one, other] = [await footprint('--terms', at('terms.json')), await footprint('--terms', at('terms.json'))]; // prettier-ignore
    const { id, pcf, companyIds, ...rest } = JSON.parse(one.stdout) as Record<string, unknown>;
    expect(pcf).toMatchObject({ pcfExcludingBiogenicUptake: '0.041', geographyCountry: 'DE' });
    expect(companyIds).toEqual(COMPANY.companyIds);
    expect(rest).not.toHaveProperty('precedingPfIds');
    expect(JSON.parse(other.stdout)).toMatchObject({ id });
  });

  it('names what it restates', async () => {
    const before = '5b9f0c1e-7a40-8c3d-8f51-0d6f2a9b7c18';
    const { stdout } = await footprint('--terms', at('terms.json'), '--replaces', before);
    expect(JSON.parse(stdout)).toMatchObject({ precedingPfIds: [before] });
  });

  it.each([
    ['FOOTPRINT_TERMS', undefined],
    ['INPUT_KEY_UNKNOWN', { ...TERMS, ...COMPANY, price: 1 }],
    ['INPUT_INVALID', { ...TERMS, companyIds: ['north'] }],
    ['FOOTPRINT_COMPANY', TERMS],
    ['FOOTPRINT_ACTIVITY', { ...TERMS, ...COMPANY, activities: ['wind'] }],
  ])('is refused with %s', async (code, terms) => {
    await writeFile(at('other.json'), JSON.stringify(terms ?? {}));
    const { exitCode, stderr } = await footprint(...(terms ? ['--terms', at('other.json')] : []));
    expect(exitCode).not.toBe(0);
    expect(JSON.parse(stderr)).toMatchObject({ error: { code } });
  });

  it('is made of no report that does not verify', async () => {
    const { stdout } = await run(['carbon', 'report', '--input', at('roof.json'), '--json']);
    const report = JSON.parse(stdout) as { inputs: object[] };
    await writeFile(at('roof.changed.json'), JSON.stringify({ ...report, inputs: report.inputs.slice(1) }));
    const refused = await run(['carbon', 'footprint', '--input', at('roof.changed.json'), '--terms', at('terms.json'), '--json']); // prettier-ignore
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { code: 'REPORT_HASH' } });
  });
});
