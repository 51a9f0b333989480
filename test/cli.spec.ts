import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { styleText } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from './harness/command-line.ts';

const GOLDEN = 'test/golden/released-task.transcript';
/** Of the golden transcript, noted when it was made. */
const ROOT = '6977f31fc1012f40cfa4b7377e1307d9d72640c3922ccd97f29ea67483d953cc';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'gridcommons-cli-'));
});

afterAll(() => rm(directory, { recursive: true, force: true }));

const parsed = (text: string): unknown => JSON.parse(text);

describe('conventions', () => {
  it('refuses a demo of terms that its session would not take before it starts anything', async () => {
    const { exitCode, stdout, stderr } = await run([
      'demo',
      '--mechanism',
      'muda-vickrey',
      '--feeder',
      'ieee33',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('SESSION_FEEDER: expected --feeder none');
    expect(stderr).not.toContain('preparing data');
  });

  it('tells help and version with exit code 0', async () => {
    const help = await run(['--help']);
    expect(help).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringContaining('verify-transcript'),
    });
    const manifest: { version: string } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(await run(['--version'])).toEqual({ exitCode: 0, stdout: `${manifest.version}\n`, stderr: '' });
  });

  it.each([
    [['no-such-verb'], /^USAGE: unknown command 'no-such-verb'\n$/],
    [['verify-transcript'], /^USAGE: missing required argument 'file'\n$/],
    [['verify-transcript', GOLDEN, '--no-such-option'], /^USAGE: unknown option '--no-such-option'\n$/],
    [
      ['market', 'clear', '--mechanism', 'lottery', '--input', '-'],
      /^USAGE: .*Allowed choices are uniform-price/,
    ],
    [['market', 'clear', '--mechanism', 'uniform-price'], /^USAGE: required option '--input <file>'/],
    [['platform', 'start', '--port', '70000'], /^USAGE: .*Expected 0 to 65535/],
  ])('exit code 2 and one line for %j', async (parameters, line) => {
    const { exitCode, stdout, stderr } = await run(parameters);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(line);
    expect(stderr.match(/\n/g)).toHaveLength(1);
  });

  it('tells errors as JSON with --json', async () => {
    const usage = await run(['market', '--json']);
    expect(usage).toMatchObject({ exitCode: 2, stdout: '' });
    expect(parsed(usage.stderr)).toMatchObject({ error: { code: 'USAGE', message: expect.any(String) } });
    const missing = await run(['verify-transcript', '/no/such/file', '--json']);
    expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
    expect(parsed(missing.stderr)).toEqual({
      error: {
        code: 'FILE_UNREADABLE',
        message: 'expected to read /no/such/file, got no such file',
        data: { path: '/no/such/file', reason: 'ENOENT' },
      },
    });
  });

  it('prints colours where they are forced, and never in documents', async () => {
    const forced = { env: { FORCE_COLOR: '1' } };
    const told = await run(['no-such-verb'], forced);
    expect(told.stderr).toBe(`${styleText(['bold', 'red'], 'USAGE', { validateStream: false })}: unknown command 'no-such-verb'\n`); // prettier-ignore
    const { stderr } = await run(['no-such-verb', '--json'], forced);
    expect(parsed(stderr)).toMatchObject({ error: { code: 'USAGE' } });
  });

  it('ends with exit code 3 where nobody answers', async () => {
    const key = join(directory, 'some.key');
    await writeFile(key, 'gck_some_key\n');
    const access = ['--platform', 'http://127.0.0.1:1', '--key-file', key, '--idempotency-key', 'again'];
    const { exitCode, stdout, stderr } = await run([
      'admin',
      'token',
      'create',
      '--organisation',
      'o',
      ...access,
      '--json',
    ]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(parsed(stderr)).toMatchObject({
      error: { code: 'PLATFORM_UNAVAILABLE', data: { idempotencyKey: 'again' } },
    });
    expect(stderr).not.toContain('gck_some_key');
  });
});

const pretend = (assignments: string): readonly string[] => [
  '--import',
  `data:text/javascript,Object.defineProperties(process, {${assignments}})`,
];

describe('Node', () => {
  const old = 'version: {value: "v20.11.0"}';

  it('is exchanged for the installed one when it is too old', async () => {
    expect(await run(['no-such-verb'], { node: pretend(old) })).toMatchObject({
      exitCode: 2,
      stderr: "USAGE: unknown command 'no-such-verb'\n",
    });
  });

  it('is refused when it is too old and none is installed', async () => {
    const node = pretend(`${old}, platform: {value: "aix"}`);
    expect(await run([], { node })).toEqual({
      exitCode: 3,
      stdout: '',
      stderr:
        'NODE_TOO_OLD: expected Node 22.12.0 or later, got v20.11.0 and none installed by npm: run npm ci\n',
    });
    const { stderr } = await run(['--json'], { node });
    expect(parsed(stderr)).toMatchObject({ error: { code: 'NODE_TOO_OLD', data: { got: 'v20.11.0' } } });
  });
});

describe('verify-transcript', () => {
  it('verifies a transcript of an earlier version', async () => {
    const { exitCode, stdout, stderr } = await run(['verify-transcript', GOLDEN, '--root', ROOT, '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const verdict = JSON.parse(stdout) as { checks: { name: string; ok: boolean }[] };
    expect(verdict).toMatchObject({ verified: true, root: ROOT });
    expect(verdict.checks.map(({ name }) => name)).toContain('model');
    expect(verdict.checks.filter(({ ok }) => !ok)).toEqual([]);
  });

  it('tells each check to people', async () => {
    const { exitCode, stdout } = await run(['verify-transcript', GOLDEN]);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^✓ format .*\n✓ chain [^]*\n✓ aggregate +14 values, bit for bit\n/);
    expect(stdout.endsWith(`verified, root ${ROOT}\n`)).toBe(true);
  });

  it('ends with exit code 1 for a changed one, and for another than expected', async () => {
    const changed = join(directory, 'changed.transcript');
    await writeFile(changed, (await readFile(GOLDEN, 'utf8')).replace('"kind":"upload"', '"kind":"answer"'));
    const { exitCode, stdout, stderr } = await run(['verify-transcript', changed, '--json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(parsed(stdout)).toMatchObject({ verified: false, root: null });
    const other = await run(['verify-transcript', GOLDEN, '--root', '0'.repeat(64)]);
    expect(other).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(/✗ chain .*TRANSCRIPT_OTHER_ROOT.*\nNOT VERIFIED\n$/),
    });
  });
});

const clear = (book: unknown) =>
  run(['market', 'clear', '--mechanism', 'uniform-price', '--input', '-', '--json'], {
    stdin: JSON.stringify(book),
  });
const order = (id: string, side: string, quantity: unknown, price: unknown) => ({
  id,
  member: id,
  side,
  quantity,
  price,
});

describe('market clear', () => {
  it('clears decimals exactly', async () => {
    const orders = [
      order('b', 'buy', '0.3', '0.31'),
      order('s', 'sell', 0.1, 0.1),
      order('t', 'sell', 0.2, '0.2'),
    ];
    const { exitCode, stdout, stderr } = await clear({ orders, options: { k: 0.25 } });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    // Efficient prices 0.2 … 0.31: 0.2 + 0.25 · 0.11; welfare 0.3 · 0.31 − 0.1 · 0.1 − 0.2 · 0.2.
    expect(parsed(stdout)).toMatchObject({
      quantity: 0.3,
      price: 0.2275,
      trades: [
        { buyOrder: 'b', sellOrder: 's', quantity: 0.1, buyPrice: 0.2275, sellPrice: 0.2275 },
        { buyOrder: 'b', sellOrder: 't', quantity: 0.2, buyPrice: 0.2275, sellPrice: 0.2275 },
      ],
      certificate: { status: 'CLEARED', welfare: 0.043, bestWelfare: 0.043, budgetResidual: 0 },
    });
  });

  it('reports what set the price and what a unit more is worth, for people and as JSON', async () => {
    const book = {
      orders: [
        order('b', 'buy', '0.3', '0.31'),
        order('s', 'sell', 0.1, 0.1),
        order('t', 'sell', 0.5, '0.2'),
      ],
    };
    const report = ['market', 'clear', '--mechanism', 'uniform-price', '--input', '-', '--report'];
    const { stdout } = await run([...report, '--json'], { stdin: JSON.stringify(book) });
    expect(parsed(stdout)).toMatchObject({
      price: 0.2,
      report: [
        {
          quantity: 0.3,
          price: 0.2,
          setBy: 'ask',
          efficientPriceInterval: { low: 0.2, high: 0.2 },
          oneMore: { supply: 0.2, demand: 0.2 },
          lastTrade: 0.11,
          welfare: 0.043,
          unservedDemand: 0,
          unusedSupply: 0.3,
        },
      ],
    });
    const table = await run(report, { stdin: JSON.stringify(book) });
    expect(table.stdout).toMatch(/set by .*supply worth .*\n.* ask +0\.2 +0\.2 +0\.11 +0 +0\.3\n$/);
    const curves = { curves: [{ id: 'c', member: 'c', points: [{ price: 0, demand: 1 }] }] };
    const refused = await run(
      ['market', 'clear', '--mechanism', 'demand-curves', '--input', '-', '--report', '--json'],
      { stdin: JSON.stringify(curves) },
    );
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('REPORT_NEEDS_ORDERS') });
  });

  it('says why curves clear nothing', async () => {
    const curves = { curves: [{ id: 'c', points: [{ price: 0, demand: 1 }] }] };
    const { stdout } = await run(['market', 'clear', '--mechanism', 'demand-curves', '--input', '-'], {
      stdin: JSON.stringify(curves),
    });
    expect(stdout).toBe('nothing clears: NO_SELL_ORDERS\n  c  0 kWh\n');
  });

  it('shares what one unit cannot', async () => {
    const buys = ['b1', 'b2', 'b3'].map((id) => order(id, 'buy', 1, 5));
    const { stdout } = await clear({ orders: [...buys, order('s', 'sell', 1, 1)] });
    const { trades, quantity } = JSON.parse(stdout) as { trades: { quantity: number }[]; quantity: number };
    expect(quantity).toBe(1);
    expect(trades.map((trade) => trade.quantity.toFixed(6))).toEqual(['0.333333', '0.333333', '0.333333']);
  });

  it('refuses unknown keys by name, and input that is none', async () => {
    const unknown = await clear({ orders: [{ ...order('b', 'buy', 1, 1), block: 2 }], colour: 'red' });
    expect(unknown).toMatchObject({ exitCode: 1, stdout: '' });
    expect(parsed(unknown.stderr)).toMatchObject({
      error: { code: 'INPUT_KEY_UNKNOWN', data: { keys: ['orders[0].block', 'colour'] } },
    });
    const invalid = await clear({ orders: [order('b', 'hold', -1, 'dear')] });
    expect(parsed(invalid.stderr)).toMatchObject({
      error: {
        code: 'INPUT_INVALID',
        data: {
          problems: [
            expect.stringMatching(/^orders\[0\]\.side/),
            expect.stringMatching(/quantity/),
            expect.stringMatching(/price/),
          ],
        },
      },
    });
    const fine = await clear({ orders: [order('b', 'buy', '1000000.0000000000000001', 1)] });
    expect(parsed(fine.stderr)).toMatchObject({ error: { code: 'DECIMALS_TOO_FINE' } });
    const text = await run(['market', 'clear', '--mechanism', 'uniform-price', '--input', '-', '--json'], {
      stdin: 'orders',
    });
    expect(parsed(text.stderr)).toMatchObject({ error: { code: 'INPUT_NOT_JSON' } });
  });

  it('prints the schema of its input', async () => {
    const { exitCode, stdout } = await run(['market', 'clear', '--mechanism', 'uniform-price', '--schema']);
    expect(exitCode).toBe(0);
    expect(parsed(stdout)).toMatchObject({
      type: 'object',
      required: ['orders'],
      additionalProperties: false,
    });
  });
});
