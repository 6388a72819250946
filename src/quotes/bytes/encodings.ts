/** The encodings of texts that are read, as the Encoding Standard names them. */

/** In the order in which they are tried: of two that fit, the first that gives words of its script. */
export const REGIONAL = ['gb18030', 'big5', 'shift_jis', 'euc-kr'] as const;
/** Fits any bytes. */
export const WESTERN = 'windows-1252';

/** Those a person may choose from. */
export const encodings = ['utf-8', 'utf-16le', 'utf-16be', ...REGIONAL, WESTERN] as const;
