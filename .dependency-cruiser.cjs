/**
 * The architecture as rules: `npm run arch` fails when an import breaks one. docs/ARCHITECTURE.md explains the house;
 * test/architecture.spec.ts plants a violation of each rule and sees it found.
 */

const { domain, engines, applied, infrastructure } = require('./libs/kinds.json');

/** Each engine is the only importer of its package. */
const packageOfEngine = {
  forecasting: 'date-holidays',
  training: '@tensorflow/tfjs[^/]*',
  encryption: 'node-seal',
  optimization: 'highs',
  reports: '(pdfkit|write-excel-file)',
  delivery: '@nucypher/umbral-pre',
};
/** Exact decimal arithmetic; hashing and signatures are functions of core over Web Crypto, which every platform has. */
const packagesOfDomain = ['decimal\\.js', 'saxes'];
/** Node's own modules an engine may use: ciphers and an extendable-output hash to seal and expand; threads to train and to solve in. */
const builtinsOfEngine = {
  encryption: ['^crypto$'],
  training: ['^util$', '^worker_threads$'],
  optimization: ['^worker_threads$'],
  delivery: ['^crypto$'],
};

/** What checks documents from outside, exact decimals, and threads that can be ended. */
const packagesOfApplied = ['zod', 'decimal\\.js'];
const builtinsOfApplied = ['^worker_threads$'];

const databaseClients = ['pg', 'typeorm', '@nestjs/typeorm', '@electric-sql'];
const queueClients = ['bullmq', 'ioredis', '@nestjs/bullmq'];

const libs = (names) => `^libs/(${names.join('|')})/`;
const packages = (names) => names.map((name) => `node_modules/${name}/`);
const code = { pathNot: '\\.spec\\.ts$' };
const external = { dependencyTypes: ['npm', 'npm-dev', 'npm-optional', 'npm-no-pkg', 'npm-unknown', 'core'] };

