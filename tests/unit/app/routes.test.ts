import { expect, test } from 'vitest';
import { routeOf } from '../../../src/app/routes.ts';

test('the address without a fragment opens Explore, but for parameters of the Lab', () => {
  expect(routeOf('')).toEqual({ page: 'explore', view: 'plane', runs: [] });
  expect(routeOf('#')).toEqual({ page: 'explore', view: 'plane', runs: [] });
  expect(routeOf('', '?hub=http://localhost')).toEqual({ page: 'lab', query: '' });
  expect(routeOf('#explore/decay')).toEqual({ page: 'explore', view: 'decay', runs: [] });
  expect(routeOf('#explore/nowhere')).toEqual({ page: 'explore', view: 'plane', runs: [] });
  expect(routeOf('#lab', '')).toEqual({ page: 'lab', query: '' });
  expect(routeOf('#results')).toEqual({ page: 'lab', query: '' });
  expect(routeOf('#lab?variants=4')).toEqual({ page: 'lab', query: 'variants=4' });
  expect(routeOf('#learn')).toEqual({ page: 'learn', step: undefined, query: '' });
  expect(routeOf('#learn/quote?x=1')).toEqual({ page: 'learn', step: 'quote', query: 'x=1' });
});
