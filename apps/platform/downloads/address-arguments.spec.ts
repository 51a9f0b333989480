import { describe, expect, it } from '@jest/globals';
import { AddressArguments } from './address-arguments.ts';

const codeOf = (ask: () => unknown): unknown => {
  try {
    return ask();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('arguments of an address', () => {
  it('are each taken once, and none is left', () => {
    const asked = new AddressArguments({ a: '1', format: 'csv', on: 'true' });
    expect([asked.required('a'), asked.format().name, asked.flag('on'), asked.flag('off')]).toEqual(['1', 'csv', true, false]); // prettier-ignore
    expect(() => asked.end()).not.toThrow();
    expect(codeOf(() => asked.required('a'))).toBe('DOWNLOAD_QUERY');
    expect(codeOf(() => new AddressArguments({ b: '1' }).end())).toBe('DOWNLOAD_QUERY');
  });

  it.each<[string, () => unknown]>([
    ['DOWNLOAD_QUERY', () => new AddressArguments({ a: ['1', '2'] })],
    ['DOWNLOAD_QUERY', () => new AddressArguments({ a: 'x\u0000' })],
    ['DOWNLOAD_QUERY', () => new AddressArguments({ on: 'yes' }).flag('on')],
    ['INSTANT_MALFORMED', () => new AddressArguments({ from: 'noon' }).instant('from')],
    ['DOWNLOAD_FORMAT', () => new AddressArguments({ format: 'xml' }).format()],
    ['DOWNLOAD_FORMAT', () => new AddressArguments({}).format()],
  ])('are refused with %s', (code, ask) => {
    expect(codeOf(ask)).toBe(code);
  });
});
