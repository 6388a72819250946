/** Lead and lag, as a part of the page. */

import { lazy } from 'solid-js';
import { definePanel } from '../definePanel.ts';

export const leadLagPanel = definePanel({
  kind: 'lead-lag',
  address: 'lead-lag',
  title: 'Lead and lag',
  question: 'Do the models see anything coming, and how far ahead?',
  View: lazy(async () => ({ default: (await import('./LeadLagView.tsx')).LeadLagView })),
});
