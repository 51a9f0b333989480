/** Something the reader of a figure should know. */
export interface Flag {
  readonly code: string;
  readonly message: string;
}

export const flagged = (is: boolean, code: string, message: string): Flag[] =>
  is ? [{ code, message }] : [];
