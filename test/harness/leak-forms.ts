/** One byte string that must not be found, and what it would give away. */
export interface Needle {
  /** Whose it is: `bakery load 2026-05-14T03:00Z`. Needles of one name are forms of the same thing. */
  readonly name: string;
  /** How it is written: `float64 le of Wh`, `base64+1 of decimal kWh`. */
  readonly form: string;
  readonly bytes: Uint8Array;
}

/** A reading as it stands in a meter's file: `1417283.9453` kWh. At most six decimals, so that mWh are whole. */
export type DecimalKwh = string;

const text = (value: string): Uint8Array => new TextEncoder().encode(value);

/** `value · 10^places` exactly, as decimal text without an exponent or superfluous zeros. */
function shiftDecimal(value: DecimalKwh, places: number): string {
  const [whole = '', fraction = ''] = value.split('.');
  const digits = fraction.padEnd(places, '0');
  const shifted = `${whole}${digits.slice(0, places)}`.replace(/^0+(?=\d)/, '');
  const rest = digits.slice(places).replace(/0+$/, '');
  return rest === '' ? shifted : `${shifted}.${rest}`;
}

type Write = (view: DataView, littleEndian: boolean) => void;

/** Both byte orders. */
function binary(form: string, size: number, write: Write): { form: string; bytes: Uint8Array }[] {
  return [true, false].map((littleEndian) => {
    const view = new DataView(new ArrayBuffer(size));
    write(view, littleEndian);
    return { form: `${form} ${littleEndian ? 'le' : 'be'}`, bytes: new Uint8Array(view.buffer) };
  });
}

const float32 = (form: string, ...values: number[]) =>
  binary(`float32 of ${form}`, 4 * values.length, (view, le) =>
    values.forEach((value, i) => view.setFloat32(4 * i, value, le)),
  );
const float64 = (form: string, value: number) =>
  binary(`float64 of ${form}`, 8, (view, le) => view.setFloat64(0, value, le));
const int64 = (form: string, value: number) =>
  binary(`int64 of ${form}`, 8, (view, le) => view.setBigInt64(0, BigInt(value), le));

/**
 * The characters of base64 that `bytes` alone determine when `before` bytes (modulo 3) stand in front of them in the
 * encoded message; in the alphabet of MIME and in that of URLs.
 */
function base64Forms({ form, bytes }: Omit<Needle, 'name'>): Omit<Needle, 'name'>[] {
  return [0, 1, 2].flatMap((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes, Buffer.alloc(3)]).toString('base64');
    const own = whole.slice(Math.ceil((8 * before) / 6), Math.floor((8 * (before + bytes.length)) / 6));
    const url = own.replaceAll('+', '-').replaceAll('/', '_');
    return [...new Set([own, url])].map((written) => ({
      form: `base64+${before} of ${form}`,
      bytes: text(written),
    }));
  });
}

/** The base64 of fewer than eight bytes is four or five characters, which hexadecimal text has by chance. */
const inAllForms = (name: string, plain: readonly Omit<Needle, 'name'>[]): Needle[] =>
  plain.flatMap((one) =>
    [one, ...(one.bytes.length < 8 ? [] : base64Forms(one))].map((needle) => ({ name, ...needle })),
  );

/** The four numbers under which one reading may travel. */
function quantities(kwh: DecimalKwh): { unit: string; written: string }[] {
  const wh = shiftDecimal(kwh, 3);
  return [
    { unit: 'kWh', written: kwh },
    { unit: 'Wh', written: wh },
    { unit: 'whole Wh', written: String(Math.round(Number(wh))) },
    { unit: 'mWh', written: shiftDecimal(kwh, 6) },
  ];
}

/**
 * One reading: decimal text (with any number of zeros behind it, whose beginning this is), float32 and float64 of kWh, Wh
 * and mWh and int64 of Wh and mWh in both byte orders, and the base64 of each at all three alignments; that of float32
 * together with the hour beside it, see `neighbourForms`.
 */
export function readingForms(name: string, kwh: DecimalKwh): Needle[] {
  const plain = quantities(kwh).flatMap(({ unit, written }) => {
    const value = Number(written);
    return [
      { form: `decimal ${unit}`, bytes: text(written) },
      ...float64(unit, value),
      ...float32(unit, value),
      ...(Number.isInteger(value) ? int64(unit, value) : []),
    ];
  });
  return inAllForms(name, plain);
}

/** Two neighbouring hours as float32: eight bytes, which do not occur by chance. */
export function neighbourForms(name: string, first: DecimalKwh, second: DecimalKwh): Needle[] {
  const others = quantities(second);
  const plain = quantities(first).flatMap(({ unit, written }, i) =>
    float32(`two ${unit}`, Number(written), Number(others[i]!.written)),
  );
  return inAllForms(name, plain);
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** Bytes of a key: raw, backwards, hexadecimal in both cases, and the base64 of these. */
export function secretForms(name: string, bytes: Uint8Array): Needle[] {
  return inAllForms(name, [
    { form: 'raw', bytes },
    { form: 'backwards', bytes: Uint8Array.from(bytes).toReversed() },
    { form: 'hex', bytes: text(hexOf(bytes)) },
    { form: 'HEX', bytes: text(hexOf(bytes).toUpperCase()) },
  ]);
}

const SAMPLE_BYTES = 24;

/** The beginning and the middle of a file of residues: as they lie there, and each residue as a decimal number. */
export function residueForms(name: string, content: Uint8Array): Needle[] {
  const middle = 8 * Math.floor(content.length / 16);
  return [0, middle].flatMap((at) => {
    const sample = Uint8Array.from(content.subarray(at, at + SAMPLE_BYTES));
    const residues = new BigUint64Array(sample.buffer);
    return [
      ...secretForms(`${name} at ${at}`, sample),
      ...Array.from(residues, (residue) => ({
        name: `${name} at ${at}`,
        form: 'decimal residue',
        bytes: text(String(residue)),
      })),
    ];
  });
}

/** Text that must (or must not) be found as it is. */
export const textForm = (name: string, value: string): Needle => ({ name, form: 'text', bytes: text(value) });
