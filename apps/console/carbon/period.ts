/** Half-open, instants of UTC. */
export interface Period {
  readonly from: string;
  readonly to: string;
}
