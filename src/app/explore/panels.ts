/** The figures on the page, in the order of the menu. Addresses, menu, headings, what is shown and the report of a study follow from this list. */

import { beyondPanel } from './beyond/panel.ts';
import { decayPanel } from './decay/panel.ts';
import { leadLagPanel } from './leadLag/panel.ts';
import { marketLinePanel } from './marketLine/panel.ts';
import { scalingPanel } from './scaling/panel.ts';

export const figurePanels = [marketLinePanel, leadLagPanel, scalingPanel, decayPanel, beyondPanel] as const;

export type ExploreView = (typeof figurePanels)[number]['address'];

/** The panel at an address; the first where there is none. */
export function panelAt(address: string | undefined): (typeof figurePanels)[number] {
  return figurePanels.find((panel) => panel.address === address) ?? figurePanels[0];
}
