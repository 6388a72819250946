/** What the columns of a delimited text are read as. */

export const Role = { skip: 0, time: 1, bid: 2, ask: 3, bidSize: 4, askSize: 5, symbol: 6, flag: 7, date: 8 } as const;
export type RoleCode = (typeof Role)[keyof typeof Role];
