import { type LpBuilder, type LpProblem, lpBuilder } from '#core';
import { addDevice } from './add-device.ts';
import { CARRIERS, type Carrier } from './carrier.ts';
import { type DeviceMember, type DeviceTerms, requireDeviceMembers } from './member.ts';
import { type Need, type Readings, type Site } from './site.ts';

type Terms = [column: number, coefficient: number][];

/** Balances of one carrier at one member, a slot each. */
interface Balance {
  readonly terms: Terms[];
  readonly drawnKwh: number[];
  /** Of the row of each slot. */
  readonly rows: number[];
}

export interface MemberProgram {
  readonly member: DeviceMember;
  readonly readings: readonly Readings[];
  /** Of the carriers that it has to do with. */
  readonly balances: ReadonlyMap<Carrier, Balance>;
  /** Columns of its devices: from, and up to. */
  readonly columns: readonly [from: number, to: number];
}

/** Needs of a relaxed program with the columns by which they are missed. */
interface Miss extends Need {
  readonly columns: readonly [below: number, above: number];
}

export interface DevicesProgram {
  readonly problem: LpProblem;
  readonly terms: DeviceTerms;
  readonly members: readonly MemberProgram[];
  /** Rows of the common balance of electricity; empty where members do not share. */
  readonly pool: readonly number[];
  /** Only of a relaxed program. */
  readonly misses: readonly Miss[];
}

export interface DevicesOptions {
  /** Members exchange electricity with one another before the grid. Default false. */
  readonly shared?: boolean;
  /** Needs may be missed, and the least of what is missed is sought: to name what is infeasible. Default false. */
  readonly relaxed?: boolean;
}

/** What one member decides on its own. @throws as buildDevices */
export const buildMemberDispatch = (member: DeviceMember, terms: DeviceTerms): DevicesProgram =>
  buildDevices([member], terms);

/**
 * Least cost of members' devices over the horizon. Each carrier balances at each member in each slot:
 *
 *   import − export + Σ supplied by devices = load,   cost = Σ buy·import − sell·export + wear, upkeep and discomfort
 *
 * Mixed-integer only where a conversion has a least input, or a storage could burn energy that is worth less than nothing.
 * @throws DISPATCH_INPUT, DISPATCH_PRICES, DISPATCH_TOO_LARGE, DEVICE_INPUT
 */
export function buildDevices(
  members: readonly DeviceMember[],
  terms: DeviceTerms,
  { shared = false, relaxed = false }: DevicesOptions = {},
): DevicesProgram {
  requireDeviceMembers(members, terms);
  const builder = lpBuilder('minimize');
  const misses: Miss[] = [];
  const context = { builder: relaxed ? withoutCosts(builder) : builder, terms, shared, misses };
  const need = relaxed ? missable(builder, misses) : strict(builder);
  const nets: Terms[] = Array.from({ length: terms.slots }, () => []);
  const programs = members.map((member) => addMember({ ...context, need, nets }, member));
  const pool = shared ? addPool(context.builder, terms, nets) : [];
  return { problem: builder.build(), terms, members: programs, pool, misses };
}

const withoutCosts = (lp: LpBuilder): LpBuilder => ({
  ...lp,
  column: (column) => lp.column({ ...column, cost: 0 }),
});

type NeedRow = (need: Need, bounds: { lower?: number; upper?: number }, terms: Terms) => number;

const strict =
  (lp: LpBuilder): NeedRow =>
  (_, bounds, terms) =>
    lp.row(bounds, terms);

function missable(lp: LpBuilder, misses: Miss[]): NeedRow {
  return (need, bounds, terms) => {
    const columns = [lp.column({ cost: 1 }), lp.column({ cost: 1 })] as const;
    misses.push({ ...need, columns });
    return lp.row(bounds, [...terms, [columns[0], 1], [columns[1], -1]]);
  };
}

interface Context {
  readonly builder: LpBuilder;
  readonly terms: DeviceTerms;
  readonly shared: boolean;
  readonly need: NeedRow;
  /** What members take from their pool, slot by slot. */
  readonly nets: Terms[];
}

