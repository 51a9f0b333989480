import { describe, expect, it } from '@jest/globals';
import { installedNode, isSupported } from './supported-node.ts';

describe('Node', () => {
  it.each([
    ['v18.20.4', false],
    ['v20.20.2', false],
    ['v22.11.0', false],
    ['v22.12.0', true],
    ['v22.9.9', false],
    ['v23.0.0', true],
    ['v24.21.0', true],
    ['v100.0.0', true],
  ])('%s is supported: %s', (version, supported) => {
    expect(isSupported(version)).toBe(supported);
  });

  it('is looked for only where npm has one', () => {
    expect(installedNode('aix', 'ppc64')).toBeNull();
    expect(installedNode('linux', 'mips')).toBeNull();
  });
});
