import { type Migration, SYSTEM_ROLE } from '#persistence';
import { partyRecord } from './0063-payments.ts';

/** What sellers owe buyers of refunds that their wallets did not cover. Of a debt only what is open of it changes. */
export const walletDebtsMigration: Migration = {
  name: '0069-wallet-debts',
  statements: [
    `CREATE TABLE wallet_debts (
      id uuid PRIMARY KEY,
      order_id uuid NOT NULL UNIQUE REFERENCES agreement_orders,
      agreement_id uuid NOT NULL REFERENCES data_agreements,
      consumer_id uuid NOT NULL REFERENCES organisation,
      provider_id uuid NOT NULL REFERENCES organisation,
      currency text NOT NULL,
      amount_minor bigint NOT NULL,
      open_minor bigint NOT NULL,
      created_at timestamptz NOT NULL,
      CONSTRAINT wallet_debts_open_of_amount CHECK (amount_minor > 0 AND open_minor >= 0 AND open_minor <= amount_minor)
    )`,
    ...partyRecord('wallet_debts'),
    `GRANT UPDATE (open_minor) ON wallet_debts TO ${SYSTEM_ROLE}`,
    `REVOKE DELETE ON wallet_debts FROM ${SYSTEM_ROLE}`,
    'CREATE INDEX wallet_debts_open ON wallet_debts (provider_id) WHERE open_minor > 0',
  ],
};