function addMember(context: Context, member: DeviceMember): MemberProgram {
  const { terms, builder } = context;
  const balances = new Map<Carrier, Balance>();
  for (const carrier of CARRIERS) {
    if (carrier === 'electricity' || member.loadKwh[carrier] !== undefined)
      balanceOf(balances, carrier, member, terms);
  }
  // A column that is never used marks where the member's own begin.
  const from = builder.column({ upper: 0 });
  const readings = member.devices.map((device) =>
    addDevice(siteOf(context, balances, member, device.id), device),
  );
  const to = builder.column({ upper: 0 });
  for (const [carrier, balance] of balances) addBalance(context, member, carrier, balance);
  return { member, readings, balances, columns: [from, to] };
}

function balanceOf(
  balances: Map<Carrier, Balance>,
  carrier: Carrier,
  member: DeviceMember,
  { slots }: DeviceTerms,
): Balance {
  const known = balances.get(carrier);
  if (known !== undefined) return known;
  const drawnKwh = [...(member.loadKwh[carrier] ?? Array.from({ length: slots }, () => 0))];
  const balance = { terms: Array.from({ length: slots }, (): Terms => []), drawnKwh, rows: [] };
  balances.set(carrier, balance);
  return balance;
}

function siteOf(
  { builder: lp, terms, need }: Context,
  balances: Map<Carrier, Balance>,
  member: DeviceMember,
  device: string,
): Site {
  const { slots, slotHours: hours, prices } = terms;
  const at = (carrier: Carrier): Balance => balanceOf(balances, carrier, member, terms);
  const limited = member.exportKw !== undefined;
  const { sellPerKwh } = prices.electricity ?? {};
  return {
    lp,
    slots,
    hours,
    worthless: Array.from({ length: slots }, (_, t) => limited || !((sellPerKwh?.[t] ?? 0) > 0)),
    supply: (carrier, slot, column, coefficient) => at(carrier).terms[slot]!.push([column, coefficient]),
    draw: (carrier, slot, kwh) => (at(carrier).drawnKwh[slot]! += kwh),
    require: (slot, what, bounds, row) =>
      void need({ member: member.id, device, slot, what }, bounds, [...row] as Terms),
  };
}

function addBalance(context: Context, member: DeviceMember, carrier: Carrier, balance: Balance): void {
  balance.terms.forEach((terms, slot) => {
    const exchange = exchangeAt(context, member, carrier, slot);
    const drawn = balance.drawnKwh[slot]!;
    const named = { member: member.id, device: carrier, slot, what: 'balance' };
    balance.rows.push(context.need(named, { lower: drawn, upper: drawn }, [...terms, ...exchange]));
  });
}

/** Columns by which a carrier comes and goes. */
function exchangeAt(
  { builder, terms, shared, nets }: Context,
  member: DeviceMember,
  carrier: Carrier,
  slot: number,
): Terms {
  const isElectric = carrier === 'electricity';
  const most = (kw: number | undefined): number =>
    isElectric ? (kw ?? Infinity) * terms.slotHours : Infinity;
  const [upper, upperOut] = [most(member.importKw), most(member.exportKw)];
  if (shared && isElectric) {
    const net = builder.column({ lower: -upperOut, upper });
    nets[slot]!.push([net, -1]);
    return [[net, 1]];
  }
  return gridColumns(builder, terms, carrier, slot, { upper, upperOut });
}

function gridColumns(
  builder: LpBuilder,
  { prices }: DeviceTerms,
  carrier: Carrier,
  slot: number,
  { upper, upperOut }: { readonly upper: number; readonly upperOut: number },
): Terms {
  const { buyPerKwh, sellPerKwh } = prices[carrier] ?? {};
  const bought: Terms =
    buyPerKwh === undefined ? [] : [[builder.column({ cost: buyPerKwh[slot]!, upper }), 1]];
  const sold: Terms =
    sellPerKwh === undefined ? [] : [[builder.column({ cost: -sellPerKwh[slot]!, upper: upperOut }), -1]];
  return [...bought, ...sold];
}

function addPool(builder: LpBuilder, terms: DeviceTerms, nets: readonly Terms[]): number[] {
  const unlimited = { upper: Infinity, upperOut: Infinity };
  return nets.map((net, slot) =>
    builder.row({ lower: 0, upper: 0 }, [
      ...gridColumns(builder, terms, 'electricity', slot, unlimited),
      ...net,
    ]),
  );
}
