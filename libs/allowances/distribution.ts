/** A distribution function: the chance of at most x. */
export type Distribution = (x: number) => number;

/** Beyond it the normal distribution function is 0 or 1 to double precision. */
const FAR = 9;

/** Standard normal, by its series about 0: φ(x)(x + x³/3 + x⁵/(3·5) + …). Source: Marsaglia 2004. */
export const normal: Distribution = (x) => {
  if (Math.abs(x) > FAR) return x > 0 ? 1 : 0;
  let sum = x;
  let term = x;
  for (let odd = 3; Math.abs(term) > Number.EPSILON * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-x * x) / 2)) / Math.sqrt(2 * Math.PI);
};

/** Student's with a whole number of degrees of freedom, in closed form. Source: Abramowitz & Stegun 1972, 26.7.3 and 26.7.4. */
export function student(degrees: number): Distribution {
  return (t) => {
    const theta = Math.atan(t / Math.sqrt(degrees));
    const within = degrees % 2 === 0 ? evenWithin(degrees, theta) : oddWithin(degrees, theta);
    return (1 + within) / 2;
  };
}

/** The chance of at most |t| in magnitude, with the sign of t. */
function evenWithin(degrees: number, theta: number): number {
  const cosine2 = Math.cos(theta) ** 2;
  let sum = 1;
  for (let term = 1, k = 1; k <= degrees - 3; k += 2) {
    term *= (cosine2 * k) / (k + 1);
    sum += term;
  }
  return Math.sin(theta) * sum;
}

function oddWithin(degrees: number, theta: number): number {
  const cosine = Math.cos(theta);
  let sum = degrees === 1 ? 0 : cosine;
  for (let term = cosine, k = 2; k <= degrees - 3; k += 2) {
    term *= (cosine ** 2 * k) / (k + 1);
    sum += term;
  }
  return ((theta + Math.sin(theta) * sum) * 2) / Math.PI;
}

/** The x that is not exceeded with chance p in (0, 1), of a distribution about 0: by halving. */
export function quantile(distribution: Distribution, p: number): number {
  if (p < 0.5) return -quantile(distribution, 1 - p);
  let [low, high] = [0, 1];
  while (distribution(high) < p) high *= 2;
  for (let middle = (low + high) / 2; middle > low && middle < high; middle = (low + high) / 2) {
    if (distribution(middle) < p) low = middle;
    else high = middle;
  }
  return high;
}
