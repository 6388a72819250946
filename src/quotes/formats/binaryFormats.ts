/** Quote files that are no text, by their first bytes. Their readers are large and loaded only when such a file is met. */

import { startsWith } from '../table/signatures.ts';
import type { BinaryFormat } from './format.ts';

export const binaryFormats: readonly BinaryFormat[] = [
  {
    title: 'Databento DBN',
    previews: true,
    detect: (bytes) => startsWith(bytes, 'DBN') && (bytes[3] ?? 255) < 32,
    read: async (file, overrides) => (await import('./dbn.ts')).readDbn(file, overrides),
  },
  {
    title: 'Parquet',
    previews: true,
    detect: (bytes) => startsWith(bytes, 'PAR1'),
    look: async (file) => (await import('./parquet.ts')).parquetLook(file),
    read: async (file, overrides) => (await import('./parquet.ts')).readParquet(file, overrides),
  },
  {
    title: 'Arrow (Feather)',
    previews: false,
    // A stream without a file around it begins with the mark that comes before every message.
    detect: (bytes) => startsWith(bytes, 'ARROW1') || startsWith(bytes, '\xff\xff\xff\xff'),
    look: async (file) => (await import('./arrow.ts')).arrowLook(file),
    read: async (file, overrides) => (await import('./arrow.ts')).readArrow(file, overrides),
  },
];
