import { expect, test } from 'vitest';
import { routeOf } from '../../../src/app/routes.ts';

test('the address without a fragment opens Explore, but for parameters of the Lab', () => {
  expect(routeOf('')).toEqual({ page: 'explore', view: 'plane' });
  expect(routeOf('#')).toEqual({ page: 'explore', view: 'plane' });
  expect(routeOf('', '?hub=http://localhost')).toEqual({ page: 'lab' });
  expect(routeOf('#explore/decay')).toEqual({ page: 'explore', view: 'decay' });
  expect(routeOf('#explore/nowhere')).toEqual({ page: 'explore', view: 'plane' });
  expect(routeOf('#lab', '')).toEqual({ page: 'lab' });
  expect(routeOf('#results')).toEqual({ page: 'lab' });
  expect(routeOf('#learn/quote?x=1')).toEqual({ page: 'learn', step: 'quote', query: 'x=1' });
});
