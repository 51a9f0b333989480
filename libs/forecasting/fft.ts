/**
 * Σ_t z_t z_{t+k} for k = 0 … lags − 1, by the Wiener–Khinchin theorem: the inverse transform of |ẑ|², zeros appended so that
 * nothing wraps around. n log n instead of n · lags.
 */
export function laggedSums(values: Float64Array, lags: number): Float64Array {
  let size = 1;
  while (size < values.length + lags) size *= 2;
  const re = new Float64Array(size);
  const im = new Float64Array(size);
  re.set(values);
  transform(re, im);
  for (let i = 0; i < size; i += 1) {
    re[i] = re[i]! * re[i]! + im[i]! * im[i]!;
    im[i] = 0;
  }
  // The power spectrum of a real series is even, so its transform is its inverse but for the factor.
  transform(re, im);
  return re.slice(0, lags).map((sum) => sum / size);
}

/** In-place discrete Fourier transform of a power of two of complex values: radix-2 decimation in time (Cooley & Tukey 1965). */
export function transform(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  reverseBits(re, im);
  const [cos, sin] = [new Float64Array(n / 2), new Float64Array(n / 2)];
  for (let k = 0; k < n / 2; k += 1) {
    cos[k] = Math.cos((2 * Math.PI * k) / n);
    sin[k] = -Math.sin((2 * Math.PI * k) / n);
  }
  for (let half = 1; half < n; half *= 2) {
    const stride = n / (2 * half);
    for (let start = 0; start < n; start += 2 * half) {
      for (let k = 0; k < half; k += 1) {
        const [low, high] = [start + k, start + k + half];
        const [c, s] = [cos[k * stride]!, sin[k * stride]!];
        const x = re[high]! * c - im[high]! * s;
        const y = re[high]! * s + im[high]! * c;
        re[high] = re[low]! - x;
        im[high] = im[low]! - y;
        re[low]! += x;
        im[low]! += y;
      }
    }
  }
}

function reverseBits(re: Float64Array, im: Float64Array): void {
  const n = re.length;
  for (let i = 1, j = 0; i < n; i += 1) {
    let bit = n >> 1;
    for (; j & bit; bit >>= 1) j ^= bit;
    j ^= bit;
    if (i < j) {
      [re[i], re[j]] = [re[j]!, re[i]!];
      [im[i], im[j]] = [im[j]!, im[i]!];
    }
  }
}
