#!/usr/bin/env node
// Runs on Node 18 and later: nothing but Node's own modules may be imported before the version is known.
import { fileURLToPath } from 'node:url';
import { endLike, runInForeground } from './child-process.ts';
import { installedNode, isSupported, LEAST_NODE } from './supported-node.ts';

const UNAVAILABLE = 3;
/** Marks the process whose Node was exchanged already; also its name in lists of processes. */
const EXCHANGED = '--title=gridcommons';
const parameters = process.argv.slice(2);

if (isSupported(process.version)) {
  hideExperimentalWarnings();
  const { main } = await import('./program.ts');
  await main(parameters);
} else {
  await runOnInstalledNode();
}

async function runOnInstalledNode(): Promise<void> {
  const node = installedNode();
  if (node === null || process.execArgv.includes(EXCHANGED)) return refuse();
  endLike(
    await runInForeground(node, [EXCHANGED, fileURLToPath(import.meta.url), ...parameters], {
      stdio: 'inherit',
    }),
  );
}

function refuse(): void {
  const code = 'NODE_TOO_OLD';
  const message = `expected Node ${LEAST_NODE} or later, got ${process.version} and none installed by npm: run npm ci`;
  const data = { expected: LEAST_NODE, got: process.version };
  const json = parameters.includes('--json');
  process.stderr.write(
    json ? `${JSON.stringify({ error: { code, message, data } })}\n` : `${code}: ${message}\n`,
  );
  process.exitCode = UNAVAILABLE;
}

/** node:sqlite, which locks the data directories, is stable enough for that and says otherwise on every start. */
function hideExperimentalWarnings(): void {
  const printers = process.listeners('warning');
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name === 'ExperimentalWarning') return;
    for (const print of printers) print(warning);
  });
}
