export type DataCarrier = 'electricity' | 'gas' | 'heat' | 'oil' | 'water';
export type DataKind = 'readings' | 'forecast' | 'model' | 'carbon-series' | 'report';
export type DataSetStatus = 'draft' | 'listed' | 'retired';

/** A column of the data, with the unit of its values. */
export interface DataColumn {
  readonly name: string;
  /** Null of text. */
  readonly unit: string | null;
  readonly description: string;
}

/** A doubt about the data, shown to buyers before they pay. */
export interface DataFinding {
  readonly code: string;
  readonly severity: 'info' | 'warning' | 'severe';
  /** Affected rows or intervals. */
  readonly count: number;
  readonly message: string;
}
