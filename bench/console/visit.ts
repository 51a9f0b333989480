import type { Browser } from 'playwright-core';

/** What one visit of a page came to. */
export interface ConsoleVisit {
  /** From the start of navigation until its heading and its data are shown and it answers, in ms. */
  readonly readyMs: number;
  /** Up to then, the document aside. */
  readonly requests: number;
  /** Stretches of more than 50 ms in which the page answered nobody. */
  readonly longTasks: number;
}

/** Runs in the page: marks the first frame in which there is a heading, a table or chart, and nothing left to load. */
const WATCH = `
  globalThis.longTasks = 0;
  new PerformanceObserver((list) => { globalThis.longTasks += list.getEntries().length; })
    .observe({ type: 'longtask', buffered: true });
  const look = () => {
    const main = document.querySelector('main');
    const isShown = main?.querySelector('h1') && main.querySelector('table, [role="img"] svg');
    if (!isShown || main.textContent.includes('Loading…')) return requestAnimationFrame(look);
    globalThis.readyMs = performance.now();
    document.documentElement.dataset.ready = 'yes';
  };
  requestAnimationFrame(look);`;

const TOLD = `({
  readyMs: globalThis.readyMs,
  requests: performance.getEntriesByType('resource').filter(({ startTime }) => startTime < globalThis.readyMs).length,
  longTasks: globalThis.longTasks,
})`;

/** Opens a page as somebody who has signed in and has never been there: nothing is cached. */
export async function visitConsole(
  browser: Browser,
  url: string,
  apiKey: string,
  page: string,
): Promise<ConsoleVisit> {
  const context = await browser.newContext({ viewport: { width: 1_280, height: 900 } });
  try {
    const tab = await context.newPage();
    await tab.addInitScript(
      `sessionStorage.setItem('gridcommons.apiKey', ${JSON.stringify(apiKey)});${WATCH}`,
    );
    await tab.goto(`${url}/console/#/${page}`);
    await tab.locator('html[data-ready]').waitFor({ state: 'attached' });
    await tab.getByRole('navigation').getByRole('link').last().click({ trial: true });
    return await tab.evaluate<ConsoleVisit>(TOLD);
  } finally {
    await context.close();
  }
}

/** Of an odd number of visits, the one in the middle by time. */
export const middleVisit = (visits: readonly ConsoleVisit[]): ConsoleVisit =>
  visits.toSorted((a, b) => a.readyMs - b.readyMs)[Math.floor(visits.length / 2)]!;
