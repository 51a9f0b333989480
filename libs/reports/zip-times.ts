/*
 * A ZIP archive keeps a time of each file in its local header and again in the central directory (APPNOTE 6.3.9, 4.3.7 and
 * 4.3.12). Writers put the moment of writing there; a report's workbook shall be the same bytes each time.
 */
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END_BYTES = 22;
const CENTRAL_BYTES = 46;
/** 1 January 1980, the first that the format can say. */
const DOS_TIME = 0;
const DOS_DATE = 0x21;

/** The archive with the first possible time at each of its files; it must have no comment. */
export function withoutZipTimes(archive: Uint8Array): Uint8Array {
  const bytes = Uint8Array.from(archive);
  const view = new DataView(bytes.buffer);
  const end = bytes.length - END_BYTES;
  if (end < 0 || view.getUint32(end, true) !== END)
    throw new TypeError('expected a ZIP archive without a comment');
  let at = view.getUint32(end + 16, true);
  for (let files = view.getUint16(end + 10, true); files > 0; files -= 1) {
    if (view.getUint32(at, true) !== CENTRAL)
      throw new TypeError('expected an entry of the central directory');
    setTime(view, at + 12);
    setTime(view, view.getUint32(at + 42, true) + 10);
    at += CENTRAL_BYTES + [28, 30, 32].reduce((sum, field) => sum + view.getUint16(at + field, true), 0);
  }
  return bytes;
}

function setTime(view: DataView, at: number): void {
  view.setUint16(at, DOS_TIME, true);
  view.setUint16(at + 2, DOS_DATE, true);
}
