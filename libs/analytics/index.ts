/**
 * analytics: what members' energy use is like, where it is going, and how it compares. Pure.
 *
 * Vocabulary: day shape (shares of a local day's energy by hour), day kind (a cluster of shapes, with a label), portrait (the
 * kinds and figures of a load; stays at its site but for labels), change point (a break of a mean), trend (slope and breaks), peer
 * position (where a figure stands in a histogram of organisations), sector view (figures by sector, withheld where few).
 * References: Lloyd 1982, Gonzalez 1985 (k-means and its seeds); Rousseeuw 1987 (silhouette); Killick, Fearnhead & Eckley 2012
 * (change points); Theil 1950, Sen 1968 (slope); Mann 1945, Kendall 1975 (trend); Hundepool et al. 2012 (suppression).
 */
export { dayShapes } from './day-shapes.ts';
export { type Portrait, portraitOf, SHAPE_LABELS, type ShapeLabel } from './portrait.ts';
export {
  PORTRAIT_CONTEXT,
  PORTRAIT_METHOD,
  portraitStatement,
  requireSharedLabels,
  type SharedLabel,
  sharedLabels,
} from './shared-portrait.ts';
export { type Trend, trendOf } from './trend.ts';
export { type Bin, type PeerPosition, peerPosition } from './histogram.ts';
export { LEAST_ORGANISATIONS, type Sector, SECTORS } from './sector-names.ts';
export { type SectorView, sectorView } from './sector-view.ts';