/** What an engine may use from outside; an empty list would match everything. */
const allowing = (engine) => {
  const names = engine in packageOfEngine ? [packageOfEngine[engine]] : [];
  const pathNot = [...packages(names), ...(builtinsOfEngine[engine] ?? [])];
  return pathNot.length > 0 ? { pathNot } : {};
};

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** A file in a place or under a name that the house does not have: found by what it imports, by who imports it, or alone. */
const forbidPlace = (name, comment, place) => [
  forbid(name, comment, place, {}),
  forbid(name, comment, {}, place),
  forbid(name, comment, { ...place, orphan: true }, {}),
];

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    forbid(
      'no-cycles',
      'Files that import each other are one file, or hide a third.',
      {},
      { circular: true },
    ),
    forbid(
      'no-unresolvable',
      'An import that leads nowhere fails at start, not here. (The named package is types alone and has no file to resolve to.)',
      {},
      { couldNotResolve: true, pathNot: '^@graphql-typed-document-node/core$' },
    ),
    forbid(
      'no-development-package-in-code',
      'An installation without development packages must run. The console is bundled before it is installed.',
      { path: '^(apps|clients|libs)/', pathNot: ['\\.spec\\.ts$', '^apps/console/', '\\.config\\.ts$'] },
      { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    ),

    ...forbidPlace('apps-are-flat', 'apps/<app>/<feature>/<file> and no deeper.', {
      path: '^apps/[^/]+/[^/]+/[^/]+/',
    }),
    ...forbidPlace('libs-are-flat', 'libs/<lib>/<file>: a lib that wants folders is two libs.', {
      path: ['^libs/[^/]+\\.tsx?$', '^libs/[^/]+/[^/]+/'],
    }),
    ...forbidPlace('names-say-what-is-inside', 'utils, common, shared, helpers and misc name no concept.', {
      path: ['util', 'utils', 'common', 'shared', 'helper', 'helpers', 'misc'].map((name) => `/${name}[./]`),
      pathNot: 'node_modules/',
    }),
    ...forbidPlace(
      'every-lib-has-a-kind',
      'A lib is domain, engine, applied or infrastructure: libs/kinds.json says which.',
      {
        path: '^libs/',
        pathNot: [libs([...domain, ...engines, ...applied, ...infrastructure]), '^libs/kinds\\.json$'],
      },
    ),

    forbid(
      'libs-through-their-index',
      'What a lib offers is what its index.ts names.',
      { path: '^(apps|libs|test|bench)/([^/]+)/?' },
      { path: '^libs/', pathNot: ['^libs/[^/]+/index\\.ts$', '^$1/$2/'] },
    ),
    forbid(
      'libs-by-their-name',
      'Another lib is `#name`, which resolves in source and in dist alike.',
      { path: '^(apps|libs|test|bench)/([^/]+)/?' },
      {
        path: '^libs/',
        pathNot: '^$1/$2/',
        dependencyTypes: ['local'],
        dependencyTypesNot: ['aliased-subpath-import'],
      },
    ),

    forbid(
      'domain-imports-domain-only',
      'Business rules know neither processes nor engines nor infrastructure.',
      { path: libs(domain), ...code },
      { path: '^(apps|libs)/', pathNot: libs(domain) },
    ),
    forbid(
      'domain-specs-start-no-process',
      'A spec of the domain may compare with an engine and ask config where the cases are; it starts nothing.',
      { path: `${libs(domain)}.*\\.spec\\.ts$` },
      { path: ['^apps/', libs(infrastructure.filter((name) => name !== 'config'))], reachable: true },
    ),
    forbid(
      'domain-is-pure',
      'No I/O, no Node module, no package but exact decimals and, for meters, XML: the same code runs in a browser.',
      { path: libs(domain), ...code },
      { ...external, pathNot: packages(packagesOfDomain) },
    ),
    forbid(
      'metering-alone-reads-xml',
      'Files come in through one door.',
      { pathNot: '^libs/metering/' },
      { path: packages(['saxes']) },
    ),
    forbid(
      'core-imports-nothing',
      'Everything imports core.',
      { path: '^libs/core/', ...code },
      { pathNot: '^libs/core/' },
    ),

    forbid(
      'engines-import-domain-only',
      'An engine computes; it knows no other engine, no infrastructure and no app.',
      { path: `^libs/(${engines.join('|')})/`, ...code },
      { path: '^(apps|libs)/', pathNot: [libs(domain), '^libs/$1/'] },
    ),
    ...engines.map((name) =>
      forbid(
        `${name}-wraps-its-package-only`,
        'One engine, one package: replacing the package touches one lib.',
        { path: libs([name]), ...code },
        { ...external, ...allowing(name) },
      ),
    ),
    forbid(
      'only-engines-import-their-package',
      'Everybody else calls the engine.',
      { path: '^(apps|libs|test)/', pathNot: libs(engines) },
      { path: packages(Object.values(packageOfEngine)) },
    ),

    forbid(
      'applied-imports-no-infrastructure-no-app',
      'What can be asked from outside is composed of domain and engines; it knows no process.',
      { path: libs(applied), ...code },
      { path: '^(apps|libs)/', pathNot: libs([...domain, ...engines, ...applied]) },
    ),
    forbid(
      'applied-checks-and-computes-only',
      'No file, no network: documents in, documents out.',
      { path: libs(applied), ...code },
      { ...external, pathNot: [...packages(packagesOfApplied), ...builtinsOfApplied] },
    ),

    forbid(
      'infrastructure-imports-no-engine-no-app',
      'Infrastructure serves every app and knows none.',
      { path: libs(infrastructure) },
      { path: ['^apps/', libs([...engines, ...applied])] },
    ),
    forbid(
      'only-persistence-opens-a-database',
      'Connections, roles and tenants are bound in one place; the test harness makes and drops databases.',
      { pathNot: ['^libs/persistence/', '^test/harness/', 'node_modules/'] },
      { path: packages(['pg', '@electric-sql', '@nestjs/typeorm']) },
    ),
    forbid(
      'only-the-platform-maps-entities',
      'TypeORM stays where entities, services and jobs are; resolvers and their types answer from services.',
      { pathNot: ['^libs/persistence/', '^apps/platform/', 'node_modules/'] },
      { path: packages(['typeorm']) },
    ),
    forbid(
      'resolvers-know-no-database',
      'A resolver translates a request; a service opens the transaction.',
      { path: '^apps/platform/.*\\.(resolver|types|scalar)\\.ts$' },
      { path: [...packages(databaseClients), libs(['persistence'])] },
    ),
    forbid(
      'only-queue-imports-its-client',
      'Jobs go through JobQueue, which has two implementations.',
      { pathNot: ['^libs/queue/', 'node_modules/'] },
      { path: packages(queueClients) },
    ),

    forbid(
      'only-anchor-imports-its-client',
      'A chain is reached in one place, by who is configured to.',
      { pathNot: ['^libs/anchor/', 'node_modules/'] },
      { path: packages(['ethers']) },
    ),
    forbid(
      'anchor-loads-its-client-when-asked',
      'Who anchors nowhere loads nothing of it.',
      { path: '^libs/anchor/' },
      { path: packages(['ethers']), dynamic: false, dependencyTypesNot: ['type-only'] },
    ),

    forbid(
      'reports-load-their-packages-when-asked',
      'Who writes no workbook and no PDF loads nothing that does.',
      { path: '^libs/reports/', ...code },
      { path: packages([packageOfEngine.reports]), dynamic: false, dependencyTypesNot: ['type-only'] },
    ),

    forbid(
      'delivery-loads-its-package-when-asked',
      'Who delivers nothing loads nothing under another licence.',
      { path: '^libs/delivery/', ...code },
      { path: packages([packageOfEngine.delivery]), dynamic: false, dependencyTypesNot: ['type-only'] },
    ),

    forbid(
      'apps-know-no-app',
      "Processes meet on the wire. The worker runs the platform's jobs and the cli the participant's commands, each through one file.",
      { path: '^apps/([^/]+)/' },
      {
        path: '^apps/',
        pathNot: ['^apps/$1/', '^apps/platform/worker\\.module\\.ts$', '^apps/participant/commands\\.ts$'],
      },
    ),
    forbid(
      'only-the-worker-runs-the-worker-module',
      'The one door into the platform is for the process that runs its jobs.',
      { path: '^apps/', pathNot: '^apps/(platform|worker)/' },
      { path: '^apps/platform/worker\\.module\\.ts$' },
    ),
    forbid(
      'only-the-cli-runs-participant-commands',
      'The one door into the participant is for the command line.',
      { path: '^apps/', pathNot: '^apps/(participant|cli)/' },
      { path: '^apps/participant/commands\\.ts$' },
    ),
    forbid(
      'participant-has-no-database-no-queue',
      'The process that sees raw readings can reach the platform through GraphQL only, by no detour.',
      { path: '^apps/participant/' },
      {
        path: [libs(['persistence', 'queue']), ...packages([...databaseClients, ...queueClients])],
        reachable: true,
      },
    ),
    forbid(
      'only-readings-opens-the-store',
      'Raw readings are read in one place, which enforces what is known when.',
      { pathNot: ['^apps/participant/readings/', 'node_modules/'] },
      { path: packages(['@duckdb']) },
    ),
    forbid(
      'console-knows-core-and-transcript-only',
      'Pages speak GraphQL; what they verify themselves is a transcript.',
      { path: '^apps/console/', ...code },
      { path: '^libs/', pathNot: libs(['core', 'transcript']) },
    ),
    forbid(
      'client-knows-core-only',
      'A market module speaks GraphQL; what it signs is of core, which is built into the package. Specs compare with the rules.',
      { path: '^clients/', ...code },
      { path: '^(apps|libs|test|bench)/', pathNot: '^libs/core/index\\.ts$' },
    ),
    forbid(
      'nothing-imports-the-client',
      'It is for modules of others, which reach the platform from outside.',
      { path: '^(apps|libs|test|bench)/' },
      { path: '^clients/' },
    ),

    forbid(
      'nothing-imports-a-bench-or-a-test',
      'Measurements and stories look at the product from outside.',
      { path: '^(apps|libs)/', ...code },
      { path: '^(test|bench)/' },
    ),
    forbid(
      'a-bench-imports-its-parts-only',
      'A bench is started, not imported; parts of one stand in a folder below it.',
      { path: '^bench/' },
      { path: ['^test/', '^bench/[^/]+$'] },
    ),
    forbid(
      'specs-import-the-harness-only',
      'What several specs set up together is part of the harness.',
      { path: '\\.spec\\.ts$' },
      { path: '^(test|bench)/', pathNot: '^test/harness/' },
    ),
    forbid(
      'tests-start-apps-in-the-harness',
      'Stories go through GraphQL and the command line; only the harness starts a process from its parts.',
      { path: '^test/', pathNot: '^test/harness/' },
      { path: '^apps/' },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'import', 'node', 'default'],
    },
  },
};
