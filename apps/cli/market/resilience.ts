import { resilienceStudy } from '#studies';
import { studyVerb } from '../file-verb.ts';
import { tableText } from '../table-text.ts';

export const resilienceVerb = studyVerb(resilienceStudy, ({ outcomes }) =>
  tableText(
    ['loss rate', 'mean delay s', 'arrived', 'welfare', 'without fallbacks'],
    outcomes.map(({ lossRate, meanDelaySeconds, arrived, welfare, welfareWithout }) => [
      String(lossRate),
      meanDelaySeconds,
      arrived,
      welfare,
      welfareWithout,
    ]),
  ),
);
