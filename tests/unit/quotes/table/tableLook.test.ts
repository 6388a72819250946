import { describe, expect, it } from 'vitest';
import { columnKind } from '../../../../src/quotes/formats/columnKinds.ts';
import { lookAtTable } from '../../../../src/quotes/formats/tableLook.ts';

function table(text: string): string[][] {
  return text
    .trim()
    .split('\n')
    .map((line) => line.trim().split(','));
}

describe('what stands in a column', () => {
  const cases: readonly [string[], string][] = [
    [['1700000000', '1700000001'], 'epoch'],
    [['1700000000.25'], 'epoch'],
    [['1700000000123'], 'epoch'],
    [['1700000000123456789'], 'epoch'],
    [['14400000', '14401000'], 'number'],
    [['20240301'], 'date'],
    [['01/03/2024'], 'date'],
    [['09:30:00.5'], 'timeOfDay'],
    [['2024-03-01T09:30:00Z'], 'dateTime'],
    [['20240301 09:30:00 US/Eastern'], 'dateTime'],
    [['101.25', '', 'n/a'], 'number'],
    [['NYSE', 'ARCA'], 'word'],
    [['', ''], 'blank'],
  ];
  it.each(cases)('%j is %s', (cells, kind) => expect(columnKind(cells)).toBe(kind));
});

describe('a look at a table', () => {
  it('finds time and prices in a table without names, bid below ask whatever their order', () => {
    const { header, guess } = lookAtTable(
      table(`
        XYZ,1700000000,101.27,300,101.25,200
        XYZ,1700000001,101.28,500,101.26,100
        XYZ,1700000002,101.28,100,101.27,900`),
    );
    expect(header).toBe(false);
    expect(guess).toEqual({ time: 1, ask: 2, bid: 4 });
  });

  it('reads names that are only like the known ones', () => {
    const { header, guess } = lookAtTable(
      table(`
        When,Their_Buy_Px,Lots_buy,Sell px,sell_lots
        2024-03-01 09:30:00,101.25,200,101.27,300`),
    );
    expect(header).toBe(true);
    expect(guess).toEqual({ time: 0, bid: 1, bidSize: 2, ask: 3, askSize: 4 });
  });

  it('sees a header of unknown words above columns of numbers', () => {
    const { header, guess } = lookAtTable(
      table(`
        t0,x,y
        09:30:00,5.01,5.02
        09:30:01,5.00,5.02`),
    );
    expect(header).toBe(true);
    expect(guess).toEqual({ time: 0, bid: 1, ask: 2 });
  });

  it('takes a day and a time of day in columns of their own together', () => {
    const { guess } = lookAtTable(table('03/01/2024,09:30:00,5.01,5.02\n03/01/2024,09:30:01,5.00,5.02'));
    expect(guess).toEqual({ date: 0, time: 1, bid: 2, ask: 3 });
  });

  it('guesses no prices where nothing is alike', () => {
    const { guess } = lookAtTable(table('1700000000,5,900\n1700000001,6,12'));
    expect(guess).toEqual({ time: 0 });
  });

  it('gives tables of one layout one shape, and others another', () => {
    const shape = (text: string) => lookAtTable(table(text)).shape;
    expect(shape('t0,x\n09:30:00,5')).toBe(shape('T0, x\n10:30:00,7'));
    expect(shape('t0,x\n09:30:00,5')).not.toBe(shape('t0,y\n09:30:00,5'));
    expect(shape('1700000000,5,6')).toBe(shape('1600000000,1,2\n1600000000,1,2'));
    expect(shape('1700000000,5,6')).not.toBe(shape('1700000000,5,a'));
  });
});
