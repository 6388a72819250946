/** What goes beyond the paper, as a part of the page. */

import { lazy } from 'solid-js';
import { definePanel } from '../definePanel.ts';

export const beyondPanel = definePanel({
  kind: 'beyond',
  address: 'beyond',
  title: 'Beyond',
  question: 'Do several models together carry less risk?',
  View: lazy(async () => ({ default: (await import('./BeyondView.tsx')).BeyondView })),
});
