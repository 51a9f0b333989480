import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The version in the nearest package.json above, from the sources and from dist alike. */
export function packageVersion(from: URL = new URL('package.json', import.meta.url)): string {
  if (!existsSync(fileURLToPath(from))) return packageVersion(new URL('../package.json', from));
  const manifest: { version: string } = JSON.parse(readFileSync(from, 'utf8'));
  return manifest.version;
}
