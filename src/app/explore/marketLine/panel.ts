/** The plane and the table of several models, as a part of the page. */

import { lazy } from 'solid-js';
import { definePanel } from '../definePanel.ts';

export const marketLinePanel = definePanel({
  kind: 'market-line',
  address: 'plane',
  title: 'Risk and return',
  question: 'What do strategies on each model earn for the risk they take?',
  View: lazy(async () => ({ default: (await import('./PlaneView.tsx')).PlaneView })),
});
