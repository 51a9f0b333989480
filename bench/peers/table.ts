import type { Claims } from './claims.ts';
import { type OwnRow, type Peer, ratios, type Row } from './rows.ts';
import { type Lanes, type Print, SITES } from './workload.ts';

const NAME_WIDTH = 34;

const laneName = (lanes: Lanes): string => `gridcommons, ${lanes} ${lanes === 1 ? 'lane' : 'lanes'}`;

const cells = (texts: readonly string[]): string => texts.map((text) => text.padStart(10)).join('');

function showRow(show: Print, name: string, row: Row): void {
  const seconds = [row.secondsPerSite, row.serverSeconds, row.openSeconds, row.roundSeconds];
  const figures = [
    ...seconds.map((value) => value.toFixed(3)),
    row.bytesPerValue.toFixed(2),
    row.maxError.toExponential(1),
  ];
  show(`${name.padEnd(NAME_WIDTH)}${cells(figures)}`);
}

function showClaims(show: Print, name: string, { colluders, dropouts }: Claims): void {
  show(name);
  show(`  t − 1 colluders and the server learn: ${colluders}`);
  show(`  survives silence of: ${dropouts}`);
}

function showRatios(show: Print, peer: Peer, own: ReadonlyMap<Lanes, OwnRow>): void {
  for (const [lanes, row] of own) {
    const { ratioTime, ratioRoundTime, ratioBytes, ratioAllBytes, ratioError } = ratios(row, peer);
    const figures = [ratioTime, ratioRoundTime, ratioBytes, ratioAllBytes].map((value) => value.toFixed(3));
    show(`${laneName(lanes).padEnd(NAME_WIDTH)}${cells([...figures, ratioError.toExponential(1)])}`);
  }
}

/** The rows of the comparison: figures, ratios to each peer, and in words who learns what and who may fall silent. */
export function showTable(
  show: Print,
  own: ReadonlyMap<Lanes, OwnRow>,
  peers: readonly Peer[],
  claims: Claims,
): void {
  show('');
  show(
    `whole rounds of ${SITES} sites, one thread on every side; processor seconds of a site, the server, one who opens, all;`,
  );
  show('uploaded bytes a value and site; largest error of the mean');
  show(`${''.padEnd(NAME_WIDTH)}${cells(['site', 'server', 'open', 'round', 'bytes', 'error'])}`);
  for (const [lanes, row] of own) showRow(show, laneName(lanes), row);
  for (const peer of peers) showRow(show, peer.name, peer);
  for (const { name, versions } of peers) {
    const packages = Object.entries(versions).map(([what, version]) => `${what} ${version}`);
    show(`${name}: ${packages.join(', ')}`);
  }
  for (const peer of peers) {
    show(
      `ours by that of ${peer.name}; all bytes are those of a site that answers too, with a new card's keys`,
    );
    show(`${''.padEnd(NAME_WIDTH)}${cells(['site', 'round', 'bytes', 'all bytes', 'error'])}`);
    showRatios(show, peer, own);
  }
  showClaims(show, 'gridcommons', claims);
  for (const peer of peers) showClaims(show, peer.name, peer);
}
