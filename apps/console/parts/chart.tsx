import { lazy, type ReactNode, Suspense, useId } from 'react';
import type { EChartsCoreOption } from 'echarts/core';
import { messages } from './messages.ts';

// Charts weigh more than everything else together: they come when a page has one.
const Canvas = lazy(() => import('./chart-canvas.tsx').then(({ ChartCanvas }) => ({ default: ChartCanvas })));

/** A picture with the sentence that says the same, and the numbers behind it. */
export function Chart({
  title,
  heading = true,
  text,
  option,
  children,
}: {
  readonly title: string;
  /** Whether the title is shown; a card with a single chart says it already. */
  readonly heading?: boolean;
  /** For those who do not see the picture, and under it for those who do. */
  readonly text: string;
  readonly option: EChartsCoreOption;
  /** A table of what is drawn. */
  readonly children: ReactNode;
}) {
  const id = useId();
  return (
    <figure aria-labelledby={id}>
      {heading && <h3>{title}</h3>}
      <Suspense
        fallback={
          <div className="chart" role="status">
            {messages.states.loading}
          </div>
        }
      >
        <Canvas label={`${title}. ${text}`} option={option} />
      </Suspense>
      <figcaption id={id}>{text}</figcaption>
      <details>
        <summary>{messages.states.numbers}</summary>
        {children}
      </details>
    </figure>
  );
}
