import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  ConsoleBrowser,
  goTo,
  hasChromium,
  photograph,
  settled,
  type Visit,
  violations,
} from './harness/console-browser.ts';

const MINUTES = 60_000;
const KILOBYTES = 1_000;
const inBrowser = hasChromium() ? describe : describe.skip;

const CREATE = `mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { apiKey } }`;
const KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`;
const DRAFT = `mutation ($input: CreateDataSetInput!) { createDataSet(input: $input) { id } }`;
const OFFER = `mutation ($input: OfferDataSetInput!) { offerDataSet(input: $input) { id } }`;
const LIST = `mutation ($id: ID!) { listDataSet(id: $id) { id } }`;

inBrowser('the console in a browser, on what the demo left', () => {
  let world: ConsoleBrowser;
  let operator: Visit;

  beforeAll(async () => {
    world = await ConsoleBrowser.open();
    operator = await world.signIn(world.operatorKey);
  }, 5 * MINUTES);
  afterAll(() => world.close());

  async function ask<T>(apiKey: string, query: string, variables: object): Promise<T> {
    const answer = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${apiKey}`,
        'idempotency-key': crypto.randomUUID(),
      },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = (await answer.json()) as { data: T; errors?: unknown };
    if (errors !== undefined) throw new Error(JSON.stringify(errors));
    return data;
  }

  /** An organisation's key for trading data. */
  async function firm(name: string): Promise<string> {
    const { createOrganisation } = await ask<{ createOrganisation: { apiKey: string } }>(
      world.operatorKey,
      CREATE,
      { input: { name, legalId: `HRB ${name}` } },
    );
    const { createApiKey } = await ask<{ createApiKey: { secret: string } }>(createOrganisation.apiKey, KEY, {
      input: { memberName: 'trader', roles: ['firm', 'analyst'] },
    });
    return createApiKey.secret;
  }

  it('says what a key looks like, and shows nothing to one that is not valid', async () => {
    const { page } = await world.visit();
    await page.getByLabel('API key').fill('secret');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').innerText()).toBe(
      'expected a key that begins with gck_, got another text',
    );
    await page.getByLabel('API key').fill('gck_00000000_0000000000000000000000000000000000000000');
    await page.getByRole('button', { name: 'Sign in' }).click();
    expect(await page.getByRole('alert').first().innerText()).toMatch(/^UNAUTHENTICATED: /);
    await page.getByRole('alert').getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await page.close();
  });

  it('verifies the transcript of a task in the browser', async () => {
    const { page } = operator;
    await goTo(operator, 'Federation');
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('button', { name: 'Verify in this browser' }).click();
    await page.getByText('Every check holds').waitFor();
    expect(await page.getByText(/^✓ decryption/).count()).toBe(1);
    await photograph(page, 'federation-task');
  });

  it('draws forecasts as a fan, with the numbers as a table', async () => {
    const { page } = operator;
    await goTo(operator, 'Forecasts');
    await page.getByRole('img', { name: /load, Wh\. 24 steps/ }).waitFor();
    await page.getByText('The numbers behind it').click();
    const rows = page.getByRole('table').getByRole('row');
    expect(await rows.count()).toBe(25);
    // Six members' days are more than one page of the list.
    await page.getByLabel('Publisher').selectOption({ index: 5 });
    await page.getByRole('img', { name: /load, Wh\. 24 steps/ }).waitFor();
    expect(await rows.count()).toBe(25);
    await photograph(page, 'forecasts');
  });

  it('shows a settled session with its prices, and gives what it shows as CSV', async () => {
    const { page } = operator;
    await goTo(operator, 'Market');
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('img', { name: /Price and quantity by slot/ }).waitFor();
    await page.getByText('settled', { exact: true }).waitFor();
    await page.getByText('The numbers behind it').first().click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /Download CSV: Price and quantity/ }).click(),
    ]);
    const lines = (await readFile(await download.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines[0]).toBe('Slot,Traded,Price,Set by,Demand left,Supply left');
    expect(lines).toHaveLength(25);
    await photograph(page, 'market-session');
  });

  it('shows the grid and published emissions about the newest delivery', async () => {
    const { page } = operator;
    await goTo(operator, 'Carbon');
    await page.getByRole('img', { name: /24 hours, from/ }).waitFor();
    const calendar = page.getByRole('img', { name: /Days with published totals: 1/ });
    await calendar.waitFor();
    expect(await calendar.locator('svg').count()).toBe(1);
    await photograph(page, 'carbon');
  });

  it('leads two firms from an offer to an agreement, each seeing the other move', async () => {
    const [sellerKey, buyerKey] = [await firm('Seller'), await firm('Buyer')];
    const { createDataSet } = await ask<{ createDataSet: { id: string } }>(sellerKey, DRAFT, {
      input: {
        key: 'feeder-7',
        title: 'Feeder 7 by hour',
        description: 'Load of a feeder',
        keywords: [],
        carrier: 'ELECTRICITY',
        kind: 'READINGS',
        licence: 'CC-BY-4.0',
        resolution: 'PT1H',
        zone: 'Europe/Berlin',
      },
    });
    const policy = {
      permission: [
        { action: 'use', constraint: [{ leftOperand: 'count', operator: 'lteq', rightOperand: '10' }] },
      ],
    };
    await ask(sellerKey, OFFER, {
      input: { dataSetId: createDataSet.id, policy, validFrom: '2026-01-01T00:00:00.000Z' },
    });
    await ask(sellerKey, LIST, { id: createDataSet.id });

    const [seller, buyer] = [await world.signIn(sellerKey), await world.signIn(buyerKey)];
    await goTo(seller, 'Exchange');
    await goTo(buyer, 'Exchange');
    await buyer.page.getByRole('link', { name: 'Feeder 7 by hour' }).click();
    await buyer.page.getByText('TECHNICAL').first().waitFor();
    await photograph(buyer.page, 'exchange-offer');
    await buyer.page.getByRole('button', { name: 'Ask for these terms' }).click();
    await buyer.page.getByRole('link', { name: 'Negotiations' }).click();
    // Nobody reloads: each step reaches the other side by subscription.
    await seller.page.getByRole('button', { name: 'Agree' }).click();
    await buyer.page.getByRole('button', { name: 'Verify' }).click();
    await seller.page.getByRole('button', { name: 'Finalise' }).click();
    await buyer.page.getByText('in force').waitFor();
    await photograph(buyer.page, 'exchange-agreement');
    for (const { page, faults } of [seller, buyer]) {
      expect(faults).toEqual([]);
      await page.close();
    }
  });

  it('makes a key of its own organisation and shows it once', async () => {
    const { page } = operator;
    await goTo(operator, 'Admin');
    await page.getByLabel('Name').fill('Night shift');
    await page.getByLabel('Role').selectOption('market');
    await page.getByRole('button', { name: 'Create key' }).click();
    await page.getByText('Shown this once').waitFor();
    expect(await page.getByText(/^gck_/).count()).toBe(1);
    await photograph(page, 'admin');
  });

  it.each(['light', 'dark'] as const)(
    'has no serious fault of access in %s colours, on a phone too',
    async (colorScheme) => {
      const visit = await world.signIn(world.operatorKey, {
        colorScheme,
        viewport: { width: 390, height: 800 },
      });
      for (const name of ['Federation', 'Forecasts', 'Market', 'Carbon', 'Exchange', 'Admin']) {
        await goTo(visit, name);
        expect({ name, found: await violations(visit.page) }).toEqual({ name, found: [] });
        const wider = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
        expect({ name, wider: await visit.page.evaluate(wider) }).toEqual({ name, wider: false });
      }
      await visit.page.getByRole('link', { name: 'Market' }).click();
      await visit.page.getByRole('table').getByRole('link').first().click();
      await visit.page.getByRole('img').nth(1).waitFor();
      await settled(visit.page);
      await photograph(visit.page, `phone-${colorScheme}`);
      expect(await violations(visit.page)).toEqual([]);
      expect(visit.faults).toEqual([]);
      await visit.page.close();
    },
  );

  it('can be used by keyboard alone', async () => {
    const visit = await world.signIn(world.operatorKey);
    await visit.page.keyboard.press('Tab');
    expect(await visit.page.evaluate('document.activeElement.textContent')).toBe('Skip to the content');
    await visit.page.keyboard.press('Enter');
    expect(await visit.page.evaluate('document.activeElement.id')).toBe('content');
    await visit.page.close();
  });

  it('needs at most 300 kB of script for its first view', async () => {
    expect(await world.scriptBytes()).toBeLessThanOrEqual(300 * KILOBYTES);
  });
});
