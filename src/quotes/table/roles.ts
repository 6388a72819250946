/** What the columns of a delimited text are read as. */

/** Codes from `bid` on are columns of numbers; `watched` is passed over, but for a look at whether it grows. */
export const Role = {
  watched: -1,
  skip: 0,
  time: 1,
  symbol: 2,
  date: 3,
  bid: 4,
  ask: 5,
  bidSize: 6,
  askSize: 7,
  flag: 8,
  sequence: 9,
} as const;
export type RoleCode = (typeof Role)[keyof typeof Role];
