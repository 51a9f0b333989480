import { expect } from '@jest/globals';
import { type ConsoleBrowser, goTo, photograph, type Visit, violations } from './console-browser.ts';

export const CREATE_ORGANISATION = `mutation ($input: CreateOrganisationInput!) { createOrganisation(input: $input) { apiKey organisation { id } } }`;
const KEY = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { secret } }`;
const DEPOSIT = `mutation ($input: OutsideMoneyInput!) { depositToWallet(input: $input) { currency } }`;

/** @throws with the platform's errors */
export async function askAs<T>(url: string, apiKey: string, query: string, variables: object): Promise<T> {
  const answer = await fetch(`${url}/graphql`, {
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

/** An organisation's key for trading data, with minor units of EUR paid in. */
export async function tradingFirm(
  { url, operatorKey }: ConsoleBrowser,
  name: string,
  paidIn = 0,
): Promise<string> {
  const { createOrganisation } = await askAs<{
    createOrganisation: { apiKey: string; organisation: { id: string } };
  }>(url, operatorKey, CREATE_ORGANISATION, { input: { name, legalId: `HRB ${name}` } });
  const { createApiKey } = await askAs<{ createApiKey: { secret: string } }>(
    url,
    createOrganisation.apiKey,
    KEY,
    { input: { memberName: 'trader', roles: ['firm', 'analyst'] } },
  );
  if (paidIn > 0) {
    const { id: organisationId } = createOrganisation.organisation;
    const input = { organisationId, currency: 'EUR', amountMinor: paidIn, reference: name };
    await askAs(url, operatorKey, DEPOSIT, { input });
  }
  return createApiKey.secret;
}

/** A buyer asks for a data set on terms of its own, in vain at first. */
export async function askForOtherTerms(buyer: Visit, title: string): Promise<void> {
  await goTo(buyer, 'Exchange');
  const { page: buying } = buyer;
  await buying.getByRole('link', { name: title }).click();
  await buying.getByText('TECHNICAL').first().waitFor();
  await photograph(buying, 'exchange-offer');
  await buying.getByRole('button', { name: 'Ask for other terms' }).click();
  await buying.getByLabel('Amount').fill('30.555');
  await buying.getByLabel('Uses at most').fill('many');
  await buying.getByRole('button', { name: 'Send these terms' }).click();
  // The platform's own words, beside the field that they are about.
  await buying.getByRole('alert').waitFor();
  const first = (await buying.getByRole('alert').innerText()).split(':')[0];
  await photograph(buying, 'exchange-refused');
  expect(await violations(buying)).toEqual([]);
  expect(first).toMatch(/^(PRICE_AMOUNT|POLICY_VALUE_INVALID)$/);
  await buying.getByLabel('Amount').fill('30.55');
  await buying.getByLabel('Uses at most').fill('20');
  await buying.getByRole('button', { name: 'Send these terms' }).click();
  await buying.getByText('You asked for these terms').waitFor();
}
