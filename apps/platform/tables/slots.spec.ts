import { describe, expect, it } from '@jest/globals';
import { ExportSlots } from './slots.ts';

const busy = expect.objectContaining({ code: 'EXPORT_BUSY' });

describe('slots of exports', () => {
  it('are two for an organisation, whatever others do, and come back', () => {
    const slots = new ExportSlots();
    const first = slots.take('a');
    slots.take('a');
    expect(() => slots.take('a')).toThrow(busy);
    expect(() => slots.take('b')).not.toThrow();
    first();
    expect(() => slots.take('a')).not.toThrow();
    expect(() => slots.take('a')).toThrow(busy);
  });

  it('are eight for all', () => {
    const slots = new ExportSlots();
    for (const organisation of ['a', 'b', 'c', 'd']) {
      slots.take(organisation);
      slots.take(organisation);
    }
    expect(() => slots.take('e')).toThrow(busy);
  });
});
