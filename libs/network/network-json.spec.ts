import { describe, expect, it } from '@jest/globals';
import { networkFromJson, networkOf, radialTree } from './index.ts';

const JSON_NETWORK = {
  root: 1,
  buses: [{ id: 1 }, { id: '2', p: '0.5', vmin: 0.9 }],
  lines: [
    { from: 1, to: 2, x: 0.1 },
    { from: 2, to: 1, r: 1, x: 1, in_service: false },
  ],
  generators: [{ bus: 2, p: [1, 2] }],
};

describe('networkFromJson', () => {
  it('reads names of numbers, decimals of text, defaults, and leaves out lines that are out of service', () => {
    const data = networkFromJson(JSON_NETWORK);
    expect(data).toEqual({
      root: '1',
      base: { kv: 1, mva: 1 },
      powerUnit: 'kW',
      buses: [{ id: '1' }, { id: '2', p: 0.5, vmin: 0.9 }],
      lines: [{ from: '1', to: '2', r: 0, x: 0.1 }],
      generators: [{ id: '2 #1', bus: '2', p: [1, 2] }],
    });
    expect(radialTree(networkOf(data)).busAt).toHaveLength(2);
  });

  it.each<[string, unknown]>([
    ['network', null],
    ['network', []],
    ['network', { ...JSON_NETWORK, power: 'kW' }],
    ['network.unit', { ...JSON_NETWORK, unit: 'GW' }],
    ['network.root', { ...JSON_NETWORK, root: '' }],
    ['network.buses', { ...JSON_NETWORK, buses: {} }],
    ['network.buses[0].id', { ...JSON_NETWORK, buses: [{}] }],
    ['network.buses[0].p', { ...JSON_NETWORK, buses: [{ id: 1, p: 'much' }] }],
    ['network.lines[0]', { ...JSON_NETWORK, lines: [{ from: 1, to: 2, x: 1, constructor: 1 }] }],
    ['network.lines[0].in_service', { ...JSON_NETWORK, lines: [{ from: 1, to: 2, x: 1, in_service: 1 }] }],
    ['network.generators[0].p[1]', { ...JSON_NETWORK, generators: [{ bus: 2, p: [1, null] }] }],
  ])('names the place %s of what it does not take', (where, json) => {
    expect(() => networkFromJson(json)).toThrow(
      expect.objectContaining({ code: 'NETWORK_JSON', data: { where } }),
    );
  });
});
