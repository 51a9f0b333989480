import { DomainError } from '#core';
import { type Building, type Device, type DeviceOf, type Vehicle } from './device.ts';

const MAX_NUMBER = 1e9;
/** By lower heating value a condensing boiler gives more than it takes. */
const MAX_EFFICIENCY = 1.1;

type Test = (value: unknown, slots: number) => boolean;

const isAmount: Test = (value) => typeof value === 'number' && value >= 0 && value <= MAX_NUMBER;
const isPositive: Test = (value) => isAmount(value, 0) && (value as number) > 0;
const isFinite: Test = (value) => typeof value === 'number' && Math.abs(value) <= MAX_NUMBER;
const isShare: Test = (value) => isFinite(value, 0) && (value as number) > 0.01 && (value as number) <= 1;
const isEfficiency: Test = (value) =>
  isFinite(value, 0) && (value as number) >= 0 && (value as number) <= MAX_EFFICIENCY;
const isSlot: Test = (value, slots) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= slots;
const seriesOf =
  (test: Test): Test =>
  (value, slots) =>
    Array.isArray(value) && value.length === slots && value.every((each) => test(each, slots));
const isAmounts = seriesOf(isAmount);
const isTemperatures = seriesOf((value) => isFinite(value, 0) && Math.abs(value as number) <= 1_000);
const orAbsent =
  (test: Test): Test =>
  (value, slots) =>
    value === undefined || test(value, slots);

type Fields = Readonly<Record<string, Test>>;

const STORAGE: Fields = {
  capacityKwh: isAmount,
  chargeKw: isAmount,
  dischargeKw: isAmount,
  chargeEfficiency: isShare,
  dischargeEfficiency: isShare,
  initialKwh: isAmount,
  finalKwh: orAbsent(isAmount),
  hourlyRetention: orAbsent(isShare),
  wearPerKwh: orAbsent(isAmount),
};
const VEHICLE: Fields = { ...STORAGE, arrival: isSlot, departure: isSlot, requiredKwh: isAmount };
const BUILDING: Fields = {
  resistanceCelsiusPerKw: isPositive,
  capacityKwhPerCelsius: isPositive,
  initialCelsius: isFinite,
  minCelsius: isTemperatures,
  maxCelsius: isTemperatures,
  outdoorCelsius: isTemperatures,
  gainsKw: orAbsent(isAmounts),
};
const CONVERSION: Fields = {
  inputKw: isAmount,
  minInputKw: orAbsent(isAmount),
  costPerKwh: orAbsent(isAmount),
};

const FIELDS: Readonly<Record<Device['type'], Fields>> = {
  pv: { availableKwh: isAmounts },
  battery: STORAGE,
  tank: STORAGE,
  vehicle: VEHICLE,
  'charging-pile': { pileKw: isAmount },
  building: BUILDING,
  'heat-pump': { ...CONVERSION, cop: seriesOf((value) => isPositive(value, 0) && (value as number) <= 20) },
  electrolyser: { ...CONVERSION, hydrogenEfficiency: isEfficiency, heatEfficiency: orAbsent(isEfficiency) },
  methanation: { ...CONVERSION, gasEfficiency: isEfficiency, heatEfficiency: orAbsent(isEfficiency) },
  chp: { ...CONVERSION, electricEfficiency: isEfficiency, heatEfficiency: isEfficiency },
  boiler: { ...CONVERSION, heatEfficiency: isEfficiency },
  'base-station': {
    ...STORAGE,
    idleKw: isAmount,
    fullKw: isAmount,
    trafficErlang: isAmounts,
    capacityErlang: isPositive,
    backupHours: (value) => isAmount(value, 0) && (value as number) <= 1_000,
  },
  'flexible-load': {
    wantedKwh: isAmounts,
    minKwh: isAmounts,
    maxKwh: isAmounts,
    discomfortPerKwh: isAmount,
    totalKwh: orAbsent(isAmount),
  },
};

