/** Which forecasts; the newest version of each. */
export interface ForecastChoice {
  readonly series: string;
  readonly productId?: string;
  readonly from: string;
  readonly to: string;
}

/** Address of a file of them. */
export const exportPath = (choice: ForecastChoice, format: string): string =>
  `/forecasts/export?${new URLSearchParams({ format, latest: 'true', ...choice }).toString()}`;

/** A query of them that runs as it stands. */
export function snippetOf({ series, productId, from, to }: ForecastChoice): string {
  const product = productId === undefined ? '' : `, productId: ${JSON.stringify(productId)}`;
  return `query {
  forecasts(
    series: ${JSON.stringify(series)}${product}, latest: true, first: 100
    from: "${from}", to: "${to}"
  ) {
    edges { node { participantId intervalStart p10 p50 p90 unit } }
    pageInfo { hasNextPage endCursor }
  }
}`;
}
