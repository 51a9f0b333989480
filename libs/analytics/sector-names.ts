/** Sections of NACE Rev. 2 (Regulation (EC) No 1893/2006, annex I), the whole list: what an organisation may state as its sector. */
export const SECTORS = {
  A: 'Agriculture, forestry and fishing',
  B: 'Mining and quarrying',
  C: 'Manufacturing',
  D: 'Electricity, gas, steam and air conditioning supply',
  E: 'Water supply; sewerage, waste management and remediation activities',
  F: 'Construction',
  G: 'Wholesale and retail trade; repair of motor vehicles and motorcycles',
  H: 'Transportation and storage',
  I: 'Accommodation and food service activities',
  J: 'Information and communication',
  K: 'Financial and insurance activities',
  L: 'Real estate activities',
  M: 'Professional, scientific and technical activities',
  N: 'Administrative and support service activities',
  O: 'Public administration and defence; compulsory social security',
  P: 'Education',
  Q: 'Human health and social work activities',
  R: 'Arts, entertainment and recreation',
  S: 'Other service activities',
  T: 'Activities of households as employers and for own use',
  U: 'Activities of extraterritorial organisations and bodies',
} as const satisfies Readonly<Record<string, string>>;
export type Sector = keyof typeof SECTORS;

/** Whose figures a figure that is told is of, at least. */
export const LEAST_ORGANISATIONS = 4;