/** @throws DEVICE_INPUT naming member, device and field */
export function requireDevice(member: string, device: Device, slots: number): void {
  const refuse = (field: string, expected: string): never => {
    throw new DomainError(
      'DEVICE_INPUT',
      `expected ${expected} of ${device.id} of ${member}, got another ${field}`,
      'invalid',
      { member, device: device.id, field },
    );
  };
  requireFields(device, FIELDS[device.type], slots, refuse);
  for (const [field, expected] of broken(device, slots, refuse)) refuse(field, expected);
}

type Refuse = (field: string, expected: string) => never;

function requireFields(of: object, fields: Fields, slots: number, refuse: Refuse): void {
  for (const [field, test] of Object.entries(fields)) {
    if (!test((of as Record<string, unknown>)[field], slots))
      refuse(field, `${field} within its range for ${slots} slots`);
  }
}

type Broken = readonly (readonly [field: string, expected: string])[];

/** What holds between fields and does not. */
function broken(device: Device, slots: number, refuse: Refuse): Broken {
  const vehicles =
    device.type === 'charging-pile' ? device.vehicles : device.type === 'vehicle' ? [device] : [];
  for (const vehicle of vehicles) requireFields(vehicle, VEHICLE, slots, refuse);
  const building = device.type === 'building' ? device : 'building' in device ? device.building : undefined;
  if (building !== undefined) requireFields(building, BUILDING, slots, refuse);
  return [
    ...('initialKwh' in device ? level(device) : []),
    ...vehicles.flatMap(stay),
    ...(building === undefined ? [] : comfort(building)),
    ...ofType(device),
  ];
}

function ofType(device: Device): Broken {
  if (device.type === 'base-station') {
    return when(device.fullKw < device.idleKw, 'fullKw', 'fullKw of at least idleKw');
  }
  if (device.type === 'flexible-load') return bounds(device);
  if (!('inputKw' in device)) return [];
  return [...least(device), ...(device.type === 'heat-pump' ? [] : gain(device))];
}

const when = (is: boolean, field: string, expected: string): Broken => (is ? [[field, expected]] : []);

const level = ({
  initialKwh,
  capacityKwh,
}: {
  readonly initialKwh: number;
  readonly capacityKwh: number;
}): Broken => when(initialKwh > capacityKwh, 'initialKwh', 'initialKwh within capacityKwh');

const stay = (vehicle: Vehicle): Broken => [
  ...level(vehicle),
  ...when(vehicle.arrival >= vehicle.departure, 'departure', 'departure after arrival'),
];

const comfort = ({ minCelsius, maxCelsius }: Building): Broken =>
  when(
    minCelsius.some((low, t) => low > maxCelsius[t]!),
    'minCelsius',
    'minCelsius at most maxCelsius',
  );

const least = ({
  minInputKw = 0,
  inputKw,
}: {
  readonly minInputKw?: number;
  readonly inputKw: number;
}): Broken => when(minInputKw > inputKw, 'minInputKw', 'minInputKw at most inputKw');

const bounds = ({ wantedKwh, minKwh, maxKwh }: DeviceOf<'flexible-load'>): Broken =>
  when(
    wantedKwh.some((wanted, t) => wanted < minKwh[t]! || wanted > maxKwh[t]!),
    'wantedKwh',
    'wantedKwh between minKwh and maxKwh',
  );

/** No unit gives more than comes in. */
function gain(device: DeviceOf<'electrolyser' | 'methanation' | 'chp' | 'boiler'>): Broken {
  const efficiencies = Object.entries(device).flatMap(([field, value]) =>
    field.endsWith('Efficiency') && typeof value === 'number' ? [value] : [],
  );
  const sum = efficiencies.reduce((total, each) => total + each, 0);
  return when(sum > MAX_EFFICIENCY, 'heatEfficiency', `efficiencies of at most ${MAX_EFFICIENCY} together`);
}
