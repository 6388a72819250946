/** The scaling of a family, as a part of the page. */

import { lazy } from 'solid-js';
import { definePanel } from '../definePanel.ts';

export const scalingPanel = definePanel({
  kind: 'scaling',
  address: 'scaling',
  title: 'Scaling',
  question: 'Do larger models pay, once their answers come later?',
  View: lazy(async () => ({ default: (await import('./ScalingView.tsx')).ScalingView })),
});
