import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cruise, type IConfiguration, type ICruiseResult } from 'dependency-cruiser';

const require = createRequire(import.meta.url);
const { forbidden = [], options }: IConfiguration = require('../.dependency-cruiser.cjs');

type Tree = Readonly<Record<string, string>>;

const importing = (...modules: string[]): string => modules.map((module) => `import '${module}';\n`).join('');

/** The house in miniature: one file of each kind that imports all that it may. */
const HOUSE: Tree = {
  'libs/core/index.ts': importing('./money.ts'),
  'libs/core/money.ts': 'export const minor = 1;\n',
  'libs/core/money.spec.ts': importing('@jest/globals', 'node:fs', '#config', './money.ts'),
  'libs/market/index.ts': importing('#core', 'decimal.js'),
  'libs/market/index.spec.ts': importing('./index.ts', '#encryption', '../../test/harness/transcript.ts'),
  'libs/transcript/index.ts': importing('#core', '#federation'),
  'libs/federation/index.ts': importing('#core'),
  'libs/encryption/index.ts': importing('#federation', 'node-seal', 'node:crypto'),
  'libs/forecasting/index.ts': importing('#core'),
  'libs/training/index.ts': importing('#core', '@tensorflow/tfjs-core', 'node:worker_threads', 'node:util'),
  'libs/reports/index.ts': `${importing('#core')}await import('pdfkit');\n`,
  'libs/delivery/index.ts': `${importing('#core', 'node:crypto')}await import('@nucypher/umbral-pre');\n`,
  'libs/inputs/index.ts': importing('#core', 'zod'),
  'libs/studies/index.ts': importing(
    '#market',
    '#encryption',
    '#inputs',
    'zod',
    'decimal.js',
    'node:worker_threads',
  ),
  'libs/config/index.ts': importing('#core'),
  'libs/persistence/index.ts': importing('#core', 'pg', 'typeorm'),
  'libs/queue/index.ts': importing('#core', 'bullmq'),
  'apps/platform/main.ts': importing('./market/market.resolver.ts', './worker.module.ts'),
  'apps/platform/worker.module.ts': importing('#queue'),
  'apps/platform/market/market.resolver.ts': importing('./market.service.ts'),
  'apps/platform/market/market.service.ts': importing('#market', '#persistence', 'typeorm'),
  'apps/worker/main.ts': importing('../platform/worker.module.ts', '#config'),
  'apps/participant/commands.ts': importing('./readings/store.ts', '#encryption', '#forecasting'),
  'apps/participant/readings/store.ts': importing('@duckdb/node-api'),
  'apps/console/main.ts': importing('#core', '#transcript'),
  'clients/typescript/src/index.ts': importing('../../../libs/core/index.ts'),
  'clients/typescript/src/index.spec.ts': importing('./index.ts', '../../../libs/market/index.ts'),
  'apps/cli/bin.ts': importing('../participant/commands.ts', '#transcript', '#studies'),
  'bench/encryption.ts': importing('#encryption', 'node-seal', './peers/round.ts'),
  'bench/peers/round.ts': importing('#federation'),
  'test/harness/platform.ts': importing('../../apps/platform/main.ts', 'pg'),
  'test/harness/transcript.ts': importing('#encryption', '#core'),
  'test/story.spec.ts': importing('@jest/globals', './harness/platform.ts', '#core'),
};

