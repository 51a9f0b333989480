import { readFileSync } from 'node:fs';

const MANIFEST = /\/package\.json$/;

/** The version in the nearest package.json, from the sources and from dist alike. */
export function platformVersion(): string {
  cached ??= findVersion(new URL('package.json', import.meta.url));
  return cached;
}

let cached: string | undefined;

function findVersion(manifest: URL): string {
  try {
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version?: unknown };
    if (typeof version === 'string') return version;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const above = new URL('../package.json', manifest);
  if (above.href === manifest.href || !MANIFEST.test(above.pathname)) {
    throw new Error(`expected a package.json above ${import.meta.url}, got none`);
  }
  return findVersion(above);
}

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}
