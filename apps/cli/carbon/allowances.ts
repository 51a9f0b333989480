import { type AllowancesResult, allowancesStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

export const allowancesVerb = studyVerb(allowancesStudy, (result) =>
  [
    `${result.ruleSet.title}, compliance year ${result.year}`,
    memberText(result),
    ...(result.trades === undefined ? [] : [tradeText(result.trades)]),
    dockingText(result),
    ...yearEndLines(result),
    ...result.flags.map(
      ({ member, unit, flag }) => `${member}${unit === undefined ? '' : ` ${unit}`}: ${flag}`,
    ),
    `source: ${result.ruleSet.sources.join('; ')}`,
  ].join('\n\n'),
);

const or = (tonnes: number | null): number | string => tonnes ?? '?';

const memberText = ({ members }: AllowancesResult): string =>
  tableText(
    ['member', 'allocated t', 'verified t', 'held t', 'gap t', 'owed t', 'deficit t', 'surplus t'],
    members.map((each) => [
      each.id,
      each.allocatedTonnes,
      or(each.verifiedTonnes),
      each.heldTonnes,
      or(each.gapTonnes),
      or(each.obligationTonnes),
      or(each.deficitTonnes),
      or(each.surplusTonnes),
    ]),
  );

const tradeText = (trades: NonNullable<AllowancesResult['trades']>): string =>
  trades.length === 0
    ? 'no order met another'
    : tableText(
        ['buyer', 'seller', 'tonnes', 'a tonne', 'amount'],
        trades.map(({ buyer, seller, tonnes, pricePerTonne, amount }) => [
          buyer,
          seller,
          tonnes,
          pricePerTonne,
          amount,
        ]),
      );

function dockingText({ docking, afterTrades }: AllowancesResult): string {
  const { deficitTonnes, surplusTonnes, unmetTonnes } = afterTrades ?? docking;
  return `${afterTrades === undefined ? '' : 'after trades: '}deficits ${deficitTonnes} t, surpluses ${surplusTonnes} t, unmet ${unmetTonnes} t`;
}

const yearEndLines = ({ members }: AllowancesResult): string[] =>
  members.flatMap(({ id, yearEnd }) =>
    yearEnd === undefined
      ? []
      : [
          `${id}: gap at the end of the year ${yearEnd.gapTonnes.toFixed(0)} t (${yearEnd.gapLowTonnes.toFixed(0)} to ${yearEnd.gapHighTonnes.toFixed(0)}), a deficit with ${(100 * yearEnd.deficitProbability).toFixed(0)} %`,
        ],
  );
