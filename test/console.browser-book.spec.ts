import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { CHROMIUM, hasChromium, photograph, violations } from './harness/console-browser.ts';
import { IntradayMarket } from './harness/intraday-market.ts';
import { MarketDay, order } from './harness/market-day.ts';

const inBrowser = hasChromium() ? describe : describe.skip;

inBrowser('an order book in a browser', () => {
  let market: MarketDay;
  let browser: Browser;

  beforeAll(async () => {
    market = await MarketDay.start();
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await market.stop();
  });

  it('shows what waits as it comes, in sums, and a member its own order', async () => {
    const { buyer, bystander } = market.firms;
    const intraday = new IntradayMarket(market, await market.tradedSession({ intraday: true }));
    await intraday.submit(bystander.participant, [
      order('near', 1, 'sell', 500, 20_000),
      order('far', 1, 'sell', 700, 24_000),
    ]);
    const page = await browser.newPage({ viewport: { width: 1_280, height: 900 } });
    await page.addInitScript(`sessionStorage.setItem('gridcommons.apiKey', '${buyer.apiKey}')`);
    await page.goto(`${market.platform.url}/console/#/market/${intraday.sessionId}`);
    await page.getByLabel('Slot of the book').selectOption('01:00');
    await page.getByRole('img', { name: /Order book\. Best bid —, best ask 20 ct\/kWh EUR/ }).waitFor();
    await intraday.submit(buyer.participant, [order('bid', 1, 'buy', 300, 18_000)]);
    await page.getByRole('img', { name: /Order book\. Best bid 18 ct\/kWh EUR/ }).waitFor();
    await page
      .getByRole('region', { name: 'My orders' })
      .getByRole('row', { name: /order book buy/ })
      .waitFor();
    await photograph(page, 'market-book');
    expect(await violations(page)).toEqual([]);
    await page.close();
  }, 60_000);
});
