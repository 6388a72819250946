/** The decay of an edge, as a part of the page. */

import { lazy } from 'solid-js';
import { definePanel } from '../definePanel.ts';

export const decayPanel = definePanel({
  kind: 'decay',
  address: 'decay',
  title: 'Decay',
  question: 'How long does an edge last?',
  View: lazy(async () => ({ default: (await import('./DecayView.tsx')).DecayView })),
});
