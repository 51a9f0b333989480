/**
 * What a session trades. Whatever it is, an order's quantity is the energy that the seller can be asked to move within the
 * slot, in integer Wh, so that prices per MWh, clearing and money are the same for every product: of a power kept ready it is
 * power × length of the slot, of a storage its capacity.
 */
export const PRODUCT_KINDS = ['energy', 'flexibility', 'storageCapacity', 'reserve'] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

export interface Product {
  readonly kind: ProductKind;
  /** What one Wh of an order's quantity stands for. */
  readonly unit: string;
  /** What a trade is settled on. */
  readonly settledOn: string;
}

export const PRODUCTS: Readonly<Record<ProductKind, Product>> = {
  energy: {
    kind: 'energy',
    unit: '1 Wh delivered within the slot',
    settledOn: 'net import and export of the slot, as each party’s meter has them',
  },
  flexibility: {
    kind: 'flexibility',
    unit: '1 Wh less or more net import within the slot than the seller’s baseline',
    settledOn: 'the baseline signed with the order less the metered net import, or the reverse',
  },
  storageCapacity: {
    kind: 'storageCapacity',
    unit: '1 Wh of storage kept for the buyer throughout the slot',
    settledOn: 'what the seller states it kept available',
  },
  reserve: {
    kind: 'reserve',
    unit: '1 Wh of backup that could be drawn within the slot: power kept ready × length of the slot',
    settledOn: 'what the seller states it kept available',
  },
};
