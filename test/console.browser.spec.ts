import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LEVERS, measureLoad } from './harness/console-member.ts';
import {
  ConsoleBrowser,
  goTo,
  hasChromium,
  photograph,
  settled,
  type Visit,
  violations,
} from './harness/console-browser.ts';
import { askAs, askForOtherTerms, CREATE_ORGANISATION, tradingFirm } from './harness/console-trade.ts';
import { offerFeeder } from './harness/offered-feeder.ts';
import { IdentityProvider } from './harness/identity-provider.ts';

const MINUTES = 60_000;
const KILOBYTES = 1_000;
const inBrowser = hasChromium() ? describe : describe.skip;

const WIDER = 'document.documentElement.scrollWidth > document.documentElement.clientWidth';
const LINK = `mutation ($input: LinkIdentityInput!) { linkIdentity(input: $input) { id } }`;

inBrowser('the console in a browser, on what the demo left', () => {
  let world: ConsoleBrowser;
  let operator: Visit;
  let member: Visit;
  let memberKey: string;
  let provider: IdentityProvider;

  beforeAll(async () => {
    provider = await IdentityProvider.start();
    world = await ConsoleBrowser.open(provider.consoleEnv);
    operator = await world.signIn(world.operatorKey);
    memberKey = await world.memberKey();
    member = await world.signIn(memberKey);
  }, 5 * MINUTES);
  afterAll(async () => {
    await world.close();
    provider.stop();
  });

  const ask = <T>(apiKey: string, query: string, variables: object) =>
    askAs<T>(world.url, apiKey, query, variables);

  it('says what a key looks like, and shows nothing to one that is not valid', async () => {
    const { page } = await world.visit();
    await page.getByLabel('API key').fill('secret');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(await page.getByRole('alert').innerText()).toBe(
      'expected a key that begins with gck_, got another text',
    );
    await page.getByLabel('API key').fill('gck_00000000_0000000000000000000000000000000000000000');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    expect(await page.getByRole('alert').first().innerText()).toMatch(/^UNAUTHENTICATED: /);
    await page.getByRole('alert').getByRole('button', { name: 'Sign out' }).first().click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await page.close();
  });

  it('signs people in by the identity provider once their admin has linked them, for this tab alone', async () => {
    const { page, faults } = await world.visit();
    await photograph(page, 'sign-in');
    expect(await violations(page)).toEqual([]);
    const signIn = () => page.getByRole('button', { name: 'Sign in with your organisation' }).click();
    await signIn();
    await page.getByText(/^IDENTITY_UNKNOWN: /).waitFor();
    await photograph(page, 'sign-in-unlinked');
    const [subject, linkCode] = await page.getByRole('alert').locator('code').allInnerTexts();
    expect(subject).toBe('alice');
    expect(await page.evaluate('location.search')).toBe('');
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    const { createOrganisation } = await ask<{ createOrganisation: { apiKey: string } }>(
      world.operatorKey,
      CREATE_ORGANISATION,
      { input: { name: 'Alice & Co', legalId: 'HRB 4' } },
    );
    await ask(createOrganisation.apiKey, LINK, {
      input: { memberName: 'Alice', subject, linkCode, roles: ['firm'] },
    });
    await signIn();
    await page.getByText('Alice & Co').waitFor();
    await goTo({ page, faults }, 'Exchange');
    // The refusal of a subject that nobody has linked has a status, of which the browser tells.
    expect(faults.filter((fault) => !fault.includes('401'))).toEqual([]);
    const { page: other } = await world.visit();
    await other.goto(`${world.url}/console/?code=stolen&state=guessed`);
    await other.getByText('SIGN_IN_FAILED').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('API key').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await other.close();
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

  it('holds forecasts against what a member measured, and hands them out as a file and as a query', async () => {
    await measureLoad((query, variables) => ask(memberKey, query, variables));
    const { page } = member;
    await goTo(member, 'Forecasts');
    await page.getByRole('img', { name: /Calibration\. Of 24 measured intervals/ }).waitFor();
    await page.getByText('Error over that of the week before').waitFor();
    await photograph(page, 'forecasts-member');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download csv' }).click(),
    ]);
    const rows = (await readFile(await download.path(), 'utf8')).trimEnd().split('\n');
    expect(rows).toHaveLength(1 + 6 * 24);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByText('The same by GraphQL').click();
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    const { forecasts } = await ask<{ forecasts: { edges: unknown[] } }>(memberKey, copied, {});
    expect(forecasts.edges).toHaveLength(100);
  });

  it('shows a settled session with its prices, and gives what it shows as CSV', async () => {
    const { page } = operator;
    await goTo(operator, 'Market');
    await page.getByRole('img', { name: /Price history\. Newest sessions: 1/ }).waitFor();
    await page.getByRole('table').getByRole('link').first().click();
    await page.getByRole('img', { name: /Price and quantity by slot/ }).waitFor();
    await page.getByRole('img', { name: /Feeder\. demo, 33 buses/ }).waitFor();
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

  it('shows a member its own orders with what became of them, its trades and its bill', async () => {
    const { page } = member;
    await goTo(member, 'Market');
    await page.getByRole('table').getByRole('link').first().click();
    const orders = page.getByRole('region', { name: 'My orders' });
    await orders.getByRole('cell', { name: 'traded in part' }).first().waitFor();
    const shown = await orders.getByRole('row').count();
    await orders.getByRole('button', { name: /Show all/ }).click();
    expect(await orders.getByRole('row').count()).toBeGreaterThan(shown);
    expect(await page.getByRole('region', { name: 'My trades' }).getByRole('row').count()).toBeGreaterThan(1);
    expect(await page.getByRole('region', { name: 'Settlement' }).getByRole('row').count()).toBe(2);
    await page.getByLabel('Method').selectOption('SHAPLEY');
    await page.getByRole('img', { name: /SHAPLEY, members: 1/ }).waitFor();
    await photograph(page, 'market-member');
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

  it('shows a member its hours and ranks its levers', async () => {
    const { page } = member;
    await goTo(member, 'Carbon');
    await page.getByRole('img', { name: /Footprint by hour\. \d+ hours/ }).waitFor();
    await page.getByRole('img', { name: /Carbon-free by hour of day\. [\d.]+ %/ }).waitFor();
    const file = { name: 'levers.json', mimeType: 'application/json', buffer: Buffer.from(LEVERS) };
    await page.getByLabel(/Hours and levers/).setInputFiles(file);
    await page.getByRole('img', { name: /2 levers, the best first: / }).waitFor();
    await photograph(page, 'carbon-member');
    expect(await violations(page)).toEqual([]);
  });

  it('leads two firms by a counter-offer to an agreement that is paid and read, each seeing the other move', async () => {
    const sellerKey = await tradingFirm(world, 'Seller');
    const title = await offerFeeder((query, variables) => ask(sellerKey, query, variables));
    const seller = await world.signIn(sellerKey);
    const phone = { colorScheme: 'dark', viewport: { width: 390, height: 800 } } as const;
    const buyer = await world.signIn(await tradingFirm(world, 'Buyer', 10_000), phone);
    const [{ page: selling }, { page: buying }] = [seller, buyer];
    await askForOtherTerms(buyer, title);

    await goTo(seller, 'Exchange');
    await selling.getByRole('navigation', { name: 'Exchange' }).getByText('Negotiations').click();
    await selling.getByText('your turn', { exact: true }).waitFor();
    await selling.getByRole('table').getByRole('link').click();
    await selling.getByText('€30.55, once').first().waitFor();
    await selling.getByRole('button', { name: 'Offer other terms' }).click();
    await selling.getByLabel('Amount').fill('40');
    await photograph(selling, 'exchange-counter-offer');
    await selling.getByRole('button', { name: 'Send these terms' }).click();
    // Nobody reloads: each step reaches the other side by subscription.
    await buying.getByText('The seller offers these terms').waitFor();
    await buying.getByText('€40.00, once').first().waitFor();
    await photograph(buying, 'exchange-negotiation');
    await buying.getByRole('button', { name: 'Accept' }).click();
    await selling.getByRole('button', { name: 'Agree' }).click();
    await buying.getByRole('button', { name: 'Verify' }).click();
    await selling.getByRole('button', { name: 'Finalise' }).click();
    await buying.getByText('The agreement is final').waitFor();
    await buying.getByRole('link', { name: 'The agreement' }).click();
    await buying.getByRole('button', { name: 'Pay €40.00' }).click();
    await buying.getByText('in force', { exact: true }).waitFor();
    await photograph(buying, 'exchange-agreement');

    await buying.getByRole('link', { name: 'Data set', exact: true }).click();
    await buying.getByLabel('Purpose, as').fill('research');
    await buying.getByRole('button', { name: 'Read', exact: true }).click();
    await buying.getByRole('img', { name: /feeder-7-load, Wh\. 24 values/ }).waitFor();
    await settled(buying);
    await photograph(buying, 'exchange-data-set');
    expect(await violations(buying)).toEqual([]);

    await buying.getByRole('navigation', { name: 'Exchange' }).getByText('Money').click();
    await buying.getByText('€60.00').waitFor();
    await settled(buying);
    const [invoice] = await Promise.all([
      buying.waitForEvent('download'),
      buying.getByRole('button', { name: 'PDF: Invoices 1' }).click(),
    ]);
    expect((await readFile(await invoice.path(), 'latin1')).slice(0, 5)).toBe('%PDF-');
    await photograph(buying, 'exchange-money');
    expect(await violations(buying)).toEqual([]);
    expect(await buying.evaluate(WIDER)).toBe(false);
    for (const { page, faults } of [seller, buyer]) {
      // A refusal has a status of its own, of which browsers tell.
      expect(faults.filter((fault) => !fault.includes('400'))).toEqual([]);
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
    page.once('dialog', (dialog) => void dialog.accept());
    const key = page.getByRole('row', { name: /Night shift/ });
    await key.getByRole('button', { name: /End the key/ }).click();
    await key.getByText(/^ended /).waitFor();
    await page.getByRole('region', { name: 'Background jobs' }).getByText('market.clear').waitFor();
    expect({ operator: operator.faults, member: member.faults }).toEqual({ operator: [], member: [] });
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
        expect({ name, wider: await visit.page.evaluate(WIDER) }).toEqual({ name, wider: false });
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
    const bytes = await world.scriptBytes();
    process.stderr.write(`console: ${Math.round(bytes / KILOBYTES)} kB of script\n`);
    expect(bytes).toBeLessThanOrEqual(300 * KILOBYTES);
  });

  it('needs few requests until it can be used, and says how long that took', async () => {
    const { readyMs, requests } = await world.firstView();
    // How long depends on the machine, how many do not.
    process.stderr.write(`console: usable after ${Math.round(readyMs)} ms and ${requests} requests\n`);
    expect(requests).toBeLessThanOrEqual(12);
  });
});
