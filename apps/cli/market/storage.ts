import { type StorageMethod, storageStudy } from '#studies';
import { type FileVerb, studyVerb } from '../file-verb.ts';
import { keyLines } from './key-lines.ts';

export const storageVerb = (method: StorageMethod): FileVerb<unknown> =>
  studyVerb(storageStudy(method), keyLines);
