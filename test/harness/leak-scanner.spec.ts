import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { neighbourForms, readingForms, residueForms, secretForms } from './leak-forms.ts';
import { LeakScanner } from './leak-scanner.ts';

/** A reading with seven digits before the point and four behind it, the last of them neither zero nor a tie. */
const reading = fc
  .tuple(
    fc.integer({ min: 1_000_000, max: 9_999_999 }),
    fc.integer({ min: 0, max: 999 }),
    fc.constantFrom(1, 2, 3, 4, 6, 7, 8, 9),
  )
  .map(([whole, fraction, last]) => `${whole}.${String(fraction).padStart(3, '0')}${last}`);

const noise = (bytes: number) => fc.uint8Array({ minLength: bytes, maxLength: bytes });

const number = (write: (view: DataView) => void, size = 8): Buffer => {
  const view = new DataView(new ArrayBuffer(size));
  write(view);
  return Buffer.from(view.buffer);
};

/** What somebody who stores a reading could write, by other code than the scanner's. */
const WRITERS: Readonly<Record<string, (kwh: string) => Buffer>> = {
  'decimal kWh': (kwh) => Buffer.from(String(Number(kwh))),
  'decimal kWh with zeros': (kwh) => Buffer.from(`${kwh}000`),
  'integer Wh': (kwh) => Buffer.from(String(Math.round(Number(kwh) * 1e3))),
  'integer mWh': (kwh) => Buffer.from(`{"mWh":${Math.round(Number(kwh) * 1e6)}}`),
  'float64 le kWh': (kwh) => number((view) => view.setFloat64(0, Number(kwh), true)),
  'float64 be Wh': (kwh) => number((view) => view.setFloat64(0, Math.round(Number(kwh) * 1e3))),
  'float64 le mWh': (kwh) => number((view) => view.setFloat64(0, Math.round(Number(kwh) * 1e6), true)),
  'int64 le Wh': (kwh) => number((view) => view.setBigInt64(0, BigInt(Math.round(Number(kwh) * 1e3)), true)),
  'int64 be mWh': (kwh) => number((view) => view.setBigInt64(0, BigInt(Math.round(Number(kwh) * 1e6)))),
};

const FLOAT32: Readonly<Record<string, (values: readonly number[]) => Buffer>> = {
  'le kWh': (values) => Buffer.from(Float32Array.from(values).buffer),
  'be Wh': (values) =>
    number(
      (view) => values.forEach((kwh, i) => view.setFloat32(4 * i, Math.round(kwh * 1e3))),
      4 * values.length,
    ),
  'le mWh': (values) => Buffer.from(Float32Array.from(values, (kwh) => Math.round(kwh * 1e6)).buffer),
};

const planted = fc.record({ kwh: reading, before: fc.integer({ min: 0, max: 64 }), around: noise(96) });

const place = (content: Buffer, before: number, around: Uint8Array): Buffer =>
  Buffer.concat([around.subarray(0, before), content, around.subarray(before)]);

describe('the leak scanner', () => {
  it.each(Object.entries(WRITERS))('finds %s, plain and in base64, at every offset', (_, write) => {
    fc.assert(
      fc.property(planted, ({ kwh, before, around }) => {
        const scanner = new LeakScanner(readingForms('reading', kwh));
        const file = place(write(kwh), before, around);
        for (const bytes of [
          file,
          Buffer.from(file.toString('base64')),
          Buffer.from(file.toString('base64url')),
        ])
          expect(scanner.leaks(scanner.scan('file', bytes))).not.toHaveLength(0);
      }),
    );
  });

  it.each(Object.entries(FLOAT32))(
    'finds float32 of two neighbouring hours, %s, plain and in base64',
    (_, write) => {
      fc.assert(
        fc.property(planted, reading, ({ kwh, before, around }, next) => {
          const scanner = new LeakScanner(neighbourForms('hours', kwh, next));
          const file = place(write([Number(kwh), Number(next)]), before, around);
          for (const bytes of [file, Buffer.from(file.toString('base64'))])
            expect(scanner.leaks(scanner.scan('file', bytes))).not.toHaveLength(0);
        }),
      );
    },
  );

  it('takes four single float32 in one file for a leak, fewer for chance', () => {
    const values = ['1234567.8912', '2345678.9123', '3456789.1234', '4567891.2345'];
    const scanner = new LeakScanner(values.flatMap((kwh, i) => readingForms(`reading ${i}`, kwh)));
    const rows = values.map((kwh) => Buffer.concat([FLOAT32['le kWh']!([Number(kwh)]), Buffer.alloc(7)]));
    const leaksOf = (bytes: Buffer) => scanner.leaks(scanner.scan('file', bytes));
    expect(new Set(leaksOf(Buffer.concat(rows)).map(({ name }) => name)).size).toBe(4);
    expect(leaksOf(Buffer.concat(rows.slice(1)))).toEqual([]);
  });

  it('finds keys and residues in each of their forms', () => {
    fc.assert(
      fc.property(noise(32), fc.integer({ min: 0, max: 64 }), noise(96), (key, before, around) => {
        const scanner = new LeakScanner([...secretForms('key', key), ...residueForms('share', key)]);
        const hex = Buffer.from(key).toString('hex');
        const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), key]);
        const forms = [key, pkcs8, Buffer.from(hex), Buffer.from(hex.toUpperCase()), key.toReversed()];
        for (const form of forms) {
          const file = place(Buffer.from(form), before, around);
          expect(scanner.scan('file', file).map(({ name }) => name)).toContain('key');
          const encoded = Buffer.from(file.toString('base64'));
          expect(scanner.scan('file', encoded).map(({ name }) => name)).toContain('key');
        }
        expect(scanner.scan('file', key).map(({ name }) => name)).toContain('share at 0');
      }),
    );
  });

  it('finds nothing in what holds nothing', () => {
    fc.assert(
      fc.property(reading, noise(4_096), (kwh, bytes) => {
        const scanner = new LeakScanner(readingForms('reading', kwh));
        expect(scanner.leaks(scanner.scan('file', bytes))).toEqual([]);
      }),
    );
  });
});