/** For each rule, changes to the house that break it. */
const VIOLATIONS: Readonly<Record<string, readonly Tree[]>> = {
  'no-cycles': [{ 'libs/core/money.ts': importing('./index.ts') }],
  'no-unresolvable': [
    { 'libs/core/money.ts': importing('./nowhere.ts') },
    { 'bench/new.ts': importing('#nowhere') },
  ],
  'no-development-package-in-code': [{ 'apps/worker/main.ts': importing('@jest/globals') }],
  'apps-are-flat': [
    { 'apps/platform/market/orders/book.ts': 'export {};\n' },
    { 'apps/platform/market/orders/book.ts': importing('node:fs') },
  ],
  'libs-are-flat': [{ 'libs/core/money/minor.ts': 'export {};\n' }, { 'libs/money.ts': importing('#core') }],
  'names-say-what-is-inside': [
    { 'libs/core/utils.ts': 'export {};\n' },
    { 'apps/platform/common/market.ts': importing('#market') },
    { 'libs/core/index.ts': importing('./helper.ts'), 'libs/core/helper.ts': 'export {};\n' },
  ],
  'every-lib-has-a-kind': [
    { 'libs/novelty/index.ts': 'export {};\n', 'apps/worker/main.ts': importing('#novelty') },
    { 'libs/novelty/index.ts': importing('#core') },
  ],
  'libs-through-their-index': [{ 'apps/worker/main.ts': importing('../../libs/core/money.ts') }],
  'libs-by-their-name': [{ 'libs/market/index.ts': importing('../core/index.ts') }],
  'domain-imports-domain-only': [
    { 'libs/market/index.ts': importing('#config') },
    { 'libs/market/index.ts': importing('#forecasting') },
    { 'libs/market/index.ts': importing('../../apps/worker/main.ts') },
  ],
  'domain-specs-start-no-process': [
    { 'libs/market/index.spec.ts': importing('#persistence') },
    { 'libs/market/index.spec.ts': importing('../../test/harness/platform.ts') },
  ],
  'domain-is-pure': [
    { 'libs/market/index.ts': importing('node:crypto') },
    { 'libs/market/index.ts': importing('pg') },
    { 'libs/market/index.ts': importing('@jest/globals') },
  ],
  'metering-alone-reads-xml': [{ 'libs/carbon/index.ts': importing('saxes') }],
  'core-imports-nothing': [
    { 'libs/core/index.ts': importing('#ledger'), 'libs/ledger/index.ts': 'export {};\n' },
    { 'libs/core/index.ts': importing('decimal.js') },
  ],
  'engines-import-domain-only': [
    { 'libs/forecasting/index.ts': importing('#encryption') },
    { 'libs/forecasting/index.ts': importing('#config') },
  ],
  'forecasting-wraps-its-package-only': [
    { 'libs/forecasting/index.ts': importing('decimal.js') },
    { 'libs/forecasting/index.ts': importing('node:fs') },
    { 'libs/forecasting/index.ts': importing('@tensorflow/tfjs-core') },
  ],
  'training-wraps-its-package-only': [
    { 'libs/training/index.ts': importing('decimal.js') },
    { 'libs/training/index.ts': importing('node:fs') },
  ],
  'encryption-wraps-its-package-only': [{ 'libs/encryption/index.ts': importing('node:fs') }],
  'optimization-wraps-its-package-only': [{ 'libs/optimization/index.ts': importing('pg') }],
  'reports-wraps-its-package-only': [{ 'libs/reports/index.ts': importing('decimal.js') }],
  'delivery-wraps-its-package-only': [{ 'libs/delivery/index.ts': importing('node:fs') }],
  'only-engines-import-their-package': [
    { 'apps/participant/readings/store.ts': importing('node-seal') },
    { 'libs/market/index.spec.ts': importing('@tensorflow/tfjs-core') },
  ],
  'applied-imports-no-infrastructure-no-app': [
    { 'libs/studies/index.ts': importing('#queue') },
    { 'libs/studies/index.ts': importing('../../apps/worker/main.ts') },
  ],
  'applied-checks-and-computes-only': [
    { 'libs/studies/index.ts': importing('node:fs') },
    { 'libs/inputs/index.ts': importing('pg') },
  ],
  'infrastructure-imports-no-engine-no-app': [
    { 'libs/queue/index.ts': importing('#encryption') },
    { 'libs/queue/index.ts': importing('#studies') },
    { 'libs/queue/index.ts': importing('../../apps/worker/main.ts') },
  ],
  'only-persistence-opens-a-database': [
    { 'apps/platform/market/market.service.ts': importing('pg') },
    { 'libs/queue/index.ts': importing('@electric-sql/pglite') },
  ],
  'only-the-platform-maps-entities': [{ 'apps/worker/main.ts': importing('typeorm') }],
  'resolvers-know-no-database': [
    { 'apps/platform/market/market.resolver.ts': importing('typeorm') },
    { 'apps/platform/market/market.types.ts': importing('#persistence') },
  ],
  'only-queue-imports-its-client': [{ 'apps/worker/main.ts': importing('bullmq') }],
  'only-anchor-imports-its-client': [{ 'apps/cli/bin.ts': importing('ethers') }],
  'reports-load-their-packages-when-asked': [{ 'libs/reports/pdf.ts': importing('pdfkit') }],
  'delivery-loads-its-package-when-asked': [{ 'libs/delivery/umbral.ts': importing('@nucypher/umbral-pre') }],
  'anchor-loads-its-client-when-asked': [{ 'libs/anchor/anchor.ts': importing('ethers') }],
  'apps-know-no-app': [
    { 'apps/platform/main.ts': importing('../cli/bin.ts') },
    { 'apps/worker/main.ts': importing('../platform/market/market.service.ts') },
    { 'apps/cli/bin.ts': importing('../participant/readings/store.ts') },
  ],
  'only-the-worker-runs-the-worker-module': [
    { 'apps/cli/bin.ts': importing('../platform/worker.module.ts') },
  ],
  'only-the-cli-runs-participant-commands': [
    { 'apps/console/main.ts': importing('../participant/commands.ts') },
  ],
  'participant-has-no-database-no-queue': [
    { 'apps/participant/commands.ts': importing('#persistence') },
    { 'apps/participant/commands.ts': importing('bullmq') },
    { 'libs/market/index.ts': importing('#queue'), 'apps/participant/commands.ts': importing('#market') },
  ],
  'only-readings-opens-the-store': [{ 'apps/participant/commands.ts': importing('@duckdb/node-api') }],
  'console-knows-core-and-transcript-only': [{ 'apps/console/main.ts': importing('#market') }],
  'client-knows-core-only': [
    { 'clients/typescript/src/index.ts': importing('../../../libs/market/index.ts') },
    { 'clients/typescript/src/index.ts': importing('../../../libs/core/money.ts') },
  ],
  'nothing-imports-the-client': [{ 'apps/cli/bin.ts': importing('../../clients/typescript/src/index.ts') }],
  'nothing-imports-a-bench-or-a-test': [
    { 'apps/worker/main.ts': importing('../../test/harness/platform.ts') },
    { 'libs/encryption/index.ts': importing('../../bench/peers/round.ts') },
  ],
  'a-bench-imports-its-parts-only': [
    { 'bench/other.ts': importing('./encryption.ts') },
    { 'bench/peers/round.ts': importing('../encryption.ts') },
    { 'bench/other.ts': importing('../test/harness/platform.ts') },
  ],
  'specs-import-the-harness-only': [
    { 'test/story.spec.ts': importing('./other.ts'), 'test/other.ts': 'export {};\n' },
    { 'libs/encryption/index.spec.ts': importing('../../bench/encryption.ts') },
  ],
  'tests-start-apps-in-the-harness': [{ 'test/story.spec.ts': importing('../apps/platform/main.ts') }],
};

