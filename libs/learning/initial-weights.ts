import { type NetworkTerms, type Parameter, parametersOf, TCN_KERNEL, weightCount } from './network.ts';
import { normal, type RandomSource, randomSource, uniform } from './random.ts';

/** √(6 / (fan-in + fan-out)) (Glorot & Bengio 2010). */
const glorot = (fanIn: number, fanOut: number): number => Math.sqrt(6 / (fanIn + fanOut));

function fillUniform(out: Float32Array, limit: number, next: RandomSource): void {
  for (let i = 0; i < out.length; i += 1) out[i] = (2 * uniform(next) - 1) * limit;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i]! * b[i]!;
  return sum;
};

/** `size` orthonormal rows: random ones, each less its projections on those before it, twice for accuracy (Gram–Schmidt). */
function orthonormalRows(size: number, next: RandomSource): Float64Array[] {
  const rows: Float64Array[] = [];
  while (rows.length < size) {
    let row = Float64Array.from({ length: size }, () => normal(next));
    for (const basis of [...rows, ...rows]) {
      const along = dot(row, basis);
      row = row.map((value, i) => value - along * basis[i]!);
    }
    const length = Math.sqrt(dot(row, row));
    // A row that others nearly span is drawn again: dividing by its length would amplify rounding.
    if (length > 1e-3) rows.push(row.map((value) => value / length));
  }
  return rows;
}

/** One orthogonal block a gate, side by side (Saxe et al. 2014): states neither grow nor fade over the steps. */
function fillOrthogonal(out: Float32Array, { rows, columns }: Parameter, next: RandomSource): void {
  for (let first = 0; first < columns; first += rows) {
    for (const [r, row] of orthonormalRows(rows, next).entries()) out.set(row, r * columns + first);
  }
}

/** Uniform, within what each kind of layer is usually started with; DLinear's maps within 1 / √L, as its authors have them. */
function limitOf({ architecture, hidden }: NetworkTerms, { name, rows, columns }: Parameter): number {
  if (architecture === 'dlinear') return 1 / Math.sqrt(rows);
  if (name === 'convolutions') return glorot(TCN_KERNEL * hidden, hidden);
  return glorot(rows, name === 'input' ? hidden : columns);
}

/**
 * The weights a task starts from, determined by its terms: only integer operations, IEEE + − × ÷ √ and rounding to
 * float32, so that every machine gets the same bits. Biases are zero. @throws NETWORK_TERMS_INVALID
 */
export function initialWeights(network: NetworkTerms): Float32Array {
  const weights = new Float32Array(weightCount(network));
  const next = randomSource(network.seed);
  for (const parameter of parametersOf(network)) {
    const { name, rows, columns, offset } = parameter;
    const out = weights.subarray(offset, offset + rows * columns);
    if (name === 'recurrent') fillOrthogonal(out, parameter, next);
    else if (!name.endsWith('Bias')) fillUniform(out, limitOf(network, parameter), next);
  }
  return weights;
}
