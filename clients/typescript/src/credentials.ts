import { isoInstant, type Json, sha256Hex, signJson, toHex } from '../../../libs/core/index.ts';

/** A process enrolled at the platform: who signs orders, and the requests that bring them. */
export interface Participant {
  readonly id: string;
  /** Ed25519 private key, PKCS#8 in hex. It signs here and is sent nowhere. */
  readonly privateKey: string;
}

/** An order as a module decides it; signed by the participant when it is placed. */
export interface OrderDraft {
  /** 1–64 letters, digits, _ or -; unique among the participant's orders of the session: the same order again changes nothing. */
  readonly id: string;
  readonly side: 'buy' | 'sell';
  readonly quantityWh: number;
  /** Limit, minor units per MWh. */
  readonly pricePerMwh: number;
  /** The slot: start and end, ISO 8601 in UTC. */
  readonly slot: { readonly start: string; readonly end: string };
}

export interface SignedOrder {
  readonly id: string;
  readonly startsAt: string;
  readonly side: 'buy' | 'sell';
  readonly quantityWh: number;
  readonly pricePerMwh: number;
  readonly signature: string;
}

/** Signs as the schema says of `OrderInput.signature`: Ed25519 over the canonical JSON in context `gridcommons/order/1`. */
export async function signOrder(
  { id: participant, privateKey }: Participant,
  session: string,
  { id, side, quantityWh, pricePerMwh, slot }: OrderDraft,
): Promise<SignedOrder> {
  const interval = intervalOf(slot);
  const statement = { session, participant, order: id, interval, side, quantityWh, pricePerMwh };
  const signature = await signJson(privateKey, 'gridcommons/order/1', statement);
  return { id, startsAt: interval.start, side, quantityWh, pricePerMwh, signature };
}

/** What crossed the participant's meter in a slot that it traded. */
export interface Delivery {
  readonly slot: OrderDraft['slot'];
  readonly netImportWh: number;
  readonly netExportWh: number;
}

export interface SignedDelivery {
  readonly startsAt: string;
  readonly netImportWh: number;
  readonly netExportWh: number;
  readonly signature: string;
}

/** Signs as the schema says of `DeliveryStatementInput.signature`. */
export async function signDelivery(
  { id: participant, privateKey }: Participant,
  session: string,
  { slot, netImportWh, netExportWh }: Delivery,
): Promise<SignedDelivery> {
  const interval = intervalOf(slot);
  const statement = { session, participant, interval, netImportWh, netExportWh };
  const signature = await signJson(privateKey, 'gridcommons/delivery/1', statement);
  return { startsAt: interval.start, netImportWh, netExportWh, signature };
}

const intervalOf = ({ start, end }: OrderDraft['slot']) => ({
  start: isoInstant(Date.parse(start)),
  end: isoInstant(Date.parse(end)),
});

/** Headers by which a participant signs a request: over method, path, body hash, date and a nonce that is used once. */
export async function signedHeaders(
  { id: participant, privateKey }: Participant,
  method: string,
  path: string,
  body: Uint8Array,
): Promise<Record<string, string>> {
  const statement = {
    method,
    path,
    digest: await sha256Hex(body),
    date: new Date().toISOString(),
    nonce: toHex(crypto.getRandomValues(new Uint8Array(16))),
    participant,
  };
  const { digest, date, nonce } = statement;
  return {
    'gridcommons-participant': participant,
    'gridcommons-date': date,
    'gridcommons-nonce': nonce,
    'gridcommons-digest': digest,
    'gridcommons-signature': await signJson(privateKey, 'gridcommons/request/1', statement satisfies Json),
  };
}
