export const SHARE_METHODS = [
  'nash',
  'barter',
  'shapley',
  'nucleolus',
  'prenucleolus',
  'per-capita-nucleolus',
  'core',
  'least-core',
  'contribution',
  'talmud',
] as const;

export type ShareMethod = (typeof SHARE_METHODS)[number];

export interface ShareOptions {
  readonly method: ShareMethod;
  readonly input?: string;
  readonly schema?: boolean;
  readonly samples?: number;
  readonly seed: number;
}

export const STORAGE_METHODS = ['core', 'equilibrium', 'lease'] as const;

export type StorageMethod = (typeof STORAGE_METHODS)[number];
