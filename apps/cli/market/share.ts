import { type ShareMethod, type ShareOptions, shareStudy } from '#studies';
import { type FileVerb, studyVerb } from '../file-verb.ts';
import { keyLines } from './key-lines.ts';

export const shareVerb = (method: ShareMethod): FileVerb<unknown, ShareOptions> =>
  studyVerb(shareStudy(method), keyLines);