const DEPENDENCIES = [
  '@nucypher/umbral-pre',
  'decimal.js',
  'zod',
  'ethers',
  'pdfkit',
  'node-seal',
  '@tensorflow/tfjs-core',
  'pg',
  'typeorm',
  'bullmq',
  'saxes',
  '@duckdb/node-api',
  '@electric-sql/pglite',
];
const DEVELOPMENT = ['@jest/globals'];

const FOLDERS = ['apps', 'clients', 'libs', 'test', 'bench'];

const versions = (names: readonly string[]): object =>
  Object.fromEntries(names.map((name) => [name, '1.0.0']));

describe('the architecture', () => {
  let root = '';

  const write = async (tree: Tree): Promise<void> => {
    for (const [file, text] of Object.entries(tree)) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), text);
    }
  };

  /** Names of the rules that the house breaks once `changes` are made to it. */
  const brokenRules = async (changes: Tree): Promise<string[]> => {
    await Promise.all(FOLDERS.map((folder) => rm(join(root, folder), { recursive: true, force: true })));
    await write({ ...HOUSE, ...changes });
    const { output } = await cruise(FOLDERS, {
      ...options,
      baseDir: root,
      validate: true,
      ruleSet: { forbidden },
    });
    return [...new Set((output as ICruiseResult).summary.violations.map(({ rule }) => rule.name))];
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'gridcommons-architecture-'));
    const { imports } = JSON.parse(await readFile('package.json', 'utf8')) as { imports: object };
    const manifest = {
      imports,
      dependencies: versions(DEPENDENCIES),
      devDependencies: versions(DEVELOPMENT),
    };
    await write({
      'package.json': JSON.stringify(manifest),
      'tsconfig.json': await readFile('tsconfig.json', 'utf8'),
      ...Object.fromEntries(
        [...DEPENDENCIES, ...DEVELOPMENT].flatMap((name) => [
          [
            `node_modules/${name}/package.json`,
            JSON.stringify({ name, version: '1.0.0', type: 'module', main: 'index.js' }),
          ],
          [`node_modules/${name}/index.js`, 'export {};\n'],
        ]),
      ),
    });
  });

  afterAll(() => rm(root, { recursive: true }));

  it('has a planted violation for each rule', () => {
    expect(new Set(Object.keys(VIOLATIONS))).toEqual(new Set(forbidden.map(({ name }) => name)));
  });

  it('lets the house in miniature pass', async () => {
    expect(await brokenRules({})).toEqual([]);
  });

  const planted = Object.entries(VIOLATIONS).flatMap(([rule, plants]) =>
    plants.map((plant) => ({ rule, plant, files: Object.keys(plant).join(' and ') })),
  );
  it.each(planted)('$rule finds a planted $files', async ({ rule, plant }) => {
    expect(await brokenRules(plant)).toContain(rule);
  });
});
