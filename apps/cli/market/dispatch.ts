import { dispatchStudy, type DispatchView } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

const dispatchText = ({ unit, mode, schedules, cost, duals }: DispatchView): string =>
  [
    `cost ${cost.toFixed(4)} (${mode})`,
    ...schedules.map(({ id, net, devices, ...member }, i) => {
      const duty = devices.flatMap((device) =>
        Object.entries(device.series).map(([name, values]) => [`${device.id} ${name}`, values] as const),
      );
      const carriers = Object.keys(net);
      const columns = [
        ...carriers.map((carrier) => [`${carrier} ${unit}`, net[carrier]!] as const),
        ...carriers.map((carrier) => [`${carrier} dual`, duals.members[i]![carrier] as number[]] as const),
        ...duty,
      ];
      const saving = member.saving === undefined ? '' : `, alone ${member.costAlone!.toFixed(4)}`;
      const rows = columns[0]![1].map((_, t) => [String(t), ...columns.map(([, values]) => values[t]!)]);
      return `${id}: cost ${member.cost.toFixed(4)}${saving}\n${tableText(['slot', ...columns.map(([name]) => name)], rows)}`;
    }),
  ].join('\n\n');

export const dispatchVerb = studyVerb(dispatchStudy, dispatchText);
